import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Endian,
  type Field,
  type Layout,
  type Structure,
  structure,
} from "../../src/bytes/index.ts";

// Goal: for any table, the generated code, the interpreter and plain arithmetic on one big integer
// say the same. Method: random tables (bytes cut into runs, runs cut into fields), random values.

interface Cut {
  readonly field: Field;
  /** Independent of the kit: the field as bits of the integer that its run of bytes forms. */
  readonly first: number;
  readonly last: number;
  readonly low: number;
  readonly bits: number;
}

const fieldKinds = [
  "uint",
  "zeroBased",
  "flag",
  "enumeration",
  "constant",
  "reserved",
  "opaque",
  "wide",
] as const;
type Kind = (typeof fieldKinds)[number];

function fieldOf(kind: Kind, index: number, at: string, bits: number, seed: number): Field {
  const name = `f${index}`;
  if (kind === "flag" && bits === 1) return { name, at, kind };
  if (kind === "zeroBased" && bits <= 32) return { name, at, kind };
  if (kind === "enumeration" && bits <= 53) return { name, at, kind, names: {} };
  if (kind === "constant" && bits <= 53) return { name, at, kind, value: seed % 2 ** bits };
  if (kind === "reserved" || kind === "opaque") return { at, kind };
  return { name, at, kind: kind === "wide" ? "wide" : "uint" };
}

