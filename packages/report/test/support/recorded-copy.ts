import { blockDevice, copy, numberDevices, striped } from "@blockferry/block";
import type { BlockRange, PairingStrategy } from "@blockferry/core";
import { openNvmeController } from "@blockferry/device-nvme";
import { nvmeModel } from "@blockferry/device-nvme/model";
import { memoryStore } from "@blockferry/store-memory";
import { memoryTransport } from "@blockferry/transport-memory";
import { eventRecorder } from "../../src/index.ts";

/** The events of a copy over stripes of 64 blocks on two namespaces, and the names of its devices. */
export async function recordedCopy(
  strategy: PairingStrategy,
  sources: readonly BlockRange[],
  destination: number,
) {
  const namespaces = [1, 2].map(() => ({ store: memoryStore({ bytes: 2 ** 24 }) }));
  const transport = memoryTransport(nvmeModel({ namespaces }));
  const controller = await openNvmeController(transport);
  const { commandSet } = controller;
  const devices = controller.namespaces.map((target, i) =>
    blockDevice({ target, commandSet, transport, name: `ns${i + 1}` }),
  );
  const device = striped({ devices, stripeBlocks: 64 });
  const { sink, events } = eventRecorder();
  const { status } = await copy(device, { sources, destination }, { strategy, trace: sink });
  await controller.close();
  return { status, events, devices: numberDevices([device]).map(({ name }) => name) };
}
