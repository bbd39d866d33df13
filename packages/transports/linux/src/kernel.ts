import { closeSync, fsyncSync, openSync } from "node:fs";
import {
  type BlockDevice,
  type CallDone,
  type CallPool,
  type IoctlResult,
  requireLinux,
} from "@blockferry/linux";

/**
 * What this package uses of the kernel. The real one is `linuxKernel()`; another one answers in its place in tests, and in
 * front of an emulated device.
 */
export interface LinuxKernel {
  /** open(2). @throws NodeJS.ErrnoException */
  open(path: string, flags: number): number;
  close(fd: number): void;
  fsync(fd: number): void;
  /** ioctl(2), for calls that do not wait. */
  ioctl(fd: number, request: number, argument: Uint8Array): IoctlResult;
  /** ioctl(2) on a thread. `done` holds what the kernel reads and writes. */
  submit(fd: number, request: number, argument: Uint8Array, done: CallDone): void;
  readonly ranges: Pick<CallPool, "copyFileRange" | "cloneRange">;
  blockDevice(fd: number): BlockDevice;
  /** Zeroed memory that begins at a page. */
  alignedBuffer(bytes: number): Uint8Array;
  addressOf(view: Uint8Array): bigint;
  /** Calls at a time. */
  readonly threadsMax: number;
  /** Ends its threads, when what they do has ended; idempotent. */
  end(): void;
}

/**
 * The kernel that this process runs on.
 * @throws FerryError `FERRY_LINUX_UNAVAILABLE` where there is none to call, and why.
 */
export function linuxKernel(threadsMax?: number): LinuxKernel {
  const calls = requireLinux();
  const pool = calls.callPool(threadsMax === undefined ? {} : { threadsMax });
  return {
    open: openSync,
    close: closeSync,
    fsync: fsyncSync,
    ioctl: calls.ioctl,
    submit: (fd, request, argument, done) => pool.ioctl(fd, request, argument, done),
    ranges: pool,
    blockDevice: calls.blockDevice,
    alignedBuffer: (bytes) => calls.alignedBuffer(bytes),
    addressOf: calls.addressOf,
    threadsMax: pool.threadsMax,
    end: () => void pool.close(),
  };
}
