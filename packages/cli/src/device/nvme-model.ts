import { type BlockDevice, blockDevice } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { openNvmeController } from "@blockferry/device-nvme";
import { type NvmeModelOptions, nvmeModel } from "@blockferry/device-nvme/model";
import { wholeBlocks } from "@blockferry/store-file";
import { memoryTransport } from "@blockferry/transport-memory";
import type { DeviceUri } from "../parse/device-uri.ts";
import {
  type NvmeModelParameters,
  nvmeModelParameterNames,
  nvmeModelParameters,
} from "../schema/nvme-model-parameters.ts";
import { checkParameters } from "../schema/uri-parameters.ts";
import type { RawRead } from "../verify/raw-reader.ts";
import { parseFault } from "./fault-parameter.ts";
import { type OpenedStore, openModelStore, type StorePlace, sizeParameter } from "./model-store.ts";
import { nvmeNative } from "./nvme-native.ts";
import type { OpenedScheme, PreparedScheme, SchemeOptions } from "./scheme.ts";

const BYTES_PER_BLOCK_DEFAULT = "512";
const MEMORY = "memory:";

function refuse(uri: DeviceUri, message: string, hint: string): FerryError {
  return new FerryError("FERRY_URI_PARAMETER", message, { details: { uri: uri.text }, hint });
}

function firstPlace(
  uri: DeviceUri,
  { size, create }: NvmeModelParameters,
  bytesPerBlock: number,
): StorePlace {
  if (uri.path === "") {
    if (create !== undefined) {
      throw refuse(
        uri,
        "create= makes an image, but none is named",
        "nvme-model:disk.img?create=1GiB",
      );
    }
    if (size === undefined) {
      throw refuse(uri, "the device has neither an image nor a size", "nvme-model:?size=1GiB");
    }
    return { bytes: sizeParameter("size", size, bytesPerBlock) };
  }
  if (size !== undefined) {
    throw refuse(
      uri,
      "size= is for a device in memory; an image has the size it has",
      "create=SIZE makes an image that is not there",
    );
  }
  if (create === undefined) return { path: uri.path };
  return { path: uri.path, bytes: sizeParameter("create", create, bytesPerBlock) };
}

/** Where each namespace keeps its blocks, by NSID. */
function placesOf(
  uri: DeviceUri,
  parameters: NvmeModelParameters,
  bytesPerBlock: number,
): Map<number, StorePlace> {
  const places = new Map([[1, firstPlace(uri, parameters, bytesPerBlock)]]);
  for (const [name, value] of Object.entries(parameters)) {
    const match = /^ns([0-9]+)$/.exec(name);
    if (match === null || typeof value !== "string") continue;
    const place = value.startsWith(MEMORY)
      ? { bytes: sizeParameter(name, value.slice(MEMORY.length), bytesPerBlock) }
      : { path: value };
    places.set(Number(match[1]), place);
  }
  return places;
}

/** Opens all stores, or none. */
async function openStores(
  places: ReadonlyMap<number, StorePlace>,
  bytesPerBlock: number,
  options: SchemeOptions,
): Promise<Map<number, OpenedStore>> {
  const stores = new Map<number, OpenedStore>();
  try {
    for (const [nsid, place] of places) {
      const opened = await openModelStore(place, options);
      stores.set(nsid, opened);
      wholeBlocks(opened.store, bytesPerBlock);
    }
    return stores;
  } catch (error) {
    for (const { store } of stores.values()) store.close();
    throw error;
  }
}

function modelOptions(
  parameters: NvmeModelParameters,
  stores: ReadonlyMap<number, OpenedStore>,
  bytesPerBlock: number,
  { onStoreCopy, onStoreError }: SchemeOptions,
): NvmeModelOptions {
  const { mssrl, mcl, msrc, mdts, peer, validate, fault = [], copy } = parameters;
  const limits = {
    ...(mssrl === undefined ? {} : { mssrl }),
    ...(mcl === undefined ? {} : { mcl }),
    ...(msrc === undefined ? {} : { msrc }),
  };
  return {
    namespaces: [...stores].map(([nsid, { store }]) => ({ nsid, store, bytesPerBlock, ...limits })),
    faults: fault.map((text) => parseFault(text, bytesPerBlock)),
    ...(onStoreError === undefined ? {} : { onStoreError }),
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
  const places = placesOf(uri, parameters, bytesPerBlock);
  const stores = await openStores(places, bytesPerBlock, options);
  const model = nvmeModel(modelOptions(parameters, stores, bytesPerBlock, options));
  const transport = memoryTransport(model);
  const { peer } = parameters;
  const controller = await openNvmeController(transport, {
    peer: peer === "ideal" ? "standard" : peer,
  });
  const { depth } = parameters;
  const bottoms = new Map<string, BlockDevice>();
  const rawReads = new Map<BlockDevice, RawRead>();
  for (const target of controller.namespaces) {
    const name = `ns${target.nsid}`;
    const { commandSet } = controller;
    const device = blockDevice({
      name,
      target,
      commandSet,
      transport,
      ...(depth === undefined ? {} : { queueDepth: depth }),
    });
    bottoms.set(name, device);
    const rawRead = stores.get(target.nsid)?.rawRead;
    if (rawRead !== undefined) rawReads.set(device, rawRead);
  }
  return {
    family: "nvme",
    bottoms,
    rawReads,
    native: () => nvmeNative(transport, [...stores.keys()]),
    store: stores.get(1)?.part,
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
  placesOf(uri, parameters, bytesPerBlock);
  for (const fault of parameters.fault ?? []) parseFault(fault, bytesPerBlock);
  return {
    bytesPerBlock,
    open: (options) => openModel(uri, parameters, bytesPerBlock, options),
  };
}
