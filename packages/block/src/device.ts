import {
  type CommandSet,
  type CommandTarget,
  copyLimits,
  FerryError,
  type QueueLimits,
  stackLimits,
  type Transport,
} from "@blockferry/core";

/** Part of a device: `blocks` blocks from `start` on. */
export interface DevicePart {
  readonly device: BlockDevice;
  readonly start: number;
  readonly blocks: number;
}

/** A device that bios can be submitted to. Immutable: what changes (frozen, removed) is the engine's. */
export type BlockDevice =
  | BottomDevice
  | LinearDevice
  | StripedDevice
  | MappingDevice
  | AsynchronousDevice;

interface Described {
  readonly name: string;
  readonly bytesPerBlock: number;
  readonly capacityBlocks: number;
  readonly limits: QueueLimits;
  readonly lower: readonly BlockDevice[];
}

/** A device at the bottom of a stack: requests to it become commands. */
export interface BottomDevice extends Described {
  readonly kind: "bottom";
  readonly target: CommandTarget;
  readonly commandSet: CommandSet;
  readonly transport: Transport;
  readonly queueDepth: number;
  /** The queue joins what it can (QUEUE_FLAG_NOMERGES not set). */
  readonly merges: boolean;
  /** An elevator keeps requests between submitters and the device. */
  readonly elevator: boolean;
}

/** Consecutive parts of other devices. A partition is a linear device of one part. */
export interface LinearDevice extends Described {
  readonly kind: "partition" | "linear";
  readonly parts: readonly DevicePart[];
  /** False for a layer that moves the destination of a copy and leaves its list of sources as it is. */
  readonly walksSources: boolean;
}

/** A stacked device whose table can be replaced: see `BlockEngine.reload`. All tables are as long as the first. */
export interface MappingDevice extends Described {
  readonly kind: "mapping";
  readonly tables: readonly (readonly DevicePart[])[];
}

/** A stacked device that keeps bios and sends them on by workers of its own, each holding one, in any order. */
export interface AsynchronousDevice extends Described {
  readonly kind: "asynchronous";
  readonly workers: number;
}

/** Stripes of `stripeBlocks` blocks over devices in turn. */
export interface StripedDevice extends Described {
  readonly kind: "striped";
  readonly stripeBlocks: number;
}

export interface BlockDeviceOptions {
  /** What traces and results call the device. Default: the command set's name. */
  readonly name?: string;
  /** What the command set found, with its limits: for NVMe a namespace of `openNvmeController`. */
  readonly target: CommandTarget & { readonly limits: QueueLimits };
  readonly commandSet: CommandSet;
  /** Devices with the same transport share one queue pair. */
  readonly transport: Transport;
  /** Commands in flight at most. Default 32; never more than the transport supports. */
  readonly queueDepth?: number;
  /** False: the queue joins nothing, as with QUEUE_FLAG_NOMERGES. Default true. */
  readonly merges?: boolean;
  /** Default false. */
  readonly elevator?: boolean;
}

function checkLimits(limits: QueueLimits): void {
  copyLimits(limits);
  for (const name of ["bytesPerBlock", "transferBlocksMax"] as const) {
    if (!Number.isSafeInteger(limits[name]) || limits[name] < 1) {
      throw new RangeError(`${name} is ${limits[name]}; it is a whole number from 1 on`);
    }
  }
}

/**
 * Devices and those below them, in the order in which an engine for `devices` numbers them: traces tell numbers.
 */
export function numberDevices(devices: readonly BlockDevice[]): BlockDevice[] {
  const numbered: BlockDevice[] = [];
  const add = (device: BlockDevice): void => {
    if (numbered.includes(device)) return;
    numbered.push(device);
    device.lower.forEach(add);
  };
  devices.forEach(add);
  return numbered;
}

/** Throws where blocks of a device, or of one below it, cannot go through the host. */
export function requireData(device: BlockDevice): void {
  if (device.kind === "bottom") {
    const { dataRefusal } = device.target;
    if (dataRefusal !== undefined) {
      throw new FerryError("FERRY_DATA_REFUSED", `${device.name}: ${dataRefusal}`, {
        hint: "copy inside the device only",
      });
    }
  }
  for (const lower of device.lower) requireData(lower);
}

/** A device at the bottom of a stack. Throws `RangeError` on limits that are none. */
export function blockDevice(options: BlockDeviceOptions): BottomDevice {
  const { target, commandSet, transport } = options;
  checkLimits(target.limits);
  const queueDepth = Math.min(options.queueDepth ?? 32, transport.supports.queueDepthMax);
  if (!Number.isInteger(queueDepth) || queueDepth < 1) {
    throw new RangeError(`queueDepth is ${queueDepth}; a queue has room for at least one command`);
  }
  return {
    kind: "bottom",
    name: options.name ?? commandSet.name,
    bytesPerBlock: target.bytesPerBlock,
    capacityBlocks: target.capacityBlocks,
    limits: target.limits,
    lower: [],
    target,
    commandSet,
    transport,
    queueDepth,
    merges: options.merges ?? true,
    elevator: options.elevator ?? false,
  };
}

