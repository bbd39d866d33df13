import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { type MemoryStore, memoryStore } from "../../../packages/stores/memory/src/index.ts";

/** A file of this size, without blocks. One that is there already stays as it is. */
export function sparseFile(path: string, bytes: number): string {
  if (existsSync(path)) return path;
  const fd = openSync(path, "w");
  ftruncateSync(fd, bytes);
  closeSync(fd);
  return path;
}

/** What is in an image, for a model in this process; zeroes where there is none. */
export function loadImage(path: string, bytes: number): MemoryStore {
  const store = memoryStore({ bytes });
  if (existsSync(path)) store.write(0, readFileSync(path));
  return store;
}

export function saveImage(store: MemoryStore, path: string): void {
  const bytes = new Uint8Array(store.bytes);
  store.read(0, bytes);
  writeFileSync(path, bytes);
}
