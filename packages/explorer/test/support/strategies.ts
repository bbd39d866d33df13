import { type PairingStrategy, type StrategyKind, strategyOf } from "@blockferry/core";
import { kind as copyInOut } from "@blockferry/strategy-copy-in-out";
import { kind as listContext } from "@blockferry/strategy-list-context";
import { kind as listToken } from "@blockferry/strategy-list-token";
import { kind as payloadToken } from "@blockferry/strategy-payload-token";
import { kind as plugPair } from "@blockferry/strategy-plug-pair";
import { kind as sourceList } from "@blockferry/strategy-source-list";
import { kind as translateFirst } from "@blockferry/strategy-translate-first";
import { kind as twoEndedDescent } from "@blockferry/strategy-two-ended-descent";

const kinds: readonly StrategyKind[] = [
  copyInOut,
  listContext,
  listToken,
  payloadToken,
  plugPair,
  sourceList,
  translateFirst,
  twoEndedDescent,
];

export const strategyNames: readonly string[] = kinds.map(({ name }) => name);

/** Makes the strategy that `NAME[:option=value,…]` names. */
export function makeStrategy(text: string): PairingStrategy {
  const [name] = text.split(":", 1);
  const kind = kinds.find((each) => each.name === name);
  if (kind === undefined) throw new RangeError(`there is no strategy ${name}`);
  return strategyOf(kind, text);
}
