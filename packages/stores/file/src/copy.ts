import { clonePiece, copyBytes, readWrite } from "./copy-piece.ts";
import { bestMeans, type CopyState, type FileCopyMeans, lesserMeans } from "./copy-state.ts";
import { requireNotShrunk } from "./image.ts";

// Cloning a range costs about the same whatever its length; below this, copying costs less. Where blocks can be shared,
// copy_file_range(2) shares them as well, so that short ranges are read and written there.
const cloneBytesMin = 65_536;

/** Ranges that do not overlap: the aligned middle by clone, its edges as bytes. */
function copyApart(
  state: CopyState,
  source: number,
  destination: number,
  bytes: number,
): FileCopyMeans {
  if (bytes < cloneBytesMin && !state.refused.clone) {
    readWrite(state, source, destination, bytes);
    return "read-write";
  }
  const unit = state.image.bytesPerFileSystemBlock;
  const edge = (unit - (source % unit)) % unit;
  const middle = Math.floor((bytes - edge) / unit) * unit;
  const cloneable = (destination - source) % unit === 0 && middle >= cloneBytesMin;
  if (!cloneable || !clonePiece(state, source + edge, destination + edge, middle)) {
    return copyBytes(state, source, destination, bytes);
  }
  const tail = edge + middle;
  let means: FileCopyMeans = "clone";
  if (edge > 0) means = lesserMeans(means, copyBytes(state, source, destination, edge));
  if (tail === bytes) return means;
  const tailMeans = copyBytes(state, source + tail, destination + tail, bytes - tail);
  return lesserMeans(means, tailMeans);
}

/**
 * Overlapping ranges: the kernel takes none, but pieces as long as the distance do not overlap.
 * Where those would be short, a buffer is read whole before it is written.
 */
function copyOverlapping(
  state: CopyState,
  source: number,
  destination: number,
  bytes: number,
): FileCopyMeans {
  const distance = Math.abs(destination - source);
  if (distance < cloneBytesMin || bestMeans(state) === "read-write") {
    readWrite(state, source, destination, bytes);
    return "read-write";
  }
  let means: FileCopyMeans = "clone";
  for (let done = 0; done < bytes; done += distance) {
    const length = Math.min(distance, bytes - done);
    const at = destination > source ? bytes - done - length : done;
    means = lesserMeans(means, copyApart(state, source + at, destination + at, length));
  }
  return means;
}

/**
 * Copies inside an image as memmove does: by FICLONERANGE, else copy_file_range, else reads and
 * writes. The answer is the least of the means that any part of the range took; the state counts
 * the bytes of each.
 */
export function copyInside(
  state: CopyState,
  source: number,
  destination: number,
  bytes: number,
): FileCopyMeans {
  if (bytes === 0 || source === destination) return bestMeans(state);
  requireNotShrunk(state.image);
  const overlap = Math.abs(destination - source) < bytes;
  return (overlap ? copyOverlapping : copyApart)(state, source, destination, bytes);
}
