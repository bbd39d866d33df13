import type { AnyStructure, FieldInfo } from "@blockferry/core/bytes";
import { check, checkSame, isSame, shown } from "../check.ts";
import type { RandomSource } from "../random-source.ts";
import { leastValue } from "./field-values.ts";

/** Structures up to this size are flipped bit by bit; longer ones are sampled. */
const WHOLE_BYTES = 512;
const SAMPLES = 1024;

type Kind = FieldInfo["kind"];

/** Kinds of fields that some bytes may break. */
const breakable: ReadonlySet<Kind> = new Set([
  "reserved",
  "constant",
  "ascii",
  "array",
  "uint",
  "uints",
  "enumeration",
]);
/** Kinds whose bytes are not all part of the value. */
const lossy: ReadonlySet<Kind> = new Set(["opaque", "ascii", "array"]);

interface Tally {
  reserved: number;
  opaque: number;
}

/** What a field's name in a violation begins with. */
const topOf = (field: string): string => field.split(/[.[]/)[0];

function checkRefused(
  table: AnyStructure,
  bytes: Uint8Array,
  field: string,
  bit: string,
  tally: Tally,
): void {
  const info = table.fields.find((one) => one.name === topOf(field));
  check(info !== undefined, `${bit} breaks a rule of ${field}, which is no field`);
  check(breakable.has(info.kind), `${bit} is refused for ${field}, which is a ${info.kind}`);
  if (info.kind !== "reserved") return;
  tally.reserved += 1;
  const lenient = table.decode(bytes, 0, { lenient: true });
  check(lenient.ok, `${bit}, reserved, is refused even if lenient: ${shown(lenient)}`);
}

function checkKept(table: AnyStructure, bytes: Uint8Array, at: number, bit: string, tally: Tally) {
  const decoded = table.decode(bytes);
  if (!decoded.ok) return;
  const again = table.encode(decoded.value as Record<string, unknown>);
  if (isSame(again, bytes)) return;
  const holders = table.fields.filter(
    (one) => lossy.has(one.kind) && one.byte <= at && at < one.byte + one.bytes,
  );
  check(holders.length > 0, `${bit} is lost: neither kept nor refused`);
  const second = table.decode(again);
  check(
    second.ok && isSame(second.value, decoded.value),
    `${bit}: what is encoded again says ${shown(second)}`,
  );
  if (holders.some(({ kind }) => kind === "opaque")) tally.opaque += 1;
}

const bitsOf = (table: AnyStructure, kind: Kind): number =>
  table.fields.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.bits, 0);

/**
 * Every single bit of a structure is either refused because it is reserved (and read over if lenient), or refused because
 * its field can have no such value, or kept: encoded again, the bytes are the same.
 */
export function checkEveryBit(table: AnyStructure, random: RandomSource): void {
  const base = table.encode(leastValue(table));
  const bits = table.size * 8;
  const stride = table.size <= WHOLE_BYTES ? 1 : Math.ceil(bits / SAMPLES);
  const tally: Tally = { reserved: 0, opaque: 0 };
  for (let bit = random.below(stride); bit < bits; bit += stride) {
    const at = Math.floor(bit / 8);
    const bytes = base.slice();
    bytes[at] ^= 1 << (bit % 8);
    const name = `${table.name}: bit ${bit % 8} of byte ${at}`;
    const decoded = table.decode(bytes, 0, { exact: true });
    if (decoded.ok) checkKept(table, bytes, at, name, tally);
    else {
      check(decoded.violated !== undefined, `${name} makes it ask for more bytes`);
      checkRefused(table, bytes, decoded.field, name, tally);
    }
  }
  if (stride > 1) return;
  checkSame(tally.reserved, bitsOf(table, "reserved"), `${table.name}: reserved bits refused`);
  checkSame(tally.opaque, bitsOf(table, "opaque"), `${table.name}: opaque bits read over`);
}
