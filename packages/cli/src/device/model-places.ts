import type { BlockDevice } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { wholeBlocks } from "@blockferry/store-file";
import type { DeviceUri } from "../parse/device-uri.ts";
import type { RawRead } from "../verify/raw-reader.ts";
import { type OpenedStore, openModelStore, type StorePlace, sizeParameter } from "./model-store.ts";
import type { SchemeOptions } from "./scheme.ts";

const MEMORY = "memory:";

/** Parameters of every emulated device. */
interface PlaceParameters {
  readonly size?: string | undefined;
  readonly create?: string | undefined;
}

function refuse(uri: DeviceUri, message: string, hint: string): FerryError {
  return new FerryError("FERRY_URI_PARAMETER", message, { details: { uri: uri.text }, hint });
}

function firstPlace(
  uri: DeviceUri,
  { size, create }: PlaceParameters,
  bytesPerBlock: number,
): StorePlace {
  if (uri.path === "") {
    if (create !== undefined) {
      throw refuse(
        uri,
        "create= makes an image, but none is named",
        `${uri.scheme}:disk.img?create=1GiB`,
      );
    }
    if (size === undefined) {
      throw refuse(uri, "the device has neither an image nor a size", `${uri.scheme}:?size=1GiB`);
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

/**
 * Where each device of a controller keeps its blocks, by number.
 *
 * @param prefix of the devices' names: `ns`, `lun`
 * @param first number of the device that the URI's own path is for
 * @throws FerryError `FERRY_URI_PARAMETER`
 */
export function placesOf(
  uri: DeviceUri,
  parameters: PlaceParameters,
  bytesPerBlock: number,
  prefix: string,
  first: number,
): Map<number, StorePlace> {
  const places = new Map([[first, firstPlace(uri, parameters, bytesPerBlock)]]);
  for (const [name, value] of Object.entries(parameters)) {
    const number = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    if (!/^[0-9]+$/.test(number) || typeof value !== "string") continue;
    const place = value.startsWith(MEMORY)
      ? { bytes: sizeParameter(name, value.slice(MEMORY.length), bytesPerBlock) }
      : { path: value };
    places.set(Number(number), place);
  }
  return places;
}

/** Opens all stores, or none. */
export async function openStores(
  places: ReadonlyMap<number, StorePlace>,
  bytesPerBlock: number,
  options: SchemeOptions,
): Promise<Map<number, OpenedStore>> {
  const stores = new Map<number, OpenedStore>();
  try {
    for (const [number, place] of places) {
      const opened = await openModelStore(place, options);
      stores.set(number, opened);
      wholeBlocks(opened.store, bytesPerBlock);
    }
    return stores;
  } catch (error) {
    for (const { store } of stores.values()) store.close();
    throw error;
  }
}

/** Bottom devices by name, and what reads past them. */
export interface Bottoms {
  readonly bottoms: Map<string, BlockDevice>;
  readonly rawReads: Map<BlockDevice, RawRead>;
}

export function noBottoms(): Bottoms {
  return { bottoms: new Map(), rawReads: new Map() };
}

/** Enters a device and the reader of its store. */
export function addBottom(
  { bottoms, rawReads }: Bottoms,
  device: BlockDevice,
  store: OpenedStore | undefined,
): void {
  bottoms.set(device.name, device);
  if (store !== undefined) rawReads.set(device, store.rawRead);
}
