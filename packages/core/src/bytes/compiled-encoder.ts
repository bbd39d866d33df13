import { isFast, maskText, type Piece, piecesOf, type Unit } from "./compiled-units.ts";
import type { BoundField } from "./field.ts";

const SLOW = "return slow.encode(v, b, o);";

/** Statements that check one fast field and leave its bits in `f` (low) and `h` (high). */
function checkFast(field: BoundField, index: number): string[] {
  const { kind } = field.spec;
  const { bits } = field.place;
  const f = `f${index}`;
  const load = `let ${f} = v.${field.name};`;
  const absent = (initial: number | string): string => `if (${f} === undefined) ${f} = ${initial};`;
  if (kind === "constant") {
    return [load, `if (${f} !== undefined) { n++; if (${f} !== ${field.absent}) ${SLOW} }`];
  }
  if (kind === "flag") {
    return [
      load,
      `${absent(0)} else { n++; if (${f} !== true && ${f} !== false) ${SLOW} ${f} = +${f}; }`,
    ];
  }
  if (kind === "zeroBased") {
    const mask = maskText(Math.min(bits, 31));
    const refuse = `if (typeof ${f} !== "number" || ((${f} - 1) & ${mask}) !== ${f} - 1) ${SLOW}`;
    return [load, `n++; ${refuse} ${f}--;`];
  }
  const refuse = `if (typeof ${f} !== "number" || ${isNotWhole(f, bits)}) ${SLOW}`;
  const high = bits > 32 ? [`const h${index} = (${f} / 4294967296) >>> 0;`] : [];
  return [load, `${absent(0)} else { n++; ${refuse} }`, ...high];
}

function isNotWhole(f: string, bits: number): string {
  if (bits < 32) return `(${f} & ${maskText(bits)}) !== ${f}`;
  if (bits === 32) return `(${f} >>> 0) !== ${f}`;
  const max = bits > 53 ? Number.MAX_SAFE_INTEGER : 2 ** bits - 1;
  return `!(${f} >= 0 && ${f} <= ${max}) || Math.floor(${f}) !== ${f}`;
}

/** The bits of one piece, moved to their place in the unit. */
function pieceText(field: BoundField, index: number, piece: Piece): string {
  const half = piece.half === 0 ? `f${index}` : `h${index}`;
  const down = piece.halfShift === 0 ? half : `(${half} >>> ${piece.halfShift})`;
  // The checks made the value fit the field, so a field in one piece needs no mask.
  const masked =
    piece.width === field.place.bits || piece.width === 32
      ? down
      : `(${down} & ${maskText(piece.width)})`;
  return piece.unitShift === 0 ? masked : `(${masked} << ${piece.unitShift})`;
}

function storeUnits(fields: readonly BoundField[], units: readonly Unit[]): string[] {
  const terms: string[][] = units.map(() => []);
  const constants = units.map(() => 0);
  fields.forEach((field, index) => {
    if (!field.valued || !isFast(field)) return;
    for (const piece of piecesOf(field, units)) {
      if (field.spec.kind !== "constant") terms[piece.unit].push(pieceText(field, index, piece));
      else constants[piece.unit] += constantBits(field.spec.value, piece);
    }
  });
  return units.map((unit, index) => {
    if (constants[index] !== 0) terms[index].push(String(constants[index]));
    const bits = terms[index].join(" | ") || "0";
    if (unit.bytes === 1) return `b[o + ${unit.byte}] = ${bits};`;
    return `d.setUint${unit.bytes * 8}(${unit.byte}, ${bits}, ${unit.little});`;
  });
}

function constantBits(value: number, piece: Piece): number {
  const part = Math.floor(value / 2 ** (piece.halfShift + 32 * piece.half)) % 2 ** piece.width;
  return part * 2 ** piece.unitShift;
}

function checkOther(field: BoundField, index: number): string[] {
  const { name } = field;
  return [
    `let f${index} = v.${name};`,
    `if (f${index} !== undefined) { n++; f${index} = c${index}.check(f${index}); }`,
  ];
}

/** Calling fill() costs more than a few stores. */
const STORED_BYTES_MAX = 32;

function clearText(byte: number, bytes: number): string {
  if (bytes > STORED_BYTES_MAX) return `b.fill(0, o + ${byte}, o + ${byte + bytes});`;
  const stores: string[] = [];
  for (let at = byte; at < byte + bytes; ) {
    const isWord = byte + bytes - at >= 4;
    stores.push(isWord ? `d.setInt32(${at}, 0);` : `b[o + ${at}] = 0;`);
    at += isWord ? 4 : 1;
  }
  return stores.join(" ");
}

function storeOther(field: BoundField, index: number): string[] {
  const { byte, bytes, whole } = field.place;
  const clear = clearText(byte, bytes);
  if (!field.valued) return [clear];
  const zero = whole && field.spec.kind !== "ascii";
  const absent = zero ? clear : `c${index}.write(b, o, c${index}.absent);`;
  const plain = field.spec.kind === "bytes";
  const store = plain ? `b.set(f${index}, o + ${byte});` : `c${index}.write(b, o, f${index});`;
  return [`if (f${index} === undefined) { ${absent} } else { ${store} }`];
}

/** The text of the method `encode(v, b, o)`. */
export function compiledEncoder(
  fields: readonly BoundField[],
  units: readonly Unit[],
  size: number,
): string {
  const checks = fields.flatMap((field, index) => {
    if (!field.valued) return [];
    return isFast(field) ? checkFast(field, index) : checkOther(field, index);
  });
  const others = fields.flatMap((field, index) => (isFast(field) ? [] : storeOther(field, index)));
  return [
    "encode(v, b, o) {",
    `if (typeof v !== "object" || v === null) ${SLOW}`,
    "let n = 0;",
    ...checks,
    // More keys than fields that were read: one of them is unknown, or undefined.
    "for (const k in v) n--;",
    `if (n !== 0) ${SLOW}`,
    `const d = new DataView(b.buffer, b.byteOffset + o, ${size});`,
    ...storeUnits(fields, units),
    ...others,
    "}",
  ].join("\n");
}
