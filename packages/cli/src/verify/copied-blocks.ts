import type { CopySpan } from "@blockferry/block";

/** A run of blocks of a destination, by offset from its first block. */
export interface OffsetRun {
  readonly offset: number;
  readonly blocks: number;
}

/** The runs of `offset..offset+blocks` that a copy says it copied. `spans` are in order of offset. */
export function* copiedRuns(
  spans: readonly CopySpan[],
  from: { next: number },
  offset: number,
  blocks: number,
): Generator<OffsetRun> {
  const end = offset + blocks;
  while (from.next < spans.length && spans[from.next].offset + spans[from.next].blocks <= offset) {
    from.next++;
  }
  for (let i = from.next; i < spans.length && spans[i].offset < end; i++) {
    const span = spans[i];
    if (span.status !== "success") continue;
    const first = Math.max(span.offset, offset);
    yield { offset: first, blocks: Math.min(span.offset + span.blocks, end) - first };
  }
}
