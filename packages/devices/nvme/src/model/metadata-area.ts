/**
 * Keeps the metadata of a namespace, beside its blocks, so that the store of the blocks stays a plain image.
 *
 * A block that was never written or was deallocated has protection information of all ones, which switches its checks
 * off, and other metadata of zeroes (NVM Command Set Specification 1.2, sections 3.3.3.2 and 5.3.3).
 */
export interface MetadataArea {
  readonly bytesPerBlock: number;
  read(lba: number, blocks: number, target: Uint8Array): void;
  write(lba: number, blocks: number, source: Uint8Array): void;
  /** As memmove. */
  copy(source: number, destination: number, blocks: number): void;
  /** As never written. */
  deallocate(lba: number, blocks: number): void;
  zero(lba: number, blocks: number): void;
  /** Makes all that was written durable, as far as the medium can. */
  flush(): void;
  /** Releases the medium; idempotent. */
  close(): void;
}

const BLOCKS_PER_PAGE = 1024;

type Piece = (page: Uint8Array, from: number, to: number, done: number) => void;

/** Metadata in memory; what was never written takes none. `defaults`: that of one block that was never written. */
export function metadataArea(defaults: Uint8Array): MetadataArea {
  const bytesPerBlock = defaults.length;
  const pages = new Map<number, Uint8Array>();
  const bytesPerPage = BLOCKS_PER_PAGE * bytesPerBlock;
  const blank = new Uint8Array(bytesPerPage);
  for (let at = 0; at < bytesPerPage; at += bytesPerBlock) blank.set(defaults, at);

  const pageToChange = (number: number): Uint8Array => {
    const found = pages.get(number);
    if (found !== undefined) return found;
    const page = blank.slice();
    pages.set(number, page);
    return page;
  };

  /** Calls `visit` for each page's part of the blocks. `forChange` pages are made where there are none. */
  const walk = (lba: number, blocks: number, forChange: boolean, visit: Piece): void => {
    for (let done = 0; done < blocks; ) {
      const number = Math.floor((lba + done) / BLOCKS_PER_PAGE);
      const first = (lba + done) % BLOCKS_PER_PAGE;
      const count = Math.min(BLOCKS_PER_PAGE - first, blocks - done);
      const page = forChange ? pageToChange(number) : (pages.get(number) ?? blank);
      visit(page, first * bytesPerBlock, (first + count) * bytesPerBlock, done * bytesPerBlock);
      done += count;
    }
  };

  const area: MetadataArea = {
    bytesPerBlock,
    read(lba, blocks, target) {
      walk(lba, blocks, false, (page, from, to, at) => target.set(page.subarray(from, to), at));
    },
    write(lba, blocks, source) {
      walk(lba, blocks, true, (page, from, to, at) => {
        page.set(source.subarray(at, at + to - from), from);
      });
    },
    copy(source, destination, blocks) {
      const held = new Uint8Array(blocks * bytesPerBlock);
      area.read(source, blocks, held);
      area.write(destination, blocks, held);
    },
    deallocate(lba, blocks) {
      for (let at = lba; at < lba + blocks; ) {
        const number = Math.floor(at / BLOCKS_PER_PAGE);
        const first = at % BLOCKS_PER_PAGE;
        const count = Math.min(BLOCKS_PER_PAGE - first, lba + blocks - at);
        if (count === BLOCKS_PER_PAGE) pages.delete(number);
        else {
          const from = first * bytesPerBlock;
          const to = from + count * bytesPerBlock;
          pages.get(number)?.set(blank.subarray(from, to), from);
        }
        at += count;
      }
    },
    zero(lba, blocks) {
      walk(lba, blocks, true, (page, from, to) => page.fill(0, from, to));
    },
    flush() {},
    close() {},
  };
  return area;
}
