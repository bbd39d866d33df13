import type { Decoded } from "@blockferry/core/bytes";
import type { TagByteOrder } from "./tag-byte-order.ts";

/** The tags of one source range entry, as numbers. */
export interface EntryTags {
  /** Expected Logical Block Tags: 32 bits in formats 0h and 2h, 80 bits in 1h and 3h. */
  readonly elbt: bigint;
  /** Expected Logical Block Application Tag. */
  readonly elbat: number;
  /** Expected Logical Block Application Tag Mask. */
  readonly elbatm: number;
}

/** Tags to write; those left out are 0. */
export interface EntryTagsInput {
  readonly elbt?: number | bigint | undefined;
  readonly elbat?: number | undefined;
  readonly elbatm?: number | undefined;
}

const SHORT_ENTRY_BYTES = 32;

/** A run of bytes that holds one number. */
interface Run {
  readonly from: number;
  readonly bytes: number;
  readonly endian: "little" | "big";
}

interface TagRuns {
  readonly elbt: Run;
  readonly elbat: Run;
  readonly elbatm: Run;
  /** Bytes of the ELBT field that the peer neither writes nor reads: [from, to). */
  readonly unused: readonly (readonly [number, number])[];
}

/** Where a peer puts the tags: ELBT, then ELBAT and ELBATM at the end (Figures 39 and 40). */
function runsOf(entryBytes: number, order: TagByteOrder): TagRuns {
  const isShort = entryBytes === SHORT_ENTRY_BYTES;
  const first = isShort ? 24 : 26;
  const end = entryBytes - 4;
  const elbt: Run = isShort
    ? { from: first, bytes: 4, endian: order.elbt32 }
    : { ...order.elbt80, from: first + order.elbt80.from };
  const application = (from: number): Run => ({ from, bytes: 2, endian: order.applicationTags });
  const swap = order.applicationTagsSwapped;
  return {
    elbt,
    elbat: application(swap ? end + 2 : end),
    elbatm: application(swap ? end : end + 2),
    unused: [
      [first, elbt.from],
      [elbt.from + elbt.bytes, end],
    ],
  };
}

function write(
  name: string,
  run: Run,
  value: number | bigint,
  bytes: Uint8Array,
  at: number,
): void {
  const whole = typeof value === "bigint" || Number.isSafeInteger(value);
  const most = (1n << BigInt(run.bytes * 8)) - 1n;
  if (!whole || BigInt(value) < 0n || BigInt(value) > most) {
    throw new RangeError(
      `${name} must be a whole number from 0 to ${most} in this tag byte order, not ${value}`,
    );
  }
  let rest = BigInt(value);
  for (let index = 0; index < run.bytes; index += 1) {
    const place = run.endian === "little" ? index : run.bytes - 1 - index;
    bytes[at + run.from + place] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

function read(run: Run, bytes: Uint8Array, at: number): bigint {
  let value = 0n;
  for (let index = 0; index < run.bytes; index += 1) {
    const place = run.endian === "big" ? index : run.bytes - 1 - index;
    value = (value << 8n) | BigInt(bytes[at + run.from + place]);
  }
  return value;
}

/** Writes ELBT, ELBAT and ELBATM of one entry as the peer does. @throws RangeError */
export function writeTags(
  entry: string,
  entryBytes: number,
  tags: EntryTagsInput,
  order: TagByteOrder,
  bytes: Uint8Array,
  at: number,
): void {
  const runs = runsOf(entryBytes, order);
  for (const [from, to] of runs.unused) bytes.fill(0, at + from, at + to);
  write(`${entry}: elbt`, runs.elbt, tags.elbt ?? 0, bytes, at);
  write(`${entry}: elbat`, runs.elbat, tags.elbat ?? 0, bytes, at);
  write(`${entry}: elbatm`, runs.elbatm, tags.elbatm ?? 0, bytes, at);
}

/** Reads ELBT, ELBAT and ELBATM of one entry as the peer does. */
export function readTags(
  entry: string,
  entryBytes: number,
  order: TagByteOrder,
  bytes: Uint8Array,
  at: number,
  lenient: boolean,
): Decoded<EntryTags> {
  const runs = runsOf(entryBytes, order);
  const isUnused = runs.unused.every(([from, to]) =>
    bytes.subarray(at + from, at + to).every((byte) => byte === 0),
  );
  if (!isUnused && !lenient) {
    const violated = `${entry}: elbt has bytes that this tag byte order leaves zero`;
    return { ok: false, violated, field: "elbt" };
  }
  const elbt = read(runs.elbt, bytes, at);
  const elbat = Number(read(runs.elbat, bytes, at));
  return { ok: true, value: { elbt, elbat, elbatm: Number(read(runs.elbatm, bytes, at)) } };
}
