import {
  asynchronous,
  type BlockDevice,
  type BottomDevice,
  blockDevice,
  linear,
  mapping,
  partition,
  striped,
} from "@blockferry/block";
import { type CommandSet, FerryError, type QueueLimits, type Transport } from "@blockferry/core";
import type { Scenario, ScenarioDevice, ScenarioLayer, ScenarioPart } from "../scenario.ts";
import { type LabelTarget, labelCommandSet } from "./label-command-set.ts";

/** Bytes of a block: one word, its label. */
const BLOCK_BYTES = 4;

function limitsOf(device: ScenarioDevice): QueueLimits {
  const base = { bytesPerBlock: BLOCK_BYTES, transferBlocksMax: 64 };
  if (device.copy === null) return base;
  const { blocks = 64, ranges = 4, rangeBlocks = 64, crossDevice = true } = device.copy ?? {};
  return {
    ...base,
    copyShape: "many-to-one",
    copyBlocksMax: blocks,
    copyRangesMax: ranges,
    copyRangeBlocksMax: rangeBlocks,
    copyCrossDevice: crossDevice,
  };
}

function bottomOf(
  device: ScenarioDevice,
  transport: Transport,
  commandSet: CommandSet,
  cutsRanges: boolean,
): BottomDevice {
  return blockDevice({
    name: device.name,
    target: {
      family: "label",
      capacityBlocks: device.blocks,
      bytesPerBlock: BLOCK_BYTES,
      limits: limitsOf(device),
      cutsRanges,
    } as BottomDevice["target"] & LabelTarget,
    commandSet,
    transport,
    queueDepth: device.queueDepth ?? 8,
    merges: device.merges ?? true,
    elevator: device.elevator ?? false,
  });
}

function refuse(path: string, message: string): never {
  throw new FerryError("FERRY_SCENARIO_STACK", `${path}: ${message}`, { details: { path } });
}

/** Ranges that a command can have: those of a copy, each cut at most at every block. */
function listRangesMax({ tasks }: Scenario): number {
  const blocks = tasks.flatMap(({ copies }) =>
    copies.map(({ sources }) => sources.reduce((sum, [, length]) => sum + length, 0)),
  );
  return Math.min(4, Math.max(...blocks));
}

/** Devices and layers by their names. */
class Names {
  private readonly known = new Map<string, BlockDevice>();

  add(name: string, device: BlockDevice, path: string): void {
    if (this.known.has(name)) refuse(path, `there are two called ${name}`);
    this.known.set(name, device);
  }

  find(name: string, path: string): BlockDevice {
    const device = this.known.get(name);
    if (device !== undefined) return device;
    return refuse(path, `there is no ${name}; known: ${[...this.known.keys()].join(", ")}`);
  }

  parts(parts: readonly ScenarioPart[], path: string) {
    return parts.map(({ on, start, blocks }, i) => ({
      device: this.find(on, `${path}.${i}.on`),
      start,
      blocks,
    }));
  }
}

function layerOf(layer: ScenarioLayer, top: BlockDevice, names: Names, path: string): BlockDevice {
  const on = (name: string | undefined): BlockDevice =>
    name === undefined ? top : names.find(name, `${path}.on`);
  switch (layer.layer) {
    case "partition": {
      const { start, blocks, walksSources = true } = layer;
      return partition({ device: on(layer.on), start, blocks, walksSources });
    }
    case "linear":
      return linear({ targets: names.parts(layer.parts, `${path}.parts`) });
    case "striped":
      return striped({
        devices: layer.on.map((name, i) => names.find(name, `${path}.on.${i}`)),
        stripeBlocks: layer.stripeBlocks,
      });
    case "mapping":
      return mapping({
        tables: layer.tables.map((parts, i) => names.parts(parts, `${path}.tables.${i}`)),
      });
    case "asynchronous":
      return asynchronous({ device: on(layer.on), workers: layer.workers });
    default:
      return refuse(path, "there is no such layer");
  }
}

/**
 * Builds the devices of a scenario. Returns the topmost one.
 *
 * @throws FerryError `FERRY_SCENARIO_STACK`, with the path of what is wrong
 */
export function buildDevices(
  scenario: Scenario,
  transportOf: (controller: number) => Transport,
): BlockDevice {
  const names = new Names();
  const commandSet = labelCommandSet(listRangesMax(scenario));
  const { cutsRanges = true } = scenario;
  const bottoms = scenario.devices.map((device, i) => {
    const made = bottomOf(device, transportOf(device.controller ?? 0), commandSet, cutsRanges);
    names.add(device.name, made, `devices.${i}.name`);
    return made;
  });
  let top: BlockDevice = bottoms[0];
  scenario.stack?.forEach((layer, i) => {
    const path = `stack.${i}`;
    try {
      const made = layerOf(layer, top, names, path);
      const named = { ...made, name: layer.name ?? `${layer.layer}${i}` };
      names.add(named.name, named, `${path}.name`);
      top = named;
    } catch (error) {
      if (error instanceof RangeError) refuse(path, error.message);
      throw error;
    }
  });
  return top;
}

/** Where block `lba` of a device lies at the bottom, from the description of the stack alone. */
export function placeOf(
  device: BlockDevice,
  lba: number,
  table: number,
): { readonly device: BottomDevice; readonly lba: number } {
  switch (device.kind) {
    case "bottom":
      return { device, lba };
    case "asynchronous":
      return placeOf(device.lower[0], lba, table);
    case "striped": {
      const { stripeBlocks, lower } = device;
      const stripe = Math.floor(lba / stripeBlocks);
      const inside = Math.floor(stripe / lower.length) * stripeBlocks + (lba % stripeBlocks);
      return placeOf(lower[stripe % lower.length], inside, table);
    }
    default: {
      const parts = device.kind === "mapping" ? device.tables[table] : device.parts;
      let offset = lba;
      for (const part of parts) {
        if (offset < part.blocks) return placeOf(part.device, part.start + offset, table);
        offset -= part.blocks;
      }
      throw new RangeError(`${lba} is not on ${device.name}`);
    }
  }
}

/** The mapping of a stack, if it has one. */
export function mappingOf(
  device: BlockDevice,
): Extract<BlockDevice, { kind: "mapping" }> | undefined {
  if (device.kind === "mapping") return device;
  for (const lower of device.lower) {
    const found = mappingOf(lower);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Devices below another one, itself not included. */
export function devicesBelow(device: BlockDevice): ReadonlySet<BlockDevice> {
  const below = new Set<BlockDevice>();
  for (const lower of device.lower) {
    below.add(lower);
    for (const each of devicesBelow(lower)) below.add(each);
  }
  return below;
}
