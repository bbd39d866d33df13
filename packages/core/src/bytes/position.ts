import type { Endian, Position } from "./layout.ts";

/** Bits of one byte that hold bits of a field's value. */
export interface Slice {
  /** Byte offset in the structure. */
  readonly byte: number;
  /** Lowest bit within the byte. */
  readonly shift: number;
  readonly width: number;
  /** Lowest bit within the value. */
  readonly valueShift: number;
  /** 2^width - 1. */
  readonly mask: number;
  /** 2^valueShift. */
  readonly weight: number;
}

/** A field's place in a structure. */
export interface Place {
  /** The position as written, joined with " | " if it is a list. */
  readonly at: string;
  /** Offset of the first byte. */
  readonly byte: number;
  /** Bytes from the first to the last byte touched. */
  readonly bytes: number;
  readonly bits: number;
  /** The first bit in wire order: 8 × byte + bit. */
  readonly lowestBit: number;
  /** True if the field is one run of whole bytes. */
  readonly whole: boolean;
  readonly slices: readonly Slice[];
}

interface Span {
  readonly byte: number;
  readonly bytes: number;
  readonly low: number;
  readonly high: number;
}

const BITS = String.raw`(?:\[(\d+)(?::(\d+))?\])?`;
const UNITS = new RegExp(String.raw`^(c?dw|word )(\d+)(?:\.\.(\d+))?${BITS}$`);
const BYTES = new RegExp(String.raw`^bytes? (\d+)(?:(:|\.\.)(\d+))?${BITS}$`);

const refuse = (text: string, why: string): never => {
  throw new TypeError(`position ${JSON.stringify(text)} ${why}`);
};

function bitsOf(text: string, byte: number, bytes: number, first: string, second: string): Span {
  const high = first === undefined ? bytes * 8 - 1 : Number(first);
  const low = second === undefined ? (first === undefined ? 0 : high) : Number(second);
  if (low > high || high >= bytes * 8) refuse(text, `has bits outside ${bytes * 8 - 1}:0`);
  return { byte, bytes, low, high };
}

function parseUnits(text: string, match: RegExpExecArray, endian: Endian): Span {
  if (endian === "big") refuse(text, "counts little-endian words in a big-endian structure");
  const unit = match[1] === "word " ? 2 : 4;
  const first = Number(match[2]);
  const last = match[3] === undefined ? first : Number(match[3]);
  if (last < first) refuse(text, "runs backwards");
  return bitsOf(text, first * unit, (last - first + 1) * unit, match[4], match[5]);
}

function parseBytes(text: string, match: RegExpExecArray): Span {
  const one = Number(match[1]);
  const other = match[3] === undefined ? one : Number(match[3]);
  const [first, last] = match[2] === ":" ? [other, one] : [one, other];
  if (last < first) refuse(text, "runs backwards (high:low, or first..last)");
  return bitsOf(text, first, last - first + 1, match[4], match[5]);
}

function parseOne(text: string, endian: Endian): Span {
  const units = UNITS.exec(text);
  if (units !== null) return parseUnits(text, units, endian);
  const bytes = BYTES.exec(text);
  if (bytes !== null) return parseBytes(text, bytes);
  return refuse(text, 'is not of the form "cdw12[11:8]", "bytes 07:04" or "bytes 8..15"');
}

function slicesOf(span: Span, endian: Endian, valueShiftFrom: number): Slice[] {
  const slices: Slice[] = [];
  let valueShift = valueShiftFrom;
  for (let bit = span.low; bit <= span.high; ) {
    const index = Math.floor(bit / 8);
    const shift = bit % 8;
    const width = Math.min(8 - shift, span.high - bit + 1);
    const byte = span.byte + (endian === "little" ? index : span.bytes - 1 - index);
    const mask = 2 ** width - 1;
    slices.push({ byte, shift, width, valueShift, mask, weight: 2 ** valueShift });
    valueShift += width;
    bit += width;
  }
  return slices;
}

/** A place whose slices are worked out when first asked for: runs of bytes rarely need them. */
function placeOf(at: string, spans: readonly Span[], endian: Endian): Place {
  const bits = spans.reduce((sum, span) => sum + span.high - span.low + 1, 0);
  const [first] = spans;
  const whole = spans.length === 1 && bits === first.bytes * 8;
  let made: readonly Slice[] | undefined;
  const slices = (): readonly Slice[] => {
    made ??= joinSlices(spans, endian);
    return made;
  };
  const extent = whole
    ? { byte: first.byte, bytes: first.bytes, lowestBit: first.byte * 8 }
    : extentOf(slices());
  return {
    at,
    bits,
    whole,
    ...extent,
    get slices() {
      return slices();
    },
  };
}

function joinSlices(spans: readonly Span[], endian: Endian): Slice[] {
  const slices: Slice[] = [];
  let bits = 0;
  for (const span of spans.toReversed()) {
    slices.push(...slicesOf(span, endian, bits));
    bits += span.high - span.low + 1;
  }
  return slices;
}

function extentOf(slices: readonly Slice[]): Pick<Place, "byte" | "bytes" | "lowestBit"> {
  const touched = slices.map((slice) => slice.byte);
  const byte = Math.min(...touched);
  const lowestBit = Math.min(...slices.map((slice) => slice.byte * 8 + slice.shift));
  return { byte, bytes: Math.max(...touched) - byte + 1, lowestBit };
}

/**
 * Reads a position as standards write it.
 * @throws TypeError if the text is not a position, or counts words in big-endian bytes.
 */
export function parsePosition(position: Position, endian: Endian): Place {
  const texts = typeof position === "string" ? [position] : position;
  if (texts.length === 0) refuse("", "is empty");
  const spans = texts.map((text) => parseOne(text, endian));
  return placeOf(texts.join(" | "), spans, endian);
}
