/** Text of an ATA string, whose two characters of a word stand in reverse (ACS-4, 3.4.9), without the padding. */
export function readAtaString(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode(bytes[at + 1], bytes[at]);
  }
  return text.replaceAll("\0", " ").trim();
}

/**
 * An ATA string of `size` bytes, padded with spaces.
 * @throws RangeError for text that is too long or not printable ASCII.
 */
export function ataString(text: string, size: number): Uint8Array {
  if (text.length > size || !/^[\x20-\x7e]*$/.test(text)) {
    const shown = JSON.stringify(text);
    throw new RangeError(`${shown} is not an ATA string of at most ${size} ASCII characters`);
  }
  const padded = text.padEnd(size, " ");
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 2) {
    bytes[at] = padded.charCodeAt(at + 1);
    bytes[at + 1] = padded.charCodeAt(at);
  }
  return bytes;
}
