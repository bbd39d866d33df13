import { FerryError, type PairingStrategy, type StrategyKind, strategyOf } from "@blockferry/core";
import { knownNamesHint } from "./parse/nearest-name.ts";
import { type StrategyName, strategyNames } from "./strategy-names.ts";

/** The strategies that can be named, each loaded only when it is. */
export const strategyKinds: Readonly<Record<StrategyName, () => Promise<StrategyKind>>> = {
  "source-list": () => import("@blockferry/strategy-source-list").then(({ kind }) => kind),
  "list-token": () => import("@blockferry/strategy-list-token").then(({ kind }) => kind),
  "list-context": () => import("@blockferry/strategy-list-context").then(({ kind }) => kind),
  "plug-pair": () => import("@blockferry/strategy-plug-pair").then(({ kind }) => kind),
  "payload-token": () => import("@blockferry/strategy-payload-token").then(({ kind }) => kind),
  "translate-first": () => import("@blockferry/strategy-translate-first").then(({ kind }) => kind),
  "copy-in-out": () => import("@blockferry/strategy-copy-in-out").then(({ kind }) => kind),
  "two-ended-descent": () =>
    import("@blockferry/strategy-two-ended-descent").then(({ kind }) => kind),
};

function isStrategyName(name: string): name is StrategyName {
  return (strategyNames as readonly string[]).includes(name);
}

/**
 * What makes the strategy that `NAME[:option=value,…]` names, as often as it is called.
 *
 * @throws FerryError `FERRY_STRATEGY_UNKNOWN`, `FERRY_STRATEGY_OPTION`
 */
export async function strategyMaker(text: string): Promise<() => PairingStrategy> {
  const [name] = text.split(":", 1);
  if (!isStrategyName(name)) {
    throw new FerryError("FERRY_STRATEGY_UNKNOWN", `there is no strategy "${name}"`, {
      details: { strategy: name },
      hint: knownNamesHint(name, strategyNames),
    });
  }
  const kind = await strategyKinds[name]();
  // What is wrong with the options is told now.
  strategyOf(kind, text);
  return () => strategyOf(kind, text);
}

/**
 * Makes the strategy that `NAME[:option=value,…]` names.
 *
 * @throws FerryError `FERRY_STRATEGY_UNKNOWN`, `FERRY_STRATEGY_OPTION`
 */
export async function strategyByName(text: string): Promise<PairingStrategy> {
  return (await strategyMaker(text))();
}
