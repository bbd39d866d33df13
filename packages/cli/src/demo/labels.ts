/** Bytes of a block of the demonstration. */
export const BYTES_PER_BLOCK = 512;

const encoder = new TextEncoder();

/** A block that tells where it was written and as what: `source block 000000123456 …` to its last byte. */
function labelledBlock(kind: string, lba: number): Uint8Array {
  const line = `${kind} block ${String(lba).padStart(12, "0")}\n`;
  const text = line.repeat(Math.ceil(BYTES_PER_BLOCK / line.length)).slice(0, BYTES_PER_BLOCK);
  return encoder.encode(text);
}

/** `blocks` labelled blocks from `lba` on. */
export function labelledBlocks(kind: string, lba: number, blocks: number): Uint8Array {
  const bytes = new Uint8Array(blocks * BYTES_PER_BLOCK);
  for (let i = 0; i < blocks; i++) bytes.set(labelledBlock(kind, lba + i), i * BYTES_PER_BLOCK);
  return bytes;
}
