/** True where every byte is zero. Looks at whole words where the view allows it. */
export function isZero(bytes: Uint8Array): boolean {
  const head = Math.min(bytes.length, (4 - (bytes.byteOffset % 4)) % 4);
  for (let i = 0; i < head; i++) if (bytes[i] !== 0) return false;
  const wordCount = Math.floor((bytes.length - head) / 4);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, wordCount);
  for (let i = 0; i < wordCount; i++) if (words[i] !== 0) return false;
  for (let i = head + wordCount * 4; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
