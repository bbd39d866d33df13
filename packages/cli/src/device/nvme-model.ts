import { blockDevice } from "@blockferry/block";
import { openNvmeController } from "@blockferry/device-nvme";
import {
  type Fault,
  type NvmeMetadataOptions,
  type NvmeModelOptions,
  nvmeModel,
} from "@blockferry/device-nvme/model";
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
import { metadataFormat, openMetadataStore } from "./metadata-store.ts";
import { addBottom, noBottoms, openStores, placesOf } from "./model-places.ts";
import type { OpenedStore, StorePlace } from "./model-store.ts";
import { nvmeNative } from "./nvme-native.ts";
import type { OpenedScheme, PreparedScheme, SchemeOptions } from "./scheme.ts";

const BYTES_PER_BLOCK_DEFAULT = "512";
const FIRST_NSID = 1;

/** Where each namespace keeps its blocks and their metadata, by number. */
interface Kept {
  readonly stores: ReadonlyMap<number, OpenedStore>;
  readonly metadata: ReadonlyMap<number, NvmeMetadataOptions>;
}

/** Opens the stores of all metadata, or none. */
async function openMetadata(
  places: ReadonlyMap<number, StorePlace>,
  stores: ReadonlyMap<number, OpenedStore>,
  format: NvmeMetadataOptions,
  { meta, bytesPerBlock }: { readonly meta: string | undefined; readonly bytesPerBlock: number },
  options: SchemeOptions,
): Promise<Map<number, NvmeMetadataOptions>> {
  const metadata = new Map<number, NvmeMetadataOptions>();
  try {
    for (const [nsid, { store }] of stores) {
      const own = nsid === FIRST_NSID ? meta : undefined;
      const blocks = store.bytes / bytesPerBlock;
      const kept = await openMetadataStore(places.get(nsid), own, blocks, format, options);
      metadata.set(nsid, kept === undefined ? format : { ...format, store: kept });
    }
    return metadata;
  } catch (error) {
    for (const one of metadata.values()) one.store?.close();
    throw error;
  }
}

async function openKept(
  uri: DeviceUri,
  parameters: NvmeModelParameters,
  bytesPerBlock: number,
  options: SchemeOptions,
): Promise<Kept> {
  const places = placesOf(uri, parameters, bytesPerBlock, "ns", FIRST_NSID);
  const format = metadataFormat(uri, parameters);
  const stores = await openStores(places, bytesPerBlock, options);
  if (format === undefined) return { stores, metadata: new Map() };
  const { meta } = parameters;
  try {
    const metadata = await openMetadata(places, stores, format, { meta, bytesPerBlock }, options);
    return { stores, metadata };
  } catch (error) {
    for (const { store } of stores.values()) store.close();
    throw error;
  }
}

function modelOptions(
  parameters: NvmeModelParameters,
  { stores, metadata }: Kept,
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
    namespaces: [...stores].map(([nsid, { store }]) => {
      const format = metadata.get(nsid);
      const formatted = format === undefined ? {} : { metadata: format };
      return { nsid, store, bytesPerBlock, ...limits, ...formatted };
    }),
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
  const kept = await openKept(uri, parameters, bytesPerBlock, options);
  const { stores } = kept;
  const model = nvmeModel(modelOptions(parameters, kept, bytesPerBlock, options));
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
    store: stores.get(FIRST_NSID)?.part,
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
  placesOf(uri, parameters, bytesPerBlock, "ns", FIRST_NSID);
  metadataFormat(uri, parameters);
  for (const fault of parameters.fault ?? []) parseFault(nvmeFaults, fault, bytesPerBlock);
  return {
    bytesPerBlock,
    open: (options) => openModel(uri, parameters, bytesPerBlock, options),
  };
}
