import { isFast, maskText, type Piece, piecesOf, type Unit } from "./compiled-units.ts";
import type { BoundField } from "./field.ts";

const SLOW = "return slow.decode(b, o, lenient);";
/** High dword of 2^53-1. */
const SAFE_HIGH_MAX = 0x1fffff;

function loadUnit(unit: Unit, index: number): string {
  if (unit.bytes === 1) return `const u${index} = b[o + ${unit.byte}];`;
  if (unit.bytes === 2) return `const u${index} = d.getUint16(${unit.byte}, ${unit.little});`;
  // Signed: keeps the word out of heap numbers; every use below masks or shifts unsigned.
  return `const u${index} = d.getInt32(${unit.byte}, ${unit.little});`;
}

function pieceText(piece: Piece): string {
  const { unit, unitShift, width, halfShift } = piece;
  const down = unitShift === 0 ? `u${unit}` : `(u${unit} >>> ${unitShift})`;
  const masked = width === 32 ? down : `(${down} & ${maskText(width)})`;
  return halfShift === 0 ? masked : `(${masked} << ${halfShift})`;
}

function halfText(pieces: readonly Piece[], half: 0 | 1): string {
  const own = pieces.filter((piece) => piece.half === half);
  const bits = own.map(pieceText).join(" | ");
  const full = own.some((piece) => piece.halfShift + piece.width === 32);
  return full ? `((${bits}) >>> 0)` : `(${bits})`;
}

function valueText(field: BoundField, index: number, pieces: readonly Piece[]): string {
  const low = halfText(pieces, 0);
  switch (field.spec.kind) {
    case "flag":
      return `${low} === 1`;
    case "zeroBased":
      return `${low} + 1`;
    default:
      return field.place.bits > 32 ? `h${index} * 4294967296 + ${low}` : low;
  }
}

/** Conditions on reserved bits and constants, per unit, as one mask and one pattern. */
function unitChecks(fields: readonly BoundField[], units: readonly Unit[]): string[] {
  const masks = units.map(() => 0);
  const wanted = units.map(() => 0);
  for (const field of fields) {
    const { spec } = field;
    if (!isFast(field) || (spec.kind !== "reserved" && spec.kind !== "constant")) continue;
    for (const piece of piecesOf(field, units)) {
      const valueShift = piece.halfShift + 32 * piece.half;
      const value = spec.kind === "constant" ? spec.value : 0;
      masks[piece.unit] += (2 ** piece.width - 1) * 2 ** piece.unitShift;
      wanted[piece.unit] +=
        (Math.floor(value / 2 ** valueShift) % 2 ** piece.width) * 2 ** piece.unitShift;
    }
  }
  return units.flatMap((_, index) =>
    masks[index] === 0 ? [] : [`(u${index} & ${masks[index]}) !== ${wanted[index] | 0}`],
  );
}

function checkOther(field: BoundField, index: number): string[] {
  const { byte, bytes } = field.place;
  if (field.spec.kind === "opaque") return [];
  if (field.spec.kind === "reserved") {
    return [`if (!allZero(b, o + ${byte}, o + ${byte + bytes})) ${SLOW}`];
  }
  if (field.spec.kind === "bytes") {
    return [`const r${index} = copyBytes(b, o + ${byte}, ${bytes});`];
  }
  return [
    `const r${index} = c${index}.read(b, o, false);`,
    `if (r${index}.violated !== undefined) ${SLOW}`,
  ];
}

/** The text of the method `decode(b, o, lenient)`. */
export function compiledDecoder(
  fields: readonly BoundField[],
  units: readonly Unit[],
  size: number,
): string {
  const checks = unitChecks(fields, units);
  const statements: string[] = [];
  const members: string[] = [];
  fields.forEach((field, index) => {
    if (!isFast(field)) {
      statements.push(...checkOther(field, index));
      const value = field.spec.kind === "bytes" ? `r${index}` : `r${index}.value`;
      if (field.valued) members.push(`${field.name}: ${value}`);
      return;
    }
    if (!field.valued) return;
    const pieces = piecesOf(field, units);
    const { bits } = field.place;
    if (bits > 32) statements.push(`const h${index} = ${halfText(pieces, 1)};`);
    if (bits > 53) statements.push(`if (h${index} > ${SAFE_HIGH_MAX}) ${SLOW}`);
    members.push(`${field.name}: ${valueText(field, index, pieces)}`);
  });
  return [
    "decode(b, o, lenient) {",
    `if (lenient) ${SLOW}`,
    `const d = new DataView(b.buffer, b.byteOffset + o, ${size});`,
    ...units.map(loadUnit),
    checks.length === 0 ? "" : `if (${checks.join(" || ")}) ${SLOW}`,
    ...statements,
    `return { ok: true, value: { ${members.join(", ")} } };`,
    "}",
  ].join("\n");
}