const table = fc
  .record({
    endian: fc.constantFrom<Endian>("little", "big"),
    runs: fc.array(
      fc.record({
        bytes: fc.integer({ min: 1, max: 10 }),
        cuts: fc.array(
          fc.record({
            bits: fc.integer({ min: 1, max: 40 }),
            kind: fc.constantFrom(...fieldKinds),
          }),
          {
            minLength: 1,
            maxLength: 5,
          },
        ),
        seed: fc.nat(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ endian, runs }) => {
    const cuts: Cut[] = [];
    let first = 0;
    for (const run of runs) {
      const last = first + run.bytes - 1;
      let low = 0;
      for (const [index, cut] of run.cuts.entries()) {
        const left = run.bytes * 8 - low;
        if (left === 0) break;
        const bits = index === run.cuts.length - 1 ? left : Math.min(left, cut.bits);
        const at = `bytes ${first}..${last}[${low + bits - 1}:${low}]`;
        cuts.push({
          field: fieldOf(cut.kind, cuts.length, at, bits, run.seed),
          first,
          last,
          low,
          bits,
        });
        low += bits;
      }
      first = last + 1;
    }
    const layout = {
      name: "S",
      bytes: first,
      endian,
      source: "",
      fields: cuts.map((cut) => cut.field),
    };
    return { layout, cuts };
  });

function compiled(layout: Layout): Structure<Layout> {
  const made = structure(layout);
  for (let call = 0; call < 10; call += 1) made.decode(new Uint8Array(layout.bytes));
  return made;
}

/** The bits of a field, by arithmetic on the whole run of bytes. */
function oracle(bytes: Uint8Array, cut: Cut, endian: Endian): bigint {
  const run = [...bytes.subarray(cut.first, cut.last + 1)];
  if (endian === "little") run.reverse();
  const whole = run.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return (whole >> BigInt(cut.low)) & ((1n << BigInt(cut.bits)) - 1n);
}

function meaningOf(field: Field, raw: bigint): unknown {
  if (field.kind === "flag") return raw === 1n;
  if (field.kind === "zeroBased") return Number(raw) + 1;
  return field.kind === "wide" ? raw : Number(raw);
}

/** What decoding must say, field by field in the order of the bytes. */
function expected(bytes: Uint8Array, cuts: readonly Cut[], endian: Endian): unknown {
  const value: Record<string, unknown> = {};
  for (const cut of cuts) {
    const { field } = cut;
    const raw = oracle(bytes, cut, endian);
    if (field.kind === "opaque") continue;
    if (field.kind === "reserved") {
      if (raw !== 0n) return "refused";
      continue;
    }
    if (field.kind === "constant" && raw !== BigInt(field.value)) return "refused";
    if (field.kind === "uint" && raw > BigInt(Number.MAX_SAFE_INTEGER)) return "refused";
    value[field.name] = meaningOf(field, raw);
  }
  return value;
}

/** Bytes that a table accepts more often than random ones: reserved bits and constants in place. */
function mended(bytes: Uint8Array, cuts: readonly Cut[], slow: Structure<Layout>): Uint8Array {
  const copy = new Uint8Array(bytes);
  const fresh = slow.encode(
    Object.fromEntries(
      cuts.flatMap(({ field }) => (field.kind === "zeroBased" ? [[field.name, 1]] : [])),
    ),
  );
  const keep = structure<Layout>({
    ...slow.layout,
    fields: cuts.map(({ field, bits }, index): Field => {
      const big = bits > 53 || field.kind === "wide" || field.kind === "uint";
      return { name: `k${index}`, at: field.at, kind: big || bits > 0 ? "wide" : "uint" };
    }),
  });
  cuts.forEach(({ field }, index) => {
    if (field.kind !== "reserved" && field.kind !== "constant") return;
    keep.patch(copy, { [`k${index}`]: keep.read(fresh, `k${index}`) });
  });
  return copy;
}

const place = fc.record({ offset: fc.nat(5), tail: fc.nat(3) });

describe("generated code", () => {
  it("decodes as the interpreter and as arithmetic do, at any offset", () => {
    fc.assert(
      fc.property(
        table,
        fc.infiniteStream(fc.nat(255)),
        place,
        ({ layout, cuts }, stream, { offset, tail }) => {
          const random = Uint8Array.from({ length: layout.bytes }, () => stream.next().value);
          const slow: Structure<Layout> = structure<Layout>(layout, { compile: false });
          const fast = compiled(layout);
          for (const bytes of [random, mended(random, cuts, slow)]) {
            const frame = new Uint8Array(offset + layout.bytes + tail).fill(0xa5);
            frame.set(bytes, offset);
            const decoded = fast.decode(frame, offset);
            expect(decoded).toEqual(slow.decode(bytes));
            const wanted = expected(bytes, cuts, layout.endian);
            expect(decoded.ok ? decoded.value : "refused").toEqual(wanted);
            if (!decoded.ok) continue;
            // Opaque bits are the only ones that a value does not carry.
            const again = frame.slice();
            fast.encode(decoded.value, again, offset);
            expect(fast.decode(again, offset)).toEqual(decoded);
            expect(slow.encode(decoded.value)).toEqual(
              again.subarray(offset, offset + layout.bytes),
            );
            expect(again.subarray(0, offset)).toEqual(frame.subarray(0, offset));
            expect(again.subarray(offset + layout.bytes)).toEqual(
              frame.subarray(offset + layout.bytes),
            );
            for (const cut of cuts) {
              const raw = cut.field.kind === "opaque" ? 0n : oracle(bytes, cut, layout.endian);
              expect(oracle(again.subarray(offset), cut, layout.endian)).toBe(raw);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  const anyValue = fc.oneof(
    fc.nat(),
    fc.integer(),
    fc.maxSafeNat(),
    fc.bigInt({ min: -1n, max: 2n ** 81n }),
    fc.boolean(),
    fc.double(),
    fc.constantFrom(undefined, null, "1", "", -0, [], {}, 0, 1, 2 ** 31, 2 ** 32, 2 ** 53),
  );
  it("accepts and refuses what the interpreter accepts and refuses, in the same words", () => {
    fc.assert(
      fc.property(
        table,
        fc.array(anyValue, { minLength: 48, maxLength: 48 }),
        fc.boolean(),
        ({ layout, cuts }, values, fill) => {
          const slow: Structure<Layout> = structure<Layout>(layout, { compile: false });
          const fast = compiled(layout);
          const value: Record<string, unknown> = {};
          cuts.forEach(({ field }, index) => {
            if (field.kind === "reserved" || field.kind === "opaque") return;
            if (fill && index % 3 !== 0)
              value[field.name] = field.kind === "zeroBased" ? 1 : undefined;
            else value[field.name] = values[index];
          });
          const attempt = (made: Structure<Layout>): unknown => {
            try {
              return made.encode(value);
            } catch (error) {
              return `${(error as Error).name}: ${(error as Error).message}`;
            }
          };
          expect(attempt(fast)).toEqual(attempt(slow));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("takes every value at the edge of a field, and none beyond", () => {
    fc.assert(
      fc.property(table, ({ layout, cuts }) => {
        for (const made of [compiled(layout), structure<Layout>(layout, { compile: false })]) {
          const counts = Object.fromEntries(
            cuts.flatMap(({ field }) => (field.kind === "zeroBased" ? [[field.name, 1]] : [])),
          );
          for (const cut of cuts) {
            const { field, bits } = cut;
            if (field.kind !== "uint" && field.kind !== "zeroBased" && field.kind !== "wide")
              continue;
            const least = field.kind === "zeroBased" ? 1n : 0n;
            const most = (1n << BigInt(bits)) - 1n + least;
            for (const edge of [least, most]) {
              const bytes = made.encode({ ...counts, [field.name]: edge });
              expect(oracle(bytes, cut, layout.endian)).toBe(edge - least);
            }
            for (const beyond of [least - 1n, most + 1n]) {
              expect(() => made.encode({ ...counts, [field.name]: beyond })).toThrow(RangeError);
            }
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("refuses every reserved bit", () => {
    fc.assert(
      fc.property(table, ({ layout, cuts }) => {
        const bits = structure<Layout>({
          ...layout,
          fields: Array.from(
            { length: layout.bytes * 8 },
            (_, bit): Field => ({
              name: `b${bit}`,
              at: `byte ${Math.floor(bit / 8)}[${bit % 8}]`,
              kind: "flag",
            }),
          ),
        });
        const made = compiled(layout);
        const counts = cuts.flatMap(({ field }) =>
          field.kind === "zeroBased" ? [[field.name, 1]] : [],
        );
        const clean = made.encode(Object.fromEntries(counts));
        for (let bit = 0; bit < layout.bytes * 8; bit += 1) {
          const bytes = clean.slice();
          bits.patch(bytes, { [`b${bit}`]: true });
          const isReserved = cuts.some(
            (cut) => cut.field.kind === "reserved" && oracle(bytes, cut, layout.endian) !== 0n,
          );
          const decoded = made.decode(bytes);
          if (isReserved) expect(decoded).toMatchObject({ ok: false, field: "reserved" });
          else if (!decoded.ok) expect(decoded.field).not.toBe("reserved");
        }
      }),
      { numRuns: 50 },
    );
  });

  it("never throws on any bytes, offset or length", () => {
    fc.assert(
      fc.property(
        table,
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(100),
        ({ layout }, bytes, offset) => {
          for (const made of [compiled(layout), structure<Layout>(layout, { compile: false })]) {
            for (const options of [{}, { lenient: true }, { exact: true }]) {
              expect(() => made.decode(bytes, offset, options)).not.toThrow();
            }
            expect(() => made.annotate(bytes, offset)).not.toThrow();
          }
        },
      ),
    );
  });
});
