/** Names of the strategies, apart from the strategies themselves: help and completion load none of them. */
export const strategyNames = [
  "source-list",
  "list-token",
  "list-context",
  "plug-pair",
  "payload-token",
  "translate-first",
  "copy-in-out",
  "two-ended-descent",
] as const;

export type StrategyName = (typeof strategyNames)[number];