function checkPart(part: DevicePart, what: string): void {
  const { start, blocks, device } = part;
  if (!Number.isSafeInteger(start) || start < 0 || !Number.isSafeInteger(blocks) || blocks < 1) {
    throw new RangeError(`${what}: ${start}+${blocks} is not a range of blocks`);
  }
  if (start + blocks > device.capacityBlocks) {
    throw new RangeError(
      `${what}: ${start}+${blocks} ends behind ${device.name} (${device.capacityBlocks} blocks)`,
    );
  }
}

/**
 * One part of a device as a device.
 *
 * `walksSources: false` makes the partition code that was never written for copies with a list of sources (noted by
 * Christoph Hellwig, `20240626052238.GC21996@lst.de`), to be examined; nothing that is to be copied should meet it.
 */
export function partition(
  options: DevicePart & { readonly name?: string; readonly walksSources?: boolean },
): LinearDevice {
  checkPart(options, "partition");
  const { device, start, blocks, walksSources = true } = options;
  return {
    kind: "partition",
    name: options.name ?? `${device.name}[${start}+${blocks}]`,
    bytesPerBlock: device.bytesPerBlock,
    capacityBlocks: blocks,
    limits: device.limits,
    lower: [device],
    parts: [{ device, start, blocks }],
    walksSources,
  };
}

/** Parts of devices one behind the other, as dm-linear has them. */
export function linear(options: {
  readonly targets: readonly DevicePart[];
  readonly name?: string;
}): LinearDevice {
  const { targets } = options;
  targets.forEach((part, i) => {
    checkPart(part, `linear, target ${i}`);
  });
  const limits = stackLimits(targets.map((part) => part.device.limits));
  return {
    kind: "linear",
    name: options.name ?? "linear",
    bytesPerBlock: limits.bytesPerBlock,
    capacityBlocks: targets.reduce((sum, part) => sum + part.blocks, 0),
    limits,
    lower: targets.map((part) => part.device),
    parts: targets.map(({ device, start, blocks }) => ({ device, start, blocks })),
    walksSources: true,
  };
}

/**
 * Parts of devices one behind the other, with other tables to change to (`dmsetup reload`). The first is in force at first.
 * Throws `RangeError` where tables differ in length or name no blocks.
 */
export function mapping(options: {
  readonly tables: readonly (readonly DevicePart[])[];
  readonly name?: string;
}): MappingDevice {
  const layouts = options.tables.map((targets) => linear({ targets }));
  if (layouts.length === 0) throw new RangeError("a mapping has at least one table");
  const [{ capacityBlocks }] = layouts;
  const other = layouts.find((each) => each.capacityBlocks !== capacityBlocks);
  if (other !== undefined) {
    throw new RangeError(`tables of ${capacityBlocks} and ${other.capacityBlocks} blocks`);
  }
  const limits = stackLimits(layouts.map((each) => each.limits));
  return {
    kind: "mapping",
    name: options.name ?? "mapping",
    bytesPerBlock: limits.bytesPerBlock,
    capacityBlocks,
    limits,
    lower: [...new Set(layouts.flatMap((each) => each.lower))],
    tables: layouts.map((each) => each.parts),
  };
}

/** A layer that keeps bios and lets `workers` workers send them on. */
export function asynchronous(options: {
  readonly device: BlockDevice;
  readonly workers: number;
  readonly name?: string;
}): AsynchronousDevice {
  const { device, workers } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`workers is ${workers}; a layer has at least one`);
  }
  return {
    kind: "asynchronous",
    name: options.name ?? `asynchronous(${device.name})`,
    bytesPerBlock: device.bytesPerBlock,
    capacityBlocks: device.capacityBlocks,
    limits: device.limits,
    lower: [device],
    workers,
  };
}

/** Stripes over devices in turn, as dm-stripe has them. Whole stripes only; what is over at the end is not used. */
export function striped(options: {
  readonly devices: readonly BlockDevice[];
  readonly stripeBlocks: number;
  readonly name?: string;
}): StripedDevice {
  const { devices, stripeBlocks } = options;
  if (!Number.isSafeInteger(stripeBlocks) || stripeBlocks < 1) {
    throw new RangeError(`stripeBlocks is ${stripeBlocks}; a stripe has at least one block`);
  }
  const limits = stackLimits(devices.map((device) => device.limits));
  const stripes = Math.min(
    ...devices.map((device) => Math.floor(device.capacityBlocks / stripeBlocks)),
  );
  if (stripes === 0) throw new RangeError(`no device holds one stripe of ${stripeBlocks} blocks`);
  return {
    kind: "striped",
    name: options.name ?? "striped",
    bytesPerBlock: limits.bytesPerBlock,
    capacityBlocks: stripes * stripeBlocks * devices.length,
    limits,
    lower: devices,
    stripeBlocks,
  };
}

/** The devices at the bottom of a stack, each as often as it is used. */
export function bottomsOf(device: BlockDevice): readonly BottomDevice[] {
  return device.kind === "bottom" ? [device] : device.lower.flatMap(bottomsOf);
}
