import type { AnyStructure } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as codec from "../../src/codec/index.ts";
import { anyValueOf, fieldsOf } from "./arbitrary-values.ts";

// Goal: every table of fixed size keeps what it is given, in all its fields and their limits, and
// refuses the rest by name. Method: all structures that the package exports, whatever they are.

const isStructure = (one: unknown): one is AnyStructure =>
  typeof one === "object" && one !== null && "layout" in one && "offsetOf" in one;

const structures = new Map<string, AnyStructure>();
for (const one of Object.values(codec) as unknown[]) {
  if (isStructure(one)) structures.set(one.name, one);
}

it("there are many", () => expect(structures.size).toBeGreaterThan(120));

describe.each([...structures])("%s", (_, table) => {
  it("decode ∘ encode is the identity", () => {
    fc.assert(
      fc.property(anyValueOf(table), (value) => {
        expect(table.decode(table.encode(value), 0, { exact: true })).toEqual({ ok: true, value });
      }),
      { numRuns: 12 },
    );
  });

  it("numbers have their limits", () => {
    for (const { spec, info } of fieldsOf(table)) {
      if (spec.kind !== "uint" && spec.kind !== "enumeration" && spec.kind !== "wide") continue;
      const most = 2n ** BigInt(info.bits) - 1n;
      expect(() => table.encode({ [info.name]: most + 1n })).toThrow(info.name);
      expect(() => table.encode({ [info.name]: -1 })).toThrow(info.name);
      const bytes = table.encode({ [info.name]: most });
      const set = [...bytes.subarray(info.byte, info.byte + info.bytes)];
      const ones = set.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
      expect(ones).toBeGreaterThanOrEqual(info.bits);
    }
  });

  it("reserved bits are refused, and read over if lenient", () => {
    for (const { spec, info } of fieldsOf(table)) {
      if (spec.kind !== "reserved") continue;
      const bytes = table.encode({});
      const mask = maskOf(info.at);
      bytes[info.byte] += mask;
      const strict = table.decode(bytes);
      expect(strict).toMatchObject({ ok: false, violated: expect.stringContaining("reserved") });
      expect(table.decode(bytes, 0, { lenient: true }).ok).toBe(true);
    }
  });

  it("wants all its bytes", () => {
    for (const length of [0, table.size - 1]) {
      expect(table.decode(new Uint8Array(length))).toEqual({
        ok: false,
        need: table.size - length,
      });
    }
  });
});

/** A bit of the first byte of a position. */
function maskOf(at: string): number {
  const bits = /^byte \d+\[(\d+)/.exec(at);
  if (bits !== null) return 2 ** Number(bits[1]);
  const wide = /^bytes (\d+)\.\.(\d+)\[(\d+)/.exec(at);
  if (wide === null) return 1;
  return 2 ** (Number(wide[3]) - 8 * (Number(wide[2]) - Number(wide[1])));
}
