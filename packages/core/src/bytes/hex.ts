const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

export interface ToHexOptions {
  /** Bytes between spaces; default: no spaces. */
  readonly group?: number;
}

/** Bytes as lower-case hexadecimal digits, in wire order. */
export function toHex(bytes: Uint8Array, options: ToHexOptions = {}): string {
  const group = options.group ?? Number.POSITIVE_INFINITY;
  if (!(group >= 1)) throw new RangeError(`group must be at least 1 byte, not ${group}`);
  let text = "";
  bytes.forEach((byte, index) => {
    if (index > 0 && index % group === 0) text += " ";
    text += PAIRS[byte];
  });
  return text;
}

const PAIR = /^[0-9a-f]{2}$/i;
const OFFSET = /^[0-9a-f]{6,16}$/i;
/** An offset that cannot be data: two spaces follow (hexdump -C), or its digits are odd (od). */
const PLAIN_OFFSET = /^\s*(?:[0-9a-f]{6,16}\s{2,}|(?:[0-9a-f]{2}){3,7}[0-9a-f]\s)(?=\s*[0-9a-f])/i;

/** Drops what dump tools print beside the bytes: text columns and `0000:` offsets. */
function withoutColumns(line: string): string {
  const bare = line.replace(/\s*\|.*$/, "").replace(/\s+".*$/, "");
  const withColon = /^\s*(?:0x)?[0-9a-f]+:(.*)$/i.exec(bare);
  if (withColon === null) return bare;
  // xxd separates its text column by two spaces.
  return withColon[1].trimStart().split(/\s{2,}(?=\S{1,16}$|\S.*[^0-9a-fA-F\s])/)[0];
}

const tokensOf = (line: string): string[] => line.split(/[\s,]+/).filter((token) => token !== "");

/** True if every line begins with the count of bytes before it, as hexdump and od print it. */
function countsItsBytes(lines: readonly string[], radix: 8 | 16): boolean {
  const filled = lines.filter((line) => line.trim() !== "");
  let read = 0;
  for (const line of filled) {
    const [first, ...rest] = tokensOf(line);
    if (!OFFSET.test(first) || Number.parseInt(first, radix) !== read) return false;
    if (!rest.every((token) => PAIR.test(token))) return false;
    read += rest.length;
  }
  return filled.length > 1;
}

/** The lines of a dump without anything but bytes. */
function byteLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const starred = lines.findIndex((line) => line.trim() === "*");
  if (starred !== -1) {
    const where = `hex text, line ${starred + 1}`;
    throw new SyntaxError(`${where}: repeated lines are left out ("*"); dump with -v`);
  }
  const bare = lines.map(withoutColumns);
  if (countsItsBytes(bare, 16) || countsItsBytes(bare, 8)) {
    return bare.map((line) => line.replace(/^\s*\S+/, ""));
  }
  return bare.map((line) => line.replace(PLAIN_OFFSET, ""));
}

/**
 * Bytes from hexadecimal text: digits with or without spaces, newlines, commas, `0x`, and the
 * offset and text columns of `hexdump -C`, `xxd`, `od -t x1` and nvme-cli.
 * @throws SyntaxError naming the line and the text that is not hexadecimal.
 */
export function fromHex(text: string): Uint8Array {
  const bytes: number[] = [];
  byteLines(text).forEach((line, index) => {
    for (const token of tokensOf(line)) {
      const digits = token.replace(/^0x/i, "");
      if (!/^(?:[0-9a-f]{2})+$/i.test(digits)) {
        const shown = JSON.stringify(token);
        throw new SyntaxError(
          `hex text, line ${index + 1}: ${shown} is not a whole number of hexadecimal bytes`,
        );
      }
      for (let at = 0; at < digits.length; at += 2) {
        bytes.push(Number.parseInt(digits.slice(at, at + 2), 16));
      }
    }
  });
  return Uint8Array.from(bytes);
}
