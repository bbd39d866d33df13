import { errorBit } from "./codec/error-register.ts";
import { statusBit } from "./codec/status-register.ts";
import { readPlace } from "./codec/write-gathered/field-bytes.ts";
import type { WriteGatheredProfile } from "./codec/write-gathered/profile.ts";

/** True for an error of the medium; every other one comes before anything has moved. */
function isMidway(bits: number, error: number): boolean {
  if ((bits & statusBit.deviceFault) !== 0) return true;
  return (error & errorBit.uncorrectable) !== 0 && (error & errorBit.interfaceCrc) === 0;
}

/**
 * Of a copy that failed, how many leading blocks are certainly copied: those before the one that LBA points to. Where a
 * source address is in several ranges, the first of them counts, which is never too much. 0 unless the profile gives LBA
 * a meaning.
 */
export function blocksBefore(
  profile: WriteGatheredProfile,
  list: Uint8Array,
  ranges: number,
  bits: number,
  error: number,
  lba: number,
  destination: number,
): number {
  const { errors, list: shape } = profile;
  if (errors.afterError !== "prefix" || errors.lba === "unchanged") return 0;
  if (!isMidway(bits, error)) return 0;
  const { header, entry, endian } = shape;
  const isLittle = endian === "little";
  let done = 0;
  for (let i = 0, at = header?.bytes ?? 0; i < ranges; i += 1, at += entry.bytes) {
    const stored = readPlace(list, at, entry.blocks, isLittle);
    const blocks = stored === 0 ? 2 ** (entry.blocks.bytes * 8) : stored;
    const first =
      errors.lba === "source" ? readPlace(list, at, entry.lba, isLittle) : destination + done;
    if (lba >= first && lba < first + blocks) return done + (lba - first);
    done += blocks;
  }
  return 0;
}
