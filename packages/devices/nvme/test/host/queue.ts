// A queue of a command set without engine or transport, for tests.
import type { CommandEncoder, CommandTarget, QueueLimits, QueueMemory } from "@blockferry/core";
import { CURSOR_WORDS, RANGE_WORDS } from "@blockferry/core/plan";
import { type ProtectionSettings, protectionFormat } from "../../src/codec/protection/index.ts";
import { type NvmeCommandSetOptions, nvmeCommandSet } from "../../src/index.ts";

export interface NamespaceShape {
  readonly nsid?: number;
  readonly bytesPerBlock?: number;
  readonly metadataBytes?: number;
  readonly protection?: ProtectionSettings;
  readonly same?: number | undefined;
  readonly cross?: number | undefined;
  readonly ranges?: number;
  readonly rangeBlocks?: number;
  readonly blocks?: number;
}

/** A namespace as `openNvmeController` would find it. */
export function namespace(shape: NamespaceShape = {}) {
  const { nsid = 1, bytesPerBlock = 512, cross, ranges = 128 } = shape;
  const { rangeBlocks = 65535, blocks = 2 ** 32 - 1 } = shape;
  const protection =
    shape.protection === undefined ? undefined : protectionFormat(shape.protection);
  const limits: QueueLimits = {
    bytesPerBlock,
    transferBlocksMax: 65536,
    copyShape: "many-to-one",
    copyBlocksMax: blocks,
    copyRangesMax: ranges,
    copyRangeBlocksMax: rangeBlocks,
    copyCrossDevice: cross !== undefined,
  };
  return {
    family: "nvme",
    nsid,
    capacityBlocks: 2 ** 40,
    bytesPerBlock,
    limits,
    format: {
      bytesPerBlock,
      metadataBytes: shape.metadataBytes ?? protection?.metadataBytes ?? 0,
      metadataExtended: false,
      protection,
    },
    copyFormats: { same: "same" in shape ? shape.same : 0, cross },
  } as const;
}

export interface TestQueue {
  readonly memory: QueueMemory;
  readonly encoder: CommandEncoder;
}

export function queue(
  targets: readonly CommandTarget[],
  options: NvmeCommandSetOptions = {},
  depth = 4,
): TestQueue {
  const { layout, open } = nvmeCommandSet(options);
  const part = (bytes: number) => {
    const words = new Int32Array((bytes / 4) * depth);
    const bytesOf = Array.from(
      { length: depth },
      (_, slot) => new Uint8Array(words.buffer, slot * bytes, bytes),
    );
    return { words, bytesOf, each: bytes / 4 };
  };
  const commands = part(layout.commandBytes);
  const lists = part(layout.listBytes);
  const completions = part(layout.completionBytes);
  const memory: QueueMemory = {
    depth,
    commands: commands.words,
    commandWords: commands.each,
    lists: lists.words,
    listWords: lists.each,
    completions: completions.words,
    completionWords: completions.each,
    commandBytes: commands.bytesOf,
    listBytes: lists.bytesOf,
    completionBytes: completions.bytesOf,
    generation: new Int32Array(depth),
  };
  const encoder = open(memory, Math.max(1, targets.length));
  targets.forEach((target, device) => {
    encoder.bind(device, target);
  });
  return { memory, encoder };
}

export interface Source {
  readonly device?: number;
  readonly lba: number;
  readonly blocks: number;
}

export interface Sent {
  readonly command: Uint8Array;
  readonly list: Uint8Array;
  readonly ranges: number;
  readonly blocks: number;
}

/** The window of some sources. */
export function windowOf(sources: readonly Source[]): Int32Array {
  return Int32Array.from(
    sources.flatMap(({ device = 0, lba, blocks }) => [
      device,
      (lba % 2 ** 32) | 0,
      Math.floor(lba / 2 ** 32) | 0,
      blocks,
    ]),
  );
}

/** All commands of a copy, encoded one after the other into changing slots. */
export function copyCommands(
  { memory, encoder }: TestQueue,
  device: number,
  sources: readonly Source[],
  destination: number,
): Sent[] {
  const window = windowOf(sources);
  const cursor = new Int32Array(CURSOR_WORDS);
  const sent: Sent[] = [];
  let lba = destination;
  for (let slot = 0; cursor[0] * RANGE_WORDS < window.length; slot = (slot + 1) % memory.depth) {
    memory.generation[slot]++;
    const [low, high] = [(lba % 2 ** 32) | 0, Math.floor(lba / 2 ** 32) | 0];
    const ranges = encoder.copy(slot, device, low, high, window, 0, sources.length, cursor, 0);
    const command = memory.commandBytes[slot].slice();
    const list = memory.listBytes[slot].slice(0, encoder.listBytesOf(slot));
    sent.push({ command, list, ranges, blocks: cursor[2] });
    lba += cursor[2];
  }
  return sent;
}

/** Puts a completion into a slot, for the command in it. Fields as in NVM Express Base 2.2, Figure 100. */
export function complete(
  { memory }: TestQueue,
  slot: number,
  { code = 0, dnr = false, more = false, crd = 0, dw0 = 0, cid = -1 } = {},
): void {
  const view = new DataView(memory.completions.buffer, slot * 16, 16);
  const own = new DataView(memory.commands.buffer, slot * 64).getUint16(2, true);
  const status = code | (crd << 11) | (more ? 1 << 13 : 0) | (dnr ? 1 << 14 : 0);
  view.setUint32(0, dw0, true);
  view.setUint16(12, cid === -1 ? own : cid, true);
  view.setUint16(14, (status << 1) | 1, true); // the phase tag is set
}
