import type { AnyStructure, FieldInfo } from "@blockferry/core/bytes";
import fc from "fast-check";

type FieldSpec = AnyStructure["layout"]["fields"][number];

const uint = (bits: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(0, 2 ** Math.min(bits, 53) - 1),
    fc.maxSafeNat().map((value) => value % 2 ** Math.min(bits, 53)),
  );

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

/** Text that survives padding: no blanks at its end. */
const text = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 0x21, max: 0x7e }), { maxLength: length })
    .map((codes) => String.fromCharCode(...codes));

function ofField(spec: FieldSpec, info: FieldInfo): fc.Arbitrary<unknown> | undefined {
  switch (spec.kind) {
    case "uint":
    case "enumeration":
      return uint(info.bits);
    case "wide":
      return fc.bigInt({ min: 0n, max: 2n ** BigInt(info.bits) - 1n });
    case "flag":
      return fc.boolean();
    case "constant":
      return fc.constant(spec.value);
    case "bytes":
      return bytes(info.bytes);
    case "ascii":
      return text(info.bytes);
    case "bitset":
      return fc.subarray(Array.from({ length: info.bits }, (_, bit) => bit));
    case "uints":
      return fc.array(uint(8 * spec.bytesEach), {
        minLength: info.bytes / spec.bytesEach,
        maxLength: info.bytes / spec.bytesEach,
      });
    default:
      return undefined;
  }
}

/** Every field of a table with its place, reserved ones included. */
export function fieldsOf(table: AnyStructure): { spec: FieldSpec; info: FieldInfo }[] {
  const { layout } = table;
  const specs = [...(layout.base?.fields ?? []), ...layout.fields];
  return table.fields.map((info) => {
    const positions = (spec: FieldSpec): string =>
      typeof spec.at === "string" ? spec.at : spec.at.join(" | ");
    const spec = specs.find((one) => positions(one) === info.at);
    if (spec === undefined) throw new Error(`${table.name}: no field at ${info.at}`);
    return { spec, info };
  });
}

/** Any value that a table of fixed size can encode. */
export function anyValueOf(table: AnyStructure): fc.Arbitrary<Record<string, unknown>> {
  const arbitraries: Record<string, fc.Arbitrary<unknown>> = {};
  for (const { spec, info } of fieldsOf(table)) {
    const arbitrary = ofField(spec, info);
    if (arbitrary !== undefined) arbitraries[info.name] = arbitrary;
  }
  return fc.record(arbitraries) as fc.Arbitrary<Record<string, unknown>>;
}
