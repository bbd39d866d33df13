import { blockDevice } from "@blockferry/block";
import { openNvmeController } from "@blockferry/device-nvme";
import { type Fault, type NvmeModelOptions, nvmeModel } from "@blockferry/device-nvme/model";
import { memoryTransport } from "@blockferry/transport-memory";
import type { DeviceUri } from "../parse/device-uri.ts";
import {
  type NvmeModelParameters,
  nvmeModelParameterNames,
  nvmeModelParameters,
} from "../schema/nvme-model-parameters.ts";
import { checkParameters } from "../schema/uri-parameters.ts";
import { tracedTransport } from "../trace/traced-transport.ts";
import { parseFault } from "./fault-grammar.ts";
import { nvmeFaults } from "./fault-kinds.ts";
import { addBottom, noBottoms, openStores, placesOf } from "./model-places.ts";
import type { OpenedStore } from "./model-store.ts";
import { nvmeNative } from "./nvme-native.ts";
import type { OpenedScheme, PreparedScheme, SchemeOptions } from "./scheme.ts";

const BYTES_PER_BLOCK_DEFAULT = "512";

function modelOptions(
  parameters: NvmeModelParameters,
  stores: ReadonlyMap<number, OpenedStore>,
  bytesPerBlock: number,
  { onStoreCopy, onFailure }: SchemeOptions,
): NvmeModelOptions {
  const { mssrl, mcl, msrc, mdts, peer, validate, fault = [], copy } = parameters;
  const limits = {
    ...(mssrl === undefined ? {} : { mssrl }),
    ...(mcl === undefined ? {} : { mcl }),
    ...(msrc === undefined ? {} : { msrc }),
  };
  return {
    namespaces: [...stores].map(([nsid, { store }]) => ({ nsid, store, bytesPerBlock, ...limits })),
    faults: fault.map((text) => parseFault<Fault>(nvmeFaults, text, bytesPerBlock)),
    ...(onFailure === undefined ? {} : { onStoreError: onFailure }),
    ...(onStoreCopy === undefined
      ? {}
      : {
          onStoreCopy: (means, blocks, nsid, _source, destination) =>
            onStoreCopy(means, blocks, nsid, destination),
        }),
    ...(copy === "off" ? { commands: { copy: false } } : {}),
    ...(mdts === undefined ? {} : { mdts }),
    ...(peer === undefined ? {} : { peer }),
    ...(validate === undefined ? {} : { validate }),
  };
}

async function openModel(
  uri: DeviceUri,
  parameters: NvmeModelParameters,
  bytesPerBlock: number,
  options: SchemeOptions,
): Promise<OpenedScheme> {
  const places = placesOf(uri, parameters, bytesPerBlock, "ns", 1);
  const stores = await openStores(places, bytesPerBlock, options);
  const model = nvmeModel(modelOptions(parameters, stores, bytesPerBlock, options));
  const transport = tracedTransport(memoryTransport(model), "nvme", options.onCommand);
  const { peer } = parameters;
  const controller = await openNvmeController(transport, {
    peer: peer === "ideal" ? "standard" : peer,
  });
  const { depth } = parameters;
  const found = noBottoms();
  for (const target of controller.namespaces) {
    const device = blockDevice({
      name: `ns${target.nsid}`,
      target,
      commandSet: controller.commandSet,
      transport,
      ...(depth === undefined ? {} : { queueDepth: depth }),
    });
    addBottom(found, device, stores.get(target.nsid));
  }
  return {
    family: "nvme",
    ...found,
    native: () => nvmeNative(transport, [...stores.keys()]),
    store: stores.get(1)?.part,
    peer: controller.peer,
    async close() {
      await transport.close();
      model.close();
      for (const { closeReader } of stores.values()) closeReader();
    },
  };
}

/** Checks a URI of an emulated NVMe controller: `nvme-model:IMAGE?…` or `nvme-model:?size=…`. */
export function prepareNvmeModel(uri: DeviceUri): PreparedScheme {
  const parameters = checkParameters(uri, nvmeModelParameters, nvmeModelParameterNames, ["fault"]);
  const bytesPerBlock = Number(parameters.bs ?? BYTES_PER_BLOCK_DEFAULT);
  placesOf(uri, parameters, bytesPerBlock, "ns", 1);
  for (const fault of parameters.fault ?? []) parseFault(nvmeFaults, fault, bytesPerBlock);
  return {
    bytesPerBlock,
    open: (options) => openModel(uri, parameters, bytesPerBlock, options),
  };
}
