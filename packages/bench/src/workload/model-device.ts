import { type BottomDevice, blockDevice } from "@blockferry/block";
import type { Store } from "@blockferry/core";
import { openNvmeController } from "@blockferry/device-nvme";
import { nvmeModel } from "@blockferry/device-nvme/model";
import { memoryTransport } from "@blockferry/transport-memory";

/** Bytes of a block of the emulated namespaces that data is copied in. */
export const BYTES_PER_BLOCK = 4096;

/** An emulated namespace over a store, as a block device. `copies` false takes its Copy command away. */
export async function modelDevice(
  store: Store,
  copies: boolean,
): Promise<{ readonly device: BottomDevice; close(): Promise<void> }> {
  const model = nvmeModel({
    namespaces: [{ store, bytesPerBlock: BYTES_PER_BLOCK }],
    ...(copies ? {} : { commands: { copy: false } }),
  });
  const transport = memoryTransport(model);
  const { commandSet, namespaces } = await openNvmeController(transport);
  const target = namespaces[0];
  if (target === undefined) throw new Error("the emulated controller has no namespace");
  return {
    device: blockDevice({ target, commandSet, transport }),
    close: () => transport.close(),
  };
}
