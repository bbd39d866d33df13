import { FerryError } from "@blockferry/core";
import { knownNamesHint } from "../parse/nearest-name.ts";
import { parseBlocks, parseQuantity } from "../parse/quantity.ts";
import { parseRange } from "../parse/range.ts";

/** A setting of a fault: a range of blocks, yes or no, or a whole number. */
export type FaultSetting =
  | { readonly is: "place" }
  | { readonly is: "flag" }
  | { readonly is: "number"; readonly min: number; readonly max: number };

/** A setting, and what the model calls it where it calls it otherwise. */
export interface NamedSetting {
  readonly setting: FaultSetting;
  readonly field?: string;
}

/** Kinds of faults of one family of devices. */
export interface FaultGrammar {
  /** By name, then by the name of each setting. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, NamedSetting>>>>;
  /** Settings that a kind cannot do without, and an example. */
  readonly needs: Readonly<Record<string, { readonly names: readonly string[]; like: string }>>;
}

export const place: NamedSetting = { setting: { is: "place" } };
export const flag: NamedSetting = { setting: { is: "flag" } };

/** A whole number from `min` to `max`. */
export const count = (
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
  field?: string,
): NamedSetting => ({
  setting: { is: "number", min, max },
  ...(field === undefined ? {} : { field }),
});

function refuse(text: string, why: string, hint?: string): FerryError {
  return new FerryError("FERRY_URI_PARAMETER", `fault "${text}": ${why}`, {
    details: { parameter: "fault", value: text },
    ...(hint === undefined ? {} : { hint }),
  });
}

function rangeOf(at: string, bytesPerBlock: number): { lba: number; blocks: number } {
  if (/[+-]/.test(at)) return parseRange(at, bytesPerBlock);
  return { lba: parseBlocks(at, bytesPerBlock), blocks: 1 };
}

function settingOf(
  text: string,
  name: string,
  value: string,
  setting: FaultSetting,
): number | boolean {
  if (setting.is === "flag") {
    if (value === "true" || value === "false") return value === "true";
    throw refuse(text, `${name} is "${value}"; it must be true or false`);
  }
  const { min, max } = setting as Extract<FaultSetting, { is: "number" }>;
  const number = parseQuantity(value).value;
  if (number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`;
  throw refuse(text, `${name} is "${value}"; it must be a whole number ${range}`);
}

/**
 * Reads a fault of a model: `KIND[,NAME=VALUE…]`, for example `unrecovered-read,at=8192+8` or `reset,after=3`. What comes
 * out is plain data in the words of the family's model.
 *
 * @throws FerryError `FERRY_URI_PARAMETER`
 */
export function parseFault<Fault>(
  { kinds, needs }: FaultGrammar,
  text: string,
  bytesPerBlock: number,
): Fault {
  const [kind, ...pairs] = text.split(",");
  if (!Object.hasOwn(kinds, kind)) {
    throw refuse(text, `there is no kind "${kind}"`, knownNamesHint(kind, Object.keys(kinds)));
  }
  const known = kinds[kind];
  const given = new Set<string>();
  const fault: Record<string, unknown> = { kind };
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (equals < 0 || !Object.hasOwn(known, name)) {
      throw refuse(text, `${kind} has no "${name}"`, knownNamesHint(name, Object.keys(known)));
    }
    if (given.has(name)) throw refuse(text, `${name} is given twice`);
    given.add(name);
    const value = pair.slice(equals + 1);
    const { setting, field = name } = known[name];
    if (setting.is === "place") Object.assign(fault, rangeOf(value, bytesPerBlock));
    else fault[field] = settingOf(text, name, value, setting);
  }
  const { names = [], like = "" } = needs[kind] ?? {};
  if (names.some((name) => !given.has(name))) {
    const what = names.join() === "at" ? "a place" : names.join(" and ");
    throw refuse(text, `it needs ${what}`, like);
  }
  return fault as Fault;
}
