import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

/** Bytes that differ from block to block and from place to place. */
export function patternBytes(bytes: number): Uint8Array {
  const words = new Uint32Array(bytes / 4);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1, 0x9e3779b1) ^ (i >>> 7);
  return new Uint8Array(words.buffer);
}

export function makeImage(path: string, bytes: number): Uint8Array {
  const content = patternBytes(bytes);
  writeFileSync(path, content);
  return content;
}

/** The image as it must be after a copy of `ranges` (blocks) to `destination`. */
export function copied(
  content: Uint8Array,
  ranges: readonly (readonly [lba: number, blocks: number])[],
  destination: number,
  bytesPerBlock = 512,
): Uint8Array {
  const after = content.slice();
  const gathered = ranges.map(([lba, blocks]) =>
    content.slice(lba * bytesPerBlock, (lba + blocks) * bytesPerBlock),
  );
  after.set(Buffer.concat(gathered), destination * bytesPerBlock);
  return after;
}

/** Equality of whole images, without printing megabytes where they differ. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function sha256OfFile(path: string): string {
  return sha256(readFileSync(path));
}
