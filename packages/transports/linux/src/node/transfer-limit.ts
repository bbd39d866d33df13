import { join } from "node:path";
import type { BlockNode } from "./device-node.ts";
import { numberAttribute } from "./sysfs.ts";

const PAGE_BYTES = 4096;
/** What every driver takes where nothing is known. */
const BYTES_DEFAULT = 131_072;
/** One bio has so many pages (BIO_MAX_VECS), and memory of a process may lie in pages anywhere. */
const PAGES_MAX = 256;

/**
 * Bytes that one pass-through command can move: the driver's limits, with every page of memory a segment of its own. The
 * kernel refuses a larger one (EINVAL).
 */
export function transferBytesMax(block: BlockNode | undefined): number {
  if (block === undefined) return BYTES_DEFAULT;
  const queue = join(block.folder, "queue");
  const kilobytes = numberAttribute(queue, "max_hw_sectors_kb");
  const segments = numberAttribute(queue, "max_segments");
  if (kilobytes === undefined && segments === undefined) return BYTES_DEFAULT;
  // Memory that does not begin at a page touches one page more.
  const pages = Math.min(segments ?? PAGES_MAX, PAGES_MAX) - 1;
  return Math.max(PAGE_BYTES, Math.min((kilobytes ?? 2 ** 20) * 1024, pages * PAGE_BYTES));
}
