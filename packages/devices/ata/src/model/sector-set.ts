/** A set of sectors, as runs that neither touch nor overlap, in order. */
export class SectorSet {
  private runs: { readonly start: number; readonly end: number }[] = [];

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }

  add(lba: number, blocks: number): void {
    let start = lba;
    let end = lba + blocks;
    const apart = this.runs.filter((run) => {
      if (run.end < start || run.start > end) return true;
      start = Math.min(start, run.start);
      end = Math.max(end, run.end);
      return false;
    });
    this.runs = [...apart, { start, end }].sort((a, b) => a.start - b.start);
  }

  remove(lba: number, blocks: number): void {
    const end = lba + blocks;
    this.runs = this.runs.flatMap((run) => {
      if (run.end <= lba || run.start >= end) return [run];
      const before = { start: run.start, end: Math.min(run.end, lba) };
      const after = { start: Math.max(run.start, end), end: run.end };
      return [before, after].filter((one) => one.start < one.end);
    });
  }

  /** Sectors of a range before the first that is in the set. */
  blocksBefore(lba: number, blocks: number): number {
    const hit = this.runs.find((run) => run.end > lba && run.start < lba + blocks);
    return hit === undefined ? blocks : Math.max(0, hit.start - lba);
  }
}
