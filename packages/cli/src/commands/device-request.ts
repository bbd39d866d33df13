import type { BlockDevice } from "@blockferry/block";
import { FerryError, type RangeList } from "@blockferry/core";
import { type OpenDevice, type OpenDeviceOptions, prepareDevice } from "../open-device.ts";
import { knownNamesHint } from "../parse/nearest-name.ts";
import { parseBlocks } from "../parse/quantity.ts";
import { parseSources } from "../parse/sources.ts";
import type { DevicePart } from "../schema/parts.ts";

/** A copy as it was asked for: sources in columns. */
export interface ListRequest {
  readonly sources: RangeList;
  /** Number of the range that each row is of, where that is not the row's own. */
  readonly numbers: Int32Array | undefined;
  readonly destination: number;
  /** Device of the destination, where it is not that of the sources. */
  readonly to: BlockDevice | undefined;
}

export interface DeviceRequest {
  readonly open: OpenDevice;
  readonly request: ListRequest;
}

/** Where a copy goes to. */
export interface DestinationOptions {
  /** `--to` */
  readonly to: string;
  /** `--to-device` */
  readonly toDevice?: string;
}

/** The device that `--to-device` names; `undefined` where it is that of the sources. */
function destinationDevice(open: OpenDevice, name: string | undefined): BlockDevice | undefined {
  if (name === undefined) return undefined;
  const device = open.bottoms.get(name);
  if (device !== undefined) return device === open.device ? undefined : device;
  throw new FerryError("FERRY_OPTION_VALUE", `--to-device: there is no ${name}`, {
    details: { device: name },
    hint: knownNamesHint(name, [...open.bottoms.keys()]),
  });
}

/** Opens a device; reads ranges and destination first where the URI tells the block size, so that bad ones open nothing. */
export async function openForRequest(
  uri: string,
  ranges: readonly string[],
  { to, toDevice }: DestinationOptions,
  options: OpenDeviceOptions,
): Promise<DeviceRequest> {
  const prepared = await prepareDevice(uri);
  const read = (bytesPerBlock: number): Omit<ListRequest, "to"> => {
    const destination = parseBlocks(to, bytesPerBlock);
    const { list, numbers } = parseSources(ranges, bytesPerBlock);
    return { sources: list, numbers, destination };
  };
  const { bytesPerBlock } = prepared;
  const early = bytesPerBlock === undefined ? undefined : read(bytesPerBlock);
  const open = await prepared.open(options);
  try {
    const request = early ?? read(open.device.bytesPerBlock);
    return { open, request: { ...request, to: destinationDevice(open, toDevice) } };
  } catch (error) {
    await open.close();
    throw error;
  }
}

/** How documents name a device. */
export function devicePart(open: OpenDevice, stack: readonly string[] = []): DevicePart {
  const { name, bytesPerBlock, capacityBlocks } = open.device;
  const { uri, provisional } = open;
  return {
    uri,
    stack,
    name,
    bytesPerBlock,
    capacityBlocks,
    ...(provisional === undefined ? {} : { provisional }),
  };
}

export function totalBlocks(sources: RangeList): number {
  let blocks = 0;
  for (let i = 0; i < sources.count; i++) blocks += sources.blocks[i];
  return blocks;
}
