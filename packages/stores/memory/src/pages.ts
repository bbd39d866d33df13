/** Pages in a directory. A directory of 64 KiB pages spans 64 MiB. */
const PAGES_PER_DIRECTORY = 1024;

type Directory = (Uint8Array | undefined)[];

/**
 * A sparse array of pages. Two levels, so that reading past an empty terabyte looks at thousands of
 * directories, not at millions of pages.
 */
export interface Pages {
  readonly bytesPerPage: number;
  get(index: number): Uint8Array | undefined;
  set(index: number, page: Uint8Array): void;
  drop(index: number): void;
  dropAll(): void;
  /** The first page at or after `index` that is there; `Infinity` where none is. */
  next(index: number): number;
  /** How many pages are there. */
  count(): number;
}

/** No pages yet. */
export function emptyPages(bytesPerPage: number): Pages {
  let directories: (Directory | undefined)[] = [];
  let count = 0;

  function get(index: number): Uint8Array | undefined {
    const directory = directories[Math.floor(index / PAGES_PER_DIRECTORY)];
    return directory?.[index % PAGES_PER_DIRECTORY];
  }

  function set(index: number, page: Uint8Array): void {
    const place = Math.floor(index / PAGES_PER_DIRECTORY);
    let directory = directories[place];
    if (directory === undefined) {
      directory = new Array<Uint8Array | undefined>(PAGES_PER_DIRECTORY).fill(undefined);
      directories[place] = directory;
    }
    if (directory[index % PAGES_PER_DIRECTORY] === undefined) count++;
    directory[index % PAGES_PER_DIRECTORY] = page;
  }

  function drop(index: number): void {
    if (get(index) === undefined) return;
    const directory = directories[Math.floor(index / PAGES_PER_DIRECTORY)] as Directory;
    directory[index % PAGES_PER_DIRECTORY] = undefined;
    count--;
  }

  function next(index: number): number {
    let at = index;
    while (Math.floor(at / PAGES_PER_DIRECTORY) < directories.length) {
      const directory = directories[Math.floor(at / PAGES_PER_DIRECTORY)];
      const within = at % PAGES_PER_DIRECTORY;
      if (directory?.[within] !== undefined) return at;
      at += directory === undefined ? PAGES_PER_DIRECTORY - within : 1;
    }
    return Number.POSITIVE_INFINITY;
  }

  return {
    bytesPerPage,
    get,
    set,
    drop,
    next,
    dropAll() {
      directories = [];
      count = 0;
    },
    count: () => count,
  };
}
