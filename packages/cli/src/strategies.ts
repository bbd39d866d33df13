import { FerryError, type PairingStrategy } from "@blockferry/core";
import { knownNamesHint } from "./parse/nearest-name.ts";
import { type StrategyName, strategyNames } from "./strategy-names.ts";

type StrategyMaker = (options: ReadonlyMap<string, string>) => PairingStrategy;

interface StrategyEntry {
  /** What it does, one line. */
  readonly summary: string;
  readonly options: readonly string[];
  readonly load: () => Promise<StrategyMaker>;
}

/** The strategies that can be named, each loaded only when it is. */
export const strategies: Readonly<Record<StrategyName, StrategyEntry>> = {
  "source-list": {
    summary: "one bio carries the list of sources and the destination",
    options: [],
    load: async () => {
      const { sourceList } = await import("@blockferry/strategy-source-list");
      return () => sourceList();
    },
  },
  "list-token": {
    summary: "source and destination bios travel alone and meet at the bottom by a token",
    options: [],
    load: async () => {
      const { listToken } = await import("@blockferry/strategy-list-token");
      return () => listToken();
    },
  },
};

function isStrategyName(name: string): name is StrategyName {
  return (strategyNames as readonly string[]).includes(name);
}

function parseOptions(name: StrategyName, text: string | undefined): Map<string, string> {
  const known = strategies[name].options;
  const options = new Map<string, string>();
  for (const pair of text === undefined ? [] : text.split(",")) {
    const equals = pair.indexOf("=");
    const option = equals < 0 ? pair : pair.slice(0, equals);
    if (!known.includes(option)) {
      const hint = known.length === 0 ? "it takes no options" : knownNamesHint(option, known);
      throw new FerryError("FERRY_STRATEGY_OPTION", `strategy ${name} has no option "${option}"`, {
        details: { strategy: name, option },
        hint,
      });
    }
    options.set(option, equals < 0 ? "true" : pair.slice(equals + 1));
  }
  return options;
}

/**
 * What makes the strategy that `NAME[:option=value,…]` names, as often as it is called.
 *
 * @throws FerryError `FERRY_STRATEGY_UNKNOWN`, `FERRY_STRATEGY_OPTION`
 */
export async function strategyMaker(text: string): Promise<() => PairingStrategy> {
  const colon = text.indexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  if (!isStrategyName(name)) {
    throw new FerryError("FERRY_STRATEGY_UNKNOWN", `there is no strategy "${name}"`, {
      details: { strategy: name },
      hint: knownNamesHint(name, strategyNames),
    });
  }
  const options = parseOptions(name, colon < 0 ? undefined : text.slice(colon + 1));
  const make = await strategies[name].load();
  return () => make(options);
}

/**
 * Makes the strategy that `NAME[:option=value,…]` names.
 *
 * @throws FerryError `FERRY_STRATEGY_UNKNOWN`, `FERRY_STRATEGY_OPTION`
 */
export async function strategyByName(text: string): Promise<PairingStrategy> {
  return (await strategyMaker(text))();
}
