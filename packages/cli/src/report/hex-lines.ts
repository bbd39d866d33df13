const BYTES_PER_LINE = 16;

export function hexText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

/** Bytes as lines of sixteen, as `sg_raw` and `xxd -r -p` read them. */
export function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_PER_LINE) {
    const text = hexText(bytes.subarray(at, at + BYTES_PER_LINE));
    lines.push(text.replace(/(..)(?=.)/g, "$1 "));
  }
  return lines;
}
