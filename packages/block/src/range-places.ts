import type { Engine } from "./engine-state.ts";

/** Start of each range of a copy, in blocks of the copy; built when a part of it must be found by its offset. */
export function placesOf(e: Engine, copy: number): Float64Array {
  const { columns } = e.copies;
  const first = columns.first[copy];
  const count = columns.count[copy];
  const known = e.places[copy];
  // The row may have been another copy's when they were built.
  if (known !== undefined && known.first === first && known.count === count) return known.starts;
  const { blocks } = e.lists[copy];
  const starts = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) starts[i + 1] = starts[i] + blocks[first + i];
  e.places[copy] = { first, count, starts };
  return starts;
}

/** The range of a copy in which its block `at` lies. */
export function rangeAt(starts: Float64Array, at: number): number {
  let first = 0;
  let last = starts.length - 2;
  while (first < last) {
    const middle = (first + last + 1) >> 1;
    if (starts[middle] <= at) first = middle;
    else last = middle - 1;
  }
  return first;
}
