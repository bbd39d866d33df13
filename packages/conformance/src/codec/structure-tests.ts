import type { AnyStructure } from "@blockferry/core/bytes";
import { check, checkBytes, checkSame, isMisuse, shown, thrownBy } from "../check.ts";
import { forEachSeed, type RandomSource } from "../random-source.ts";
import { checkAnyBytes, checkWrittenAgain, someBytes } from "./any-bytes.ts";
import { type CodecSuiteOptions, coderOf } from "./codec-suite-options.ts";
import { checkEveryBit } from "./every-bit.ts";
import { checkFieldLimits } from "./field-limits.ts";
import { leastValue, randomValue } from "./field-values.ts";

const RANDOM_CASES = 20;

/** Its size exactly; one byte less asks for one, one more is read over unless exact. */
function checkLengths(table: AnyStructure): void {
  const { name, size } = table;
  check(Number.isSafeInteger(size) && size > 0, `${name}: size is ${size}`);
  const bytes = table.encode(leastValue(table));
  checkSame(bytes.length, size, `${name}: encoded bytes`);
  for (const length of [0, size - 1]) {
    const decoded = table.decode(bytes.subarray(0, length));
    checkSame(decoded, { ok: false, need: size - length }, `${name}: ${length} of ${size} bytes`);
  }
  const longer = new Uint8Array(size + 1);
  longer.set(bytes);
  check(table.decode(longer).ok, `${name}: a byte behind it is not read over`);
  const exact = table.decode(longer, 0, { exact: true });
  check(!exact.ok && exact.violated !== undefined, `${name}: a byte too many is accepted as exact`);
  check(table.decode(bytes, 0, { exact: true }).ok, `${name}: its own bytes are refused`);
  const error = thrownBy(() => table.encode(leastValue(table), new Uint8Array(size - 1)));
  check(isMisuse(error), `${name}: encoded into ${size - 1} bytes: ${shown(error)}`);
}

/** Encoding writes its own bytes and no others, and keeps nothing of the value. */
function checkPlace(table: AnyStructure, random: RandomSource): void {
  const { name, size } = table;
  const value = randomValue(table, random);
  const alone = table.encode(value);
  const target = new Uint8Array(size + 7).fill(0xa5);
  checkSame(table.encode(value, target, 3) === target, true, `${name}: encode returns its target`);
  const expected = new Uint8Array(size + 7).fill(0xa5);
  expected.set(alone, 3);
  checkBytes(target, expected, `${name}: the target`);
  const decoded = table.decode(target, 3);
  check(decoded.ok, `${name}: cannot be decoded at offset 3: ${shown(decoded)}`);
  checkSame(decoded.value, value, `${name}: decoded at offset 3`);
  for (const member of Object.values(value)) if (member instanceof Uint8Array) member.fill(0x77);
  checkBytes(target, expected, `${name}: the target, after the value was changed`);
}

/** Explains bytes field by field: all fields, in order, none of them at fault. */
function checkAnnotation(table: AnyStructure): void {
  const { name, fields } = table;
  const annotations = table.annotate(table.encode(leastValue(table)));
  const named = new Set(annotations.map((one) => one.field.split(/[.[]/)[0]));
  for (const field of fields)
    check(named.has(field.name), `${name}: ${field.name} is not explained`);
  for (const one of annotations) {
    check(one.violated === undefined, `${name}: ${one.field} of its own bytes: ${one.violated}`);
  }
}

export function structureTests(options: CodecSuiteOptions, table: AnyStructure): void {
  const { describe, it } = options;
  describe(table.name, () => {
    it("has its size, one byte less is too little and one more too much", () => {
      checkLengths(table);
      checkAnnotation(table);
    });

    it("keeps the least and the greatest value of each field, and refuses one more", () =>
      checkFieldLimits(table));

    it("refuses each reserved bit, and keeps each other", () =>
      forEachSeed({ ...options, cases: 1 }, 1, (random) => checkEveryBit(table, random)));

    it("gives back what was encoded, at its place and nowhere else", () =>
      forEachSeed(options, RANDOM_CASES, (random) => checkPlace(table, random)));

    it("answers any bytes, and keeps none of them", () =>
      forEachSeed(options, RANDOM_CASES, (random) => {
        const coder = coderOf(table);
        const like = [table.encode(randomValue(table, random)), random.bytes(table.size)];
        const bytes = someBytes(random, like);
        checkAnyBytes(table.name, coder, bytes);
        checkWrittenAgain(table.name, coder, bytes);
      }));
  });
}
