// What the conformance suite of command sets needs to know of NVMe. Commands are read back by the codec; statuses are those
// of NVM Express Base 2.2, Figures 102-107.
import type {
  CommandSetSuiteOptions,
  OpenedCommandSet,
  ReadCommand,
  SentCommand,
} from "@blockferry/conformance/command-set";
import type { QueueMemory } from "@blockferry/core";
import {
  copyCommand,
  decodeSourceRanges,
  nvmeStatuses,
  readCommand,
  writeCommand,
} from "../../src/codec/index.ts";
import { type NvmeCommandSetOptions, nvmeCommandSet } from "../../src/index.ts";
import { complete, namespace } from "../host/queue.ts";

const nsids = [7, 3, 0xfffffffe] as const;
const deviceOf = (nsid: number): number => (nsids as readonly number[]).indexOf(nsid);

function readCopy({ command, list }: SentCommand): ReadCommand {
  const decoded = copyCommand.decode(command);
  if (!decoded.ok) throw new Error(decoded.violated);
  const { nsid, sdlba, desfmt, nr } = decoded.value;
  const entries = decodeSourceRanges(desfmt, list);
  if (!entries.ok || entries.value.length !== nr) throw new Error(`${nr} ranges in the list`);
  let to = sdlba;
  const segments = entries.value.map(({ snsid, slba, nlb: blocks }) => {
    const source = { device: deviceOf(desfmt >= 2 ? snsid : nsid), lba: slba };
    to += blocks;
    return { source, destination: { device: deviceOf(nsid), lba: to - blocks }, blocks };
  });
  return { operation: "copy", segments };
}

function read([sent]: readonly SentCommand[]): ReadCommand {
  const { command } = sent;
  const nsid = new DataView(command.buffer, command.byteOffset).getUint32(4, true);
  switch (command[0]) {
    case 0x19:
      return readCopy(sent);
    case 0x00:
      return { operation: "flush", device: deviceOf(nsid) };
    default: {
      const decoded = (command[0] === 2 ? readCommand : writeCommand).decode(command);
      if (!decoded.ok) throw new Error(decoded.violated);
      const { slba: lba, nlb: blocks } = decoded.value;
      const operation = command[0] === 2 ? "read" : "write";
      return { operation, device: deviceOf(nsid), lba, blocks };
    }
  }
}

const answer = (memory: QueueMemory, slot: number, fields: Parameters<typeof complete>[2]): void =>
  complete({ memory } as Parameters<typeof complete>[0], slot, fields);

const known = nvmeStatuses.map(({ sct, sc, name }) => ({ code: sct * 256 + sc, name }));

export function commandSetDriver(
  crossDevice: boolean,
  options: NvmeCommandSetOptions = {},
): Omit<CommandSetSuiteOptions, "describe" | "it"> {
  return {
    supports: {
      crossDevice,
      tellsLateAnswers: true,
      saysBlocksDone: true,
      lbaMax: Number.MAX_SAFE_INTEGER - 1,
      transferBlocksMax: 65_536,
    },
    open(bounds): OpenedCommandSet {
      const { rangesMax: ranges, rangeBlocksMax: rangeBlocks, blocksMax: blocks } = bounds;
      const cross = crossDevice ? 2 : undefined;
      const targets = nsids.map((nsid) => namespace({ nsid, cross, ranges, rangeBlocks, blocks }));
      return { set: nvmeCommandSet(options), targets, bounds };
    },
    read,
    succeed: (memory, slot) => answer(memory, slot, {}),
    fail: (memory, slot, code) => answer(memory, slot, { code }),
    failAfter: (memory, slot, ranges) => answer(memory, slot, { code: 0x281, dw0: ranges }),
    statuses: known.map((one) => (one.code === 0 ? { ...one, means: "success" } : one)),
    unknownStatuses: [0x0ff, 0x1ff, 0x4aa, 0x7c0, 0x7ff],
  };
}
