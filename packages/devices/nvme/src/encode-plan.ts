import { type CommandTarget, highWord, lowWord, type QueueMemory } from "@blockferry/core";
import {
  CURSOR_BLOCKS,
  CURSOR_RANGE,
  CURSOR_WORDS,
  type PlannedCommand,
  RANGE_WORDS,
} from "@blockferry/core/plan";
import type { NvmeCommandOptions } from "./command-options.ts";
import { nvmeCommandSet } from "./command-set.ts";
import type { EncodableNamespace } from "./command-templates.ts";

type EncodeTarget = CommandTarget & EncodableNamespace;

/** The bytes of one copy command. */
export interface EncodedCopy {
  /** Submission queue entry, 64 bytes. */
  readonly command: Uint8Array;
  /** Source range entries. */
  readonly list: Uint8Array;
}

function oneSlot(commandBytes: number, listBytes: number, completionBytes: number): QueueMemory {
  const commands = new Int32Array(commandBytes / 4);
  const lists = new Int32Array(listBytes / 4);
  const completions = new Int32Array(completionBytes / 4);
  return {
    depth: 1,
    commands,
    commandWords: commands.length,
    lists,
    listWords: lists.length,
    completions,
    completionWords: completions.length,
    commandBytes: [new Uint8Array(commands.buffer)],
    listBytes: [new Uint8Array(lists.buffer)],
    completionBytes: [new Uint8Array(completions.buffer)],
    generation: new Int32Array(1),
  };
}

/**
 * The exact bytes of planned copies to a namespace: one command each, or several where sources in different namespaces are
 * kept apart. `sources` are the namespaces that the plan's segments name, by their
 * device numbers; default: every source is in the namespace itself.
 *
 * @throws RangeError for a command that does not fit the namespace's limits, or names a source out of reach.
 */
export function encodePlan(
  commands: readonly PlannedCommand[],
  namespace: EncodeTarget,
  options: NvmeCommandOptions = {},
  sources: ReadonlyMap<number, EncodeTarget> = new Map(),
): EncodedCopy[] {
  const set = nvmeCommandSet(options);
  const { commandBytes, listBytes, completionBytes } = set.layout;
  const memory = oneSlot(commandBytes, listBytes, completionBytes);
  const others = [...new Set(sources.values())].filter(({ nsid }) => nsid !== namespace.nsid);
  const encoder = set.open(memory, 1 + others.length);
  encoder.bind(0, namespace);
  others.forEach((other, i) => {
    encoder.bind(1 + i, other);
  });
  const numberOf = (device: number): number => {
    const source = sources.get(device);
    return source === undefined ? 0 : others.indexOf(source) + 1;
  };
  return commands.flatMap(({ segments, blocks }) => {
    const window = new Int32Array(segments.length * RANGE_WORDS);
    segments.forEach(({ source, blocks: count }, i) => {
      const number = numberOf(source.device);
      if (!encoder.reaches(0, number)) {
        throw new RangeError(
          `namespace ${namespace.nsid} cannot copy from device ${source.device}`,
        );
      }
      window.set([number, lowWord(source.lba), highWord(source.lba), count], i * RANGE_WORDS);
    });
    const cursor = new Int32Array(CURSOR_WORDS);
    const encoded: EncodedCopy[] = [];
    let { lba } = segments[0].destination;
    while (cursor[CURSOR_RANGE] < segments.length) {
      const [low, high] = [lowWord(lba), highWord(lba)];
      encoder.copy(0, 0, low, high, window, 0, segments.length, cursor, 0);
      encoded.push({
        command: memory.commandBytes[0].slice(),
        list: memory.listBytes[0].slice(0, encoder.listBytesOf(0)),
      });
      lba += cursor[CURSOR_BLOCKS];
      memory.generation[0]++;
    }
    if (encoded.length > 1 && options.separateSourceNamespaces !== true) {
      throw new RangeError(
        `a command of ${segments.length} ranges and ${blocks} blocks is beyond the limits of namespace ${namespace.nsid}`,
      );
    }
    return encoded;
  });
}
