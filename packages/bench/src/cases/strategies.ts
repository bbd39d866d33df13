import type { PairingStrategy } from "@blockferry/core";
import { listToken } from "@blockferry/strategy-list-token";
import { sourceList } from "@blockferry/strategy-source-list";

/** The strategies that are compared. */
export const strategies = {
  "source-list": sourceList,
  "list-token": listToken,
} satisfies Record<string, () => PairingStrategy>;
export type StrategyName = keyof typeof strategies;
