import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { FerryError, type Store } from "@blockferry/core";
import { parseBlocks } from "../parse/quantity.ts";
import type { StorePart } from "../schema/info-document.ts";
import type { RawRead } from "../verify/raw-reader.ts";
import type { SchemeOptions } from "./scheme.ts";

/** Where an emulated namespace keeps its blocks. */
export interface StorePlace {
  /** An image, or `undefined` for memory. */
  readonly path?: string;
  /** Capacity of a store in memory, or of an image to be made. */
  readonly bytes?: number;
}

/** A store that was opened, and a way to read it that does not go through it. */
export interface OpenedStore {
  readonly store: Store;
  readonly part: StorePart;
  readonly rawRead: RawRead;
  /** Closes the reader; the store is the model's to close. */
  closeReader(): void;
}

/**
 * A size in a URI, in bytes.
 *
 * @throws FerryError `FERRY_URI_PARAMETER` for sizes that cannot be, `FERRY_SIZE_…`
 */
export function sizeParameter(name: string, text: string, bytesPerBlock: number): number {
  const bytes = parseBlocks(text, bytesPerBlock) * bytesPerBlock;
  if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw new FerryError(
    "FERRY_URI_PARAMETER",
    `parameter ${name} is "${text}"; it must be at least one block and at most 2^53-1 bytes`,
    { details: { parameter: name, value: text } },
  );
}

async function openFile(
  path: string,
  createBytes: number | undefined,
  { readonly, force }: SchemeOptions,
): Promise<OpenedStore> {
  const { fileStore } = await import("@blockferry/store-file");
  const isNew = createBytes !== undefined && readonly !== true && !existsSync(path);
  const store = fileStore({
    path,
    readonly: readonly === true,
    force: force === true,
    ...(isNew ? { create: { bytes: createBytes } } : {}),
  });
  const { bytes, copyMeans, lockMeans } = store;
  // A descriptor of its own, opened when it is first needed.
  let fd: number | undefined;
  return {
    store,
    part: { kind: "file", path, bytes, copyMeans, lockMeans },
    rawRead(offset, target) {
      fd ??= openSync(path, "r");
      for (let done = 0; done < target.length; ) {
        const got = readSync(fd, target, done, target.length - done, offset + done);
        if (got === 0) {
          throw new FerryError(
            "FERRY_STORE_SHRUNK",
            `the image ${path} ends before ${offset + done}`,
            {
              details: { path, offset: offset + done },
            },
          );
        }
        done += got;
      }
    },
    closeReader() {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

async function openMemory(bytes: number): Promise<OpenedStore> {
  const { memoryStore } = await import("@blockferry/store-memory");
  const store = memoryStore({ bytes });
  return {
    store,
    part: { kind: "memory", bytes, copyMeans: "memory" },
    rawRead: (offset, target) => store.read(offset, target),
    closeReader() {},
  };
}

/** Opens a store. @throws FerryError `FERRY_STORE_…` */
export function openModelStore(place: StorePlace, options: SchemeOptions): Promise<OpenedStore> {
  return place.path === undefined
    ? openMemory(place.bytes ?? 0)
    : openFile(place.path, place.bytes, options);
}
