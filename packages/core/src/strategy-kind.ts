import { FerryError } from "./errors.ts";
import type { PairingStrategy } from "./strategy.ts";

/** An option of a strategy, in words: one of the values, or a whole number from 1 on. */
export interface StrategyOption {
  readonly meaning: string;
  readonly values: readonly string[] | "count";
  readonly default: string;
}

/** A strategy for those who name it in text, `NAME:option=value,…`: what each package exports beside its factory. */
export interface StrategyKind {
  readonly name: string;
  /** What it does, one line. */
  readonly summary: string;
  readonly options: Readonly<Record<string, StrategyOption>>;
  /** Makes the strategy; every option has a value that is one of its own. */
  make(options: Readonly<Record<string, string>>): PairingStrategy;
}

function refuse(kind: StrategyKind, option: string, message: string, hint: string): never {
  const details = { strategy: kind.name, option };
  throw new FerryError("FERRY_STRATEGY_OPTION", `strategy ${kind.name} ${message}`, {
    details,
    hint,
  });
}

function checkValue(kind: StrategyKind, name: string, value: string): void {
  const { values } = kind.options[name];
  if (values === "count") {
    if (/^[1-9][0-9]{0,8}$/.test(value)) return;
    refuse(kind, name, `takes no ${name}=${value}`, `${name} is a whole number from 1 on`);
  }
  if (!values.includes(value)) {
    refuse(kind, name, `takes no ${name}=${value}`, `values of ${name}: ${values.join(", ")}`);
  }
}

/**
 * Makes the strategy that `text` names, `NAME` or `NAME:option=value,option=value`. An option without a value means
 * `true`.
 *
 * @throws FerryError `FERRY_STRATEGY_OPTION` for an option or a value that the kind has not
 */
export function strategyOf(kind: StrategyKind, text: string): PairingStrategy {
  const colon = text.indexOf(":");
  const given: Record<string, string> = {};
  for (const [name, option] of Object.entries(kind.options)) given[name] = option.default;
  const pairs = colon < 0 ? [] : text.slice(colon + 1).split(",");
  for (const pair of pairs.filter((each) => each !== "")) {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    const known = Object.keys(kind.options);
    if (!known.includes(name)) {
      const hint = known.length === 0 ? "it takes no options" : `its options: ${known.join(", ")}`;
      refuse(kind, name, `has no option "${name}"`, hint);
    }
    const value = equals < 0 ? "true" : pair.slice(equals + 1);
    checkValue(kind, name, value);
    given[name] = value;
  }
  return kind.make(given);
}
