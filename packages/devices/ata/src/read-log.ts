import type { Transport } from "@blockferry/core";
import { opcode } from "./codec/commands.ts";
import { registerDeviceToHost } from "./codec/fis/register-device-to-host.ts";
import type { LogDirectory } from "./codec/logs/log-directory.ts";
import { type TaskFile, taskFileFis } from "./codec/task-file.ts";
import { isSuccess } from "./status-map.ts";

const PAGE_BYTES = 512;

/** How logs of a disk are read, and which there are. */
export interface Logs {
  readonly isDma: boolean;
  readonly directory: LogDirectory;
}

/** Sends a command that is not queued. Returns its completion. */
export async function sendTaskFile(
  transport: Transport,
  taskFile: TaskFile,
  dataIn?: Uint8Array,
  signal?: AbortSignal,
): Promise<{ readonly status: number; readonly error: number; readonly lba: number }> {
  const options = {
    ...(dataIn === undefined ? {} : { dataIn }),
    ...(signal === undefined ? {} : { signal }),
  };
  const completion = await transport.execute(taskFileFis(taskFile), options);
  const decoded = registerDeviceToHost.decode(completion, 0, { lenient: true });
  if (!decoded.ok || completion[0] !== 0x34) return { status: 0x01, error: 0, lba: 0 };
  return { status: completion[2], error: completion[3], lba: decoded.value.lba };
}

/** One page of a log (READ LOG DMA EXT, or READ LOG EXT); `undefined` where the disk has none. */
export async function readLogPage(
  transport: Transport,
  isDma: boolean,
  address: number,
  page: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const command = isDma ? opcode.readLogDmaExt : opcode.readLogExt;
  const lba = address + (page % 256) * 256 + Math.floor(page / 256) * 2 ** 32;
  const bytes = new Uint8Array(PAGE_BYTES);
  const { status } = await sendTaskFile(transport, { command, count: 1, lba }, bytes, signal);
  return isSuccess(status) ? bytes : undefined;
}
