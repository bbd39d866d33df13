/** Blocks of a device. */
export interface Extent {
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
}

/** Extents by their places, for traces in which thousands of them wait at one time. */
export interface ExtentIndex<T extends Extent> {
  add(extent: T): void;
  delete(extent: T): void;
  /** All that a place lies in as a whole, in no order. */
  around(place: Extent): T[];
}

const BUCKET_BLOCKS = 1024;
/** An extent of more buckets than this is not spread over them. */
const SPREAD_MAX = 16;
const WIDE = -1;

export function isAround(outer: Extent, inner: Extent): boolean {
  return (
    outer.device === inner.device &&
    outer.lba <= inner.lba &&
    inner.lba + inner.blocks <= outer.lba + outer.blocks
  );
}

const bucketOf = (lba: number): number => Math.floor(lba / BUCKET_BLOCKS);
const keyOf = (device: number, bucket: number): string => `${device} ${bucket}`;

function keysOf({ device, lba, blocks }: Extent): string[] {
  const first = bucketOf(lba);
  // A place of no blocks may lie at the very end.
  const last = bucketOf(lba + blocks);
  if (!(last - first < SPREAD_MAX)) return [keyOf(device, WIDE)];
  const keys: string[] = [];
  for (let bucket = first; bucket <= last; bucket++) keys.push(keyOf(device, bucket));
  return keys;
}

export function extentIndex<T extends Extent>(): ExtentIndex<T> {
  const buckets = new Map<string, Set<T>>();
  return {
    add(extent) {
      for (const key of keysOf(extent)) {
        const bucket = buckets.get(key);
        if (bucket === undefined) buckets.set(key, new Set([extent]));
        else bucket.add(extent);
      }
    },
    delete(extent) {
      for (const key of keysOf(extent)) {
        const bucket = buckets.get(key);
        bucket?.delete(extent);
        if (bucket?.size === 0) buckets.delete(key);
      }
    },
    around(place) {
      const found: T[] = [];
      for (const bucket of [bucketOf(place.lba), WIDE]) {
        for (const one of buckets.get(keyOf(place.device, bucket)) ?? []) {
          if (isAround(one, place)) found.push(one);
        }
      }
      return found;
    },
  };
}
