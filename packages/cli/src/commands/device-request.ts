import type { RangeList } from "@blockferry/core";
import { type OpenDevice, type OpenDeviceOptions, prepareDevice } from "../open-device.ts";
import { parseBlocks } from "../parse/quantity.ts";
import { parseSources } from "../parse/sources.ts";
import type { DevicePart } from "../schema/parts.ts";

/** A copy as it was asked for: sources in columns. */
export interface ListRequest {
  readonly sources: RangeList;
  /** Number of the range that each row is of, where that is not the row's own. */
  readonly numbers: Int32Array | undefined;
  readonly destination: number;
}

export interface DeviceRequest {
  readonly open: OpenDevice;
  readonly request: ListRequest;
}

/** Opens a device; reads ranges and destination first where the URI tells the block size, so that bad ones open nothing. */
export async function openForRequest(
  uri: string,
  ranges: readonly string[],
  to: string,
  options: OpenDeviceOptions,
): Promise<DeviceRequest> {
  const prepared = await prepareDevice(uri);
  const read = (bytesPerBlock: number): ListRequest => {
    const destination = parseBlocks(to, bytesPerBlock);
    const { list, numbers } = parseSources(ranges, bytesPerBlock);
    return { sources: list, numbers, destination };
  };
  const { bytesPerBlock } = prepared;
  const early = bytesPerBlock === undefined ? undefined : read(bytesPerBlock);
  const open = await prepared.open(options);
  try {
    return { open, request: early ?? read(open.device.bytesPerBlock) };
  } catch (error) {
    await open.close();
    throw error;
  }
}

/** How documents name a device. */
export function devicePart(open: OpenDevice, stack: readonly string[] = []): DevicePart {
  const { name, bytesPerBlock, capacityBlocks } = open.device;
  return { uri: open.uri, stack, name, bytesPerBlock, capacityBlocks };
}

export function totalBlocks(sources: RangeList): number {
  let blocks = 0;
  for (let i = 0; i < sources.count; i++) blocks += sources.blocks[i];
  return blocks;
}
