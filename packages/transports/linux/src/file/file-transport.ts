import { statSync } from "node:fs";
import type { Transport } from "@blockferry/core";
import { linuxKernel } from "../kernel.ts";
import { DEPTH_DEFAULT, type LinuxTransportOptions, linuxTransport } from "../linux-transport.ts";
import type { Surroundings } from "../node/surroundings.ts";
import { errnoOf, systemError } from "../system-error.ts";
import { filePassThrough } from "./file-pass-through.ts";
import type { FileTarget } from "./file-target.ts";
import { type OpenedFile, openFile } from "./open-file.ts";

export interface FileTransportOptions
  extends Omit<LinuxTransportOptions, "timeoutMs" | "reset" | "onError"> {
  /** Files, or block devices. Copies go inside one or from one to another. */
  readonly paths: readonly string[];
  /** Bytes per block: a power of two. Default 512 for files; block devices have one of their own. */
  readonly bytesPerBlock?: number | undefined;
  readonly surroundings?: Surroundings | undefined;
}

/** A transport to the kernel's own copy calls. */
export interface FileTransport extends Transport {
  /** The files as devices, in the order of `paths`. */
  readonly targets: readonly FileTarget[];
}

const TRANSFER_BYTES_MAX = 2 ** 20;

function isBlockDevice(path: string): boolean {
  try {
    return statSync(path).isBlockDevice();
  } catch (error) {
    throw systemError("FERRY_TRANSPORT_OPEN", path, errnoOf(error) ?? 0, { path });
  }
}

function requireBlockSize(bytes: number | undefined): void {
  if (bytes === undefined) return;
  const isPower = Number.isInteger(bytes) && bytes > 0 && Number.isInteger(Math.log2(bytes));
  if (!isPower) throw new RangeError(`bytesPerBlock is a power of two, not ${bytes}`);
}

/**
 * A way to have the kernel copy in files: by FICLONERANGE where the file system shares blocks, else by copy_file_range(2).
 * Its commands are those of `fileCommandSet`. In block devices the kernel copies nothing; they can be read and written.
 *
 * @throws FerryError `FERRY_LINUX_UNAVAILABLE`, `FERRY_TRANSPORT_OPEN`, `…_NO_DEVICE`, `…_IN_USE`, `…_SIZE`
 */
export function fileTransport(options: FileTransportOptions): FileTransport {
  const { paths, bytesPerBlock, surroundings, readonly = false, force = false } = options;
  const { queueDepthMax = DEPTH_DEFAULT } = options;
  if (paths.length === 0) throw new RangeError("a transport has at least one file");
  requireBlockSize(bytesPerBlock);
  const kernel = options.kernel ?? linuxKernel(queueDepthMax);
  const files: OpenedFile[] = [];
  const release = (): void => {
    for (const file of files.splice(0)) file.close();
    kernel.end();
  };
  try {
    paths.forEach((path, number) => {
      const open = { number, path, bytesPerBlock, isReadonly: readonly, force, surroundings };
      files.push(openFile(kernel, isBlockDevice(path), open));
    });
    const passThrough = filePassThrough(kernel, [...files], readonly);
    const dataBytesMax = TRANSFER_BYTES_MAX;
    const name = paths.join(",");
    const parts = { name, kernel, passThrough, dataBytesMax, queueDepthMax, release };
    return { ...linuxTransport(parts, options), targets: files.map(({ target }) => target) };
  } catch (error) {
    release();
    throw error;
  }
}
