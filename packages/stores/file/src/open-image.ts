import { closeSync, constants, fstatSync, ftruncateSync, openSync, unlinkSync } from "node:fs";
import { FerryError } from "@blockferry/core";
import { fileSystemOf, type LinuxCalls } from "@blockferry/linux";
import type { Image } from "./image.ts";
import { type Lock, lockImage } from "./lock.ts";
import { storeError } from "./store-error.ts";

/** What to open. */
export interface OpenRequest {
  readonly path: string;
  /** Make a new image of this size. */
  readonly createBytes: number | undefined;
  readonly readonly: boolean;
  readonly force: boolean;
  readonly calls: LinuxCalls | undefined;
}

const { O_CREAT, O_EXCL, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;
// Where the file system does not say.
const bytesPerFileSystemBlockDefault = 4096;

function openDescriptor(request: OpenRequest): number {
  const { path, createBytes, readonly } = request;
  const isNew = createBytes !== undefined;
  // O_NONBLOCK: opening a named pipe must be refused, not wait for its other end.
  const flags = (readonly ? O_RDONLY : O_RDWR) | (isNew ? O_CREAT | O_EXCL : 0) | (O_NONBLOCK ?? 0);
  try {
    return openSync(path, flags, 0o666);
  } catch (cause) {
    throw storeError(path, isNew ? "make" : "open", cause);
  }
}

function requireRegularFile(path: string, fd: number): void {
  const status = fstatSync(fd);
  if (status.isFile()) return;
  const [is, hint] = status.isDirectory()
    ? ["a directory", "name an image file in it"]
    : status.isBlockDevice()
      ? ["a block device", "use a transport to reach a real device"]
      : ["not a regular file", "name an image file"];
  throw new FerryError("FERRY_STORE_NOT_A_FILE", `cannot keep blocks in ${path}: it is ${is}`, {
    details: { path },
    hint: hint as string,
  });
}

function fileSystemBlock(fd: number): number {
  try {
    const { bytesPerBlock } = fileSystemOf(fd);
    return bytesPerBlock > 0 ? bytesPerBlock : bytesPerFileSystemBlockDefault;
  } catch {
    return bytesPerFileSystemBlockDefault; // a wrong guess makes a clone be refused, no more
  }
}

function setUp(request: OpenRequest, fd: number): { image: Image; lock: Lock } {
  const { path, createBytes, calls } = request;
  requireRegularFile(path, fd);
  const lock = lockImage({ ...request, fd });
  try {
    if (createBytes !== undefined) ftruncateSync(fd, createBytes);
  } catch (cause) {
    lock.release();
    throw storeError(path, "make", cause, { bytes: createBytes });
  }
  const bytes = fstatSync(fd).size;
  const bytesPerFileSystemBlock = calls === undefined ? 1 : fileSystemBlock(fd);
  return { image: { path, fd, bytes, calls, bytesPerFileSystemBlock }, lock };
}

/** Opens, checks, locks and measures an image; undoes all of it where one of them fails. */
export function openImage(request: OpenRequest): { image: Image; lock: Lock } {
  const fd = openDescriptor(request);
  try {
    return setUp(request, fd);
  } catch (error) {
    closeSync(fd);
    if (request.createBytes !== undefined) unlinkSync(request.path);
    throw error;
  }
}
