/**
 * A raw image file as a store for emulated devices; copies inside it by reflink where there is one.
 *
 * @packageDocumentation
 */
export type { FileCopyMeans } from "./copy-state.ts";
export { type FileStore, type FileStoreOptions, fileStore } from "./file-store.ts";
export type { LockMeans } from "./lock.ts";
export { wholeBlocks } from "./whole-blocks.ts";
