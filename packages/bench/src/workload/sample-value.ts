import type { AnyStructure, FieldInfo } from "@blockferry/core/bytes";

/** A value for one field, as large as it may be for a number: no field is left at zero. */
function sampleField({ kind, bits, bytes }: FieldInfo): unknown {
  switch (kind) {
    case "uint":
      return 2 ** Math.min(bits, 53) - 1;
    case "wide":
      return 2n ** BigInt(bits) - 1n;
    case "zeroBased":
      return 2 ** Math.min(bits, 31);
    case "flag":
      return true;
    case "enumeration":
      return 1;
    case "bytes":
      return new Uint8Array(bytes).fill(0xa5);
    case "ascii":
      return "x".repeat(bytes);
    default:
      return undefined;
  }
}

function encodes(structure: AnyStructure, value: Readonly<Record<string, unknown>>): boolean {
  try {
    structure.encode(value);
    return true;
  } catch {
    return false;
  }
}

/** A value of a structure with every field set that takes its sample. */
export function sampleValue(structure: AnyStructure): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const fields = structure.fields.filter((field) => sampleField(field) !== undefined);
  // Counts have no default: they come first, all of them.
  for (const field of fields) {
    if (field.kind === "zeroBased") value[field.name] = sampleField(field);
  }
  for (const field of fields) {
    const candidate = { ...value, [field.name]: sampleField(field) };
    if (encodes(structure, candidate)) value[field.name] = sampleField(field);
  }
  return value;
}
