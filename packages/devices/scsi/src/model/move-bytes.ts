import { beforeOverwrite } from "./preserve.ts";
import type { Target } from "./target.ts";
import type { Unit } from "./unit.ts";

/** Bytes of one copy inside a store. */
const COPY_BYTES = 64 * 1_048_576;
/** Bytes of data that go through memory at a time where no store can copy by itself. */
export const BUFFER_BYTES = 1_048_576;

/** Tells RODs that these bytes of a unit will change. */
export function beforeBytesChange(target: Target, unit: Unit, offset: number, bytes: number): void {
  if (unit.watch.count === 0 || bytes === 0) return;
  const { bytesPerBlock } = unit;
  const first = Math.floor(offset / bytesPerBlock);
  const end = Math.ceil((offset + bytes) / bytesPerBlock);
  beforeOverwrite(target, unit, first, end - first);
}

function moveInStore(target: Target, unit: Unit, from: number, to: number, bytes: number): void {
  const { store } = unit;
  if (bytes <= COPY_BYTES) {
    const means = store.copy(from, to, bytes);
    target.onStoreCopy?.(means, bytes, unit.lun, unit.lun);
    return;
  }
  // Pieces in the order that is safe where the two ends overlap.
  const isBackwards = from < to;
  const pieces = Math.ceil(bytes / COPY_BYTES);
  for (let piece = 0; piece < pieces; piece += 1) {
    const at = (isBackwards ? pieces - 1 - piece : piece) * COPY_BYTES;
    const count = Math.min(COPY_BYTES, bytes - at);
    const means = store.copy(from + at, to + at, count);
    target.onStoreCopy?.(means, count, unit.lun, unit.lun);
  }
}

function moveThroughMemory(
  target: Target,
  source: Unit,
  from: number,
  destination: Unit,
  to: number,
  bytes: number,
): void {
  const buffer = target.buffer();
  for (let at = 0; at < bytes; at += BUFFER_BYTES) {
    const count = Math.min(BUFFER_BYTES, bytes - at);
    const piece = count === BUFFER_BYTES ? buffer : buffer.subarray(0, count);
    target.access = "read";
    source.store.read(from + at, piece);
    target.access = "write";
    destination.store.write(to + at, piece);
    target.onStoreCopy?.("read-write", count, source.lun, destination.lun);
  }
}

/** Moves bytes from one unit to another, or within one, as memmove does. Offsets are bytes of the units. */
export function moveBytes(
  target: Target,
  source: Unit,
  from: number,
  destination: Unit,
  to: number,
  bytes: number,
): void {
  if (bytes === 0) return;
  target.access = "write";
  beforeBytesChange(target, destination, to, bytes);
  if (source.store === destination.store) moveInStore(target, destination, from, to, bytes);
  else moveThroughMemory(target, source, from, destination, to, bytes);
  target.access = "none";
}
