/** The byte that makes the sum of all bytes 0 modulo 256, if put at the end (ACS-4, 7.13.7.93 and A.14). */
export function checksumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 1) sum += bytes[at];
  return (256 - (sum % 256)) % 256;
}

/** True if all bytes sum up to 0 modulo 256. */
export function isChecksumGood(bytes: Uint8Array): boolean {
  return checksumOf(bytes) === 0;
}
