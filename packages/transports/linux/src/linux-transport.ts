import type { Clock, FerryError, Transport } from "@blockferry/core";
import { processClock } from "./clock.ts";
import { LinuxDevice } from "./device.ts";
import { execute } from "./execute.ts";
import type { LinuxKernel } from "./kernel.ts";
import { LinuxQueue } from "./linux-queue.ts";
import type { PassThrough } from "./pass-through.ts";

/** Options of every transport to a real device. */
export interface LinuxTransportOptions {
  /** How long the kernel waits for the device's answer to a command before it aborts it. Default 30,000 ms. */
  readonly timeoutMs?: number | undefined;
  /**
   * Send nothing that writes: such commands are answered as a write-protected device answers them. Default false. What is
   * opened for reading only is claimed by nobody, and may be in use.
   */
  readonly readonly?: boolean | undefined;
  /** Use a device in spite of a file system, swap space or another device on it. Default false. */
  readonly force?: boolean | undefined;
  /** Commands in flight at most; each takes a thread. Default 8. */
  readonly queueDepthMax?: number | undefined;
  /**
   * Told of an error of the kernel that met a queue's command, with its name and what to do. The command itself is
   * completed as the family tells of a failed path, because a completion has no room for it.
   */
  readonly onError?: ((error: FerryError) => void) | undefined;
  /**
   * What a reset does: `wait` (default) waits until the kernel's own error handling has ended what is in flight; `device`
   * resets the device too (NVME_IOCTL_RESET, SG_SCSI_RESET), which ends the commands of everybody who uses it.
   */
  readonly reset?: "wait" | "device" | undefined;
  /** Time for deadlines. Default: the process's own. */
  readonly clock?: Clock | undefined;
  /** Answers in the kernel's place. Default: the kernel. */
  readonly kernel?: LinuxKernel | undefined;
}

export const DEPTH_DEFAULT = 8;
const TIMEOUT_DEFAULT_MS = 30_000;
const TIMEOUT_MAX_MS = 0xffff_ffff;

/** The time that the kernel gives a command, as it takes it: whole milliseconds, at least one. */
export function kernelTimeoutMs({ timeoutMs = TIMEOUT_DEFAULT_MS }: LinuxTransportOptions): number {
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0 || timeoutMs > TIMEOUT_MAX_MS) {
    throw new RangeError(`timeoutMs is 1 to ${TIMEOUT_MAX_MS}, not ${timeoutMs}`);
  }
  return Math.max(1, Math.round(timeoutMs));
}

/** What a transport is made of. */
export interface TransportParts {
  readonly name: string;
  readonly kernel: LinuxKernel;
  readonly passThrough: PassThrough;
  /** Bytes of one command's data at most. */
  readonly dataBytesMax: number;
  readonly queueDepthMax: number;
  /** Closes the files, when nothing is in flight. */
  readonly release: () => void;
}

/** A transport over the kernel's pass-through. */
export function linuxTransport(
  { name, kernel, passThrough, dataBytesMax, queueDepthMax, release }: TransportParts,
  { onError, clock = processClock }: LinuxTransportOptions,
): Transport {
  const device = new LinuxDevice(kernel, passThrough, name, onError ?? (() => {}), release);
  return {
    name,
    supports: { listBytesMax: dataBytesMax, dataBytesMax, queueDepthMax },
    clock,
    execute: (command, options) => execute(device, command, options),
    connect(memory, sink) {
      device.requireOpen();
      return new LinuxQueue(device, memory, sink, queueDepthMax);
    },
    async close() {
      device.close();
    },
  };
}
