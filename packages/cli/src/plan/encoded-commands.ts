import {
  type BlockDevice,
  type BottomDevice,
  type DeviceCopyRequest,
  type DevicePlan,
  planCopy,
} from "@blockferry/block";
import {
  type CommandEncoder,
  type CommandSet,
  type CopySegment,
  highWord,
  lowWord,
  type QueueMemory,
} from "@blockferry/core";
import {
  CURSOR_BLOCKS,
  CURSOR_RANGE,
  CURSOR_WORDS,
  type PlannedCommand,
  RANGE_WORDS,
} from "@blockferry/core/plan";
import type { ResiduePart } from "../schema/plan-document.ts";

/** A command as the device would get it. */
export interface EncodedCommand {
  readonly index: number;
  readonly device: BottomDevice;
  readonly destination: number;
  readonly blocks: number;
  readonly ranges: readonly {
    readonly device: BlockDevice;
    readonly source: number;
    readonly blocks: number;
  }[];
  readonly command: Uint8Array;
  readonly list: Uint8Array;
  /** The command as it was planned; its segments name devices by their place in `devices`. */
  readonly planned: PlannedCommand;
  readonly devices: readonly BottomDevice[];
}

function slotPart(bytes: number): { words: Int32Array; length: number; bytes: Uint8Array[] } {
  const words = new Int32Array(bytes / 4);
  return { words, length: words.length, bytes: [new Uint8Array(words.buffer)] };
}

/** Memory of a queue with room for one command. */
function oneSlot({ layout }: CommandSet): QueueMemory {
  const command = slotPart(layout.commandBytes);
  const list = slotPart(layout.listBytes);
  const completion = slotPart(layout.completionBytes);
  return {
    depth: 1,
    generation: new Int32Array(1),
    commands: command.words,
    commandWords: command.length,
    commandBytes: command.bytes,
    lists: list.words,
    listWords: list.length,
    listBytes: list.bytes,
    completions: completion.words,
    completionWords: completion.length,
    completionBytes: completion.bytes,
  };
}

function windowOf(segments: readonly CopySegment[]): Int32Array {
  const window = new Int32Array(segments.length * RANGE_WORDS);
  segments.forEach(({ source, blocks }, i) => {
    window.set([source.device, lowWord(source.lba), highWord(source.lba), blocks], i * RANGE_WORDS);
  });
  return window;
}

/** Encodes the segments of one planned command; more than one command where the command set must part them. */
function* encode(
  encoder: CommandEncoder,
  memory: QueueMemory,
  devicePlan: DevicePlan,
  segments: readonly CopySegment[],
): Generator<Omit<EncodedCommand, "index">> {
  const { device, devices } = devicePlan;
  const window = windowOf(segments);
  const cursor = new Int32Array(CURSOR_WORDS);
  let { lba } = segments[0].destination;
  while (cursor[CURSOR_RANGE] < segments.length) {
    const first = cursor[CURSOR_RANGE];
    const number = devices.indexOf(device);
    const count = encoder.copy(
      0,
      number,
      lowWord(lba),
      highWord(lba),
      window,
      0,
      segments.length,
      cursor,
      0,
    );
    const blocks = cursor[CURSOR_BLOCKS];
    const taken = segments.slice(first, first + count);
    yield {
      device,
      destination: lba,
      blocks,
      planned: { segments: taken, blocks },
      devices,
      ranges: taken.map(({ source, blocks: length }) => ({
        device: devices[source.device],
        source: source.lba,
        blocks: length,
      })),
      command: memory.commandBytes[0].slice(),
      list: memory.listBytes[0].slice(0, encoder.listBytesOf(0)),
    };
    lba += blocks;
  }
}

/** What a copy would send: its commands to the byte, and what no command can carry. */
export interface EncodedPlan {
  /** Encoded while they are walked, by the device's own command set. */
  commands(): Generator<EncodedCommand>;
  readonly residue: readonly ResiduePart[];
}

/** The commands of a copy, cut and encoded. Throws what `copy` would throw before anything is sent. */
export function encodedPlan(device: BlockDevice, request: DeviceCopyRequest): EncodedPlan {
  const plans = planCopy(device, request);
  return {
    *commands() {
      let index = 0;
      for (const devicePlan of plans) {
        const { commandSet } = devicePlan.device;
        const memory = oneSlot(commandSet);
        const encoder = commandSet.open(memory, devicePlan.devices.length);
        devicePlan.devices.forEach((each, number) => {
          // Only devices behind the same transport can be named in a command.
          if (each.transport === devicePlan.device.transport) encoder.bind(number, each.target);
        });
        for (const { segments } of devicePlan.plan.commands) {
          for (const command of encode(encoder, memory, devicePlan, segments)) {
            yield { index: index++, ...command };
          }
        }
      }
    },
    residue: plans.flatMap(({ devices, plan }) =>
      plan.residue.map(({ source, destination, blocks }) => ({
        sourceDevice: devices[source.device].name,
        source: source.lba,
        destinationDevice: devices[destination.device].name,
        destination: destination.lba,
        blocks,
      })),
    ),
  };
}
