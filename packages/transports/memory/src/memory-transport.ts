import type { Clock, DeviceModel, Transport } from "@blockferry/core";
import { closedError, executeAdmin } from "./admin-commands.ts";
import { deviceOf } from "./device.ts";
import { MemoryQueue } from "./memory-queue.ts";
import { type MemoryTransportOptions, settingsOf } from "./options.ts";
import { processClock } from "./process-clock.ts";

/** A way to an emulated device in the same process. */
export interface MemoryTransport extends Transport {
  readonly clock: Clock;
}

/**
 * A loopback to an emulated device. Everything is serialised: the model sees copies of the command and list bytes as they
 * were at the doorbell, and its completions are bytes in queue memory. The model stays its maker's: `close` does not close
 * it.
 *
 * @throws RangeError naming the option that cannot be.
 */
export function memoryTransport(
  model: DeviceModel,
  options: MemoryTransportOptions = {},
): MemoryTransport {
  const settings = settingsOf(options);
  const device = deviceOf(model, settings);
  return {
    name: options.name ?? "memory",
    supports: {
      listBytesMax: settings.listBytesMax,
      dataBytesMax: settings.dataBytesMax,
      queueDepthMax: settings.queueDepthMax,
    },
    clock: options.clock ?? processClock,
    execute: (command, adminOptions) => executeAdmin(device, command, adminOptions),
    connect(memory, sink) {
      if (device.isClosed) throw closedError();
      return new MemoryQueue(device, memory, sink);
    },
    async close() {
      if (device.isClosed) return;
      device.isClosed = true;
      for (const party of [...device.parties]) party.onClose();
    },
  };
}
