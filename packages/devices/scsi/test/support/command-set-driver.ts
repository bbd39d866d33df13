// What the conformance suite of command sets needs to know of SCSI. Commands are read back by the codec; statuses are those
// of SAM-5 5.3.1, sense codes those of SPC-4 table 56 that copies meet.
import type {
  CommandSetAbilities,
  CommandSetSuiteOptions,
  OpenedCommandSet,
  ReadCommand,
  SentCommand,
} from "@blockferry/conformance/command-set";
import type { CommandEncoder, CopySegment, QueueMemory, StatusName } from "@blockferry/core";
import { toHex } from "@blockferry/core/bytes";
import {
  cdbs,
  extendedCopyLid1List,
  extendedCopyLid4List,
  populateTokenList,
  type RodTokenInformationInput,
  rodTokenInformation,
  senseData,
  writeUsingTokenList,
} from "../../src/codec/index.ts";
import { extendedCopyCommandSet, tokenCopyCommandSet } from "../../src/index.ts";
import { unit } from "../host/units.ts";
import type { copyKinds } from "./model-driver.ts";

type CopyKind = (typeof copyKinds)[number];

const luns = [0, 5, 255] as const;
const deviceOfLun = (lun: number): number => (luns as readonly number[]).indexOf(lun);
const naaOf = (lun: number): string =>
  `600140500000000000000000000000${lun.toString(16).padStart(2, "0")}`;
const deviceOfNaa = (naa: string): number => luns.findIndex((lun) => naaOf(lun) === naa);

const CDB_AT = 8;
const LUN_AT = 1;
const COPY = 0x83;
const ACTION = { populate: 0x10, write: 0x11, abort: 0x1c } as const;

const deviceOf = ({ command }: SentCommand): number => deviceOfLun(command[LUN_AT]);

function value<T>(decoded: { ok: true; value: T } | { ok: false }): T {
  if (!decoded.ok) throw new Error(JSON.stringify(decoded));
  return decoded.value;
}

const read16 = (cdb: Uint8Array) => cdbs["read-16"].decode(cdb);

function readTransfer(sent: SentCommand): ReadCommand {
  const device = deviceOf(sent);
  const cdb = sent.command.subarray(CDB_AT, CDB_AT + 16);
  if (cdb[0] === 0x91) return { operation: "flush", device };
  const operation = cdb[0] === 0x88 ? "read" : "write";
  const codec = cdbs[`${operation}-16`];
  const { lba, transferLength: blocks } = value(codec.decode(cdb) as ReturnType<typeof read16>);
  return { operation, device, lba, blocks };
}

/** CSCD descriptors by their NAA, segments of type 02h. */
function readSegments(sent: SentCommand): CopySegment[] {
  const codec = sent.command[CDB_AT + 1] === 1 ? extendedCopyLid4List : extendedCopyLid1List;
  const { cscds, segments } = value(codec.decode(sent.list, { exact: true }));
  const devices = cscds.map((one) => {
    if (one.type !== 0xe4) throw new Error(`a CSCD descriptor of type ${one.type}`);
    return deviceOfNaa(toHex(one.designator.subarray(0, one.designatorLength)));
  });
  return segments.map((one) => {
    if (one.type !== 0x02) throw new Error(`a segment of type ${one.type}`);
    const { sourceCscd, destinationCscd, sourceLba, destinationLba, blocks } = one;
    if (devices[destinationCscd] !== deviceOf(sent)) throw new Error("sent to another unit");
    return {
      source: { device: devices[sourceCscd], lba: Number(sourceLba) },
      destination: { device: devices[destinationCscd], lba: Number(destinationLba) },
      blocks,
    };
  });
}

/** Where each block of a ROD comes from goes, write after write, where the token is spent. */
function readTokens(steps: readonly SentCommand[]): CopySegment[] {
  const [populate] = steps;
  const { ranges } = value(populateTokenList.decode(populate.list, { exact: true }));
  const writes = steps.filter(({ command }) => command[CDB_AT + 1] === ACTION.write);
  const segments: CopySegment[] = [];
  let [range, taken, done] = [0, 0, 0];
  for (const write of writes.filter(({ command }) => command[CDB_AT] === COPY)) {
    const list = value(writeUsingTokenList.decode(write.list, { exact: true }));
    if (list.offsetIntoRod !== done) throw new Error(`${done} blocks done, not the offset`);
    for (const to of list.ranges) {
      for (let at = 0; at < to.blocks; ) {
        const from = ranges[range];
        const blocks = Math.min(from.blocks - taken, to.blocks - at);
        segments.push({
          source: { device: deviceOf(populate), lba: Number(from.lba) + taken },
          destination: { device: deviceOf(write), lba: Number(to.lba) + at },
          blocks,
        });
        at += blocks;
        done += blocks;
        taken += blocks;
        if (taken === from.blocks) [range, taken] = [range + 1, 0];
      }
    }
  }
  return segments;
}

function read(steps: readonly SentCommand[]): ReadCommand {
  const [first] = steps;
  if (first.command[CDB_AT] !== COPY) return readTransfer(first);
  const isToken = first.command[CDB_AT + 1] === ACTION.populate;
  return { operation: "copy", segments: isToken ? readTokens(steps) : readSegments(first) };
}

/** CHECK CONDITION comes with sense data, of fixed format. */
function answer(memory: QueueMemory, slot: number, code: number, copySegment?: number): void {
  const completion = memory.completionBytes[slot].fill(0);
  const [status, senseKey, asc, ascq] = [24, 16, 8, 0].map(
    (shift) => Math.floor(code / 2 ** shift) % 256,
  );
  completion[0] = status;
  if (status !== 0x02) return;
  const sense = senseData.encode({
    ...{ senseKey, asc, ascq },
    ...(copySegment === undefined ? {} : { copySegment }),
  });
  completion[1] = sense.length;
  completion.set(sense, 12);
}

/** What each slot's device was last asked to do with tokens, and for how many blocks. */
type Asked = Map<Uint8Array, { readonly action: number; readonly blocks: number }>;

function note(asked: Asked, memory: QueueMemory, slot: number): void {
  const command = memory.commandBytes[slot];
  const [code, action] = command.subarray(CDB_AT);
  if (code !== COPY || (action !== ACTION.populate && action !== ACTION.write)) return;
  const length = new DataView(command.buffer, command.byteOffset).getUint32(CDB_AT + 10);
  const codec = action === ACTION.populate ? populateTokenList : writeUsingTokenList;
  const list = memory.listBytes[slot].slice(0, length);
  const { ranges } = value(codec.decode(list) as ReturnType<typeof populateTokenList.decode>);
  asked.set(command, { action, blocks: ranges.reduce((sum, one) => sum + one.blocks, 0) });
}

/** RECEIVE ROD TOKEN INFORMATION: all was done (SPC-4 table 249). */
function reportOf({ action, blocks }: { action: number; blocks: number }): Uint8Array {
  const report: RodTokenInformationInput = {
    responseToServiceAction: action,
    copyOperationStatus: 0x01,
    transferCountUnits: 0xf1,
    transferCount: blocks,
    ...(action === ACTION.populate ? { rodTokens: [{ rodToken: new Uint8Array(512) }] } : {}),
  };
  return rodTokenInformation.encode(report);
}

function succeed(asked: Asked, memory: QueueMemory, slot: number, encoder: CommandEncoder): void {
  const command = memory.commandBytes[slot];
  const [code, action] = command.subarray(CDB_AT);
  if (code === COPY && action === ACTION.abort) {
    // There is nothing of that list identifier to abort (SPC-4 6.3): INVALID FIELD IN CDB.
    answer(memory, slot, 0x02052400);
    return;
  }
  note(asked, memory, slot);
  const completion = memory.completionBytes[slot].fill(0);
  const reply = encoder.replyOf?.(slot);
  const last = asked.get(command);
  if (reply === undefined || last === undefined) return;
  const report = reportOf(last);
  reply.set(report);
  new DataView(completion.buffer, completion.byteOffset).setUint32(4, report.length);
}

const statuses: readonly (readonly [status: number, means: StatusName, name: string])[] = [
  [0x00, "success", "GOOD"],
  [0x04, "success", "CONDITION MET"],
  [0x08, "busy", "BUSY"],
  [0x18, "reservationConflict", "RESERVATION CONFLICT"],
  [0x28, "busy", "TASK SET FULL"],
  [0x30, "busy", "ACA ACTIVE"],
  [0x40, "aborted", "TASK ABORTED"],
];

const senses: readonly (readonly [key: number, code: number, means: StatusName, name: string])[] = [
  [0x1, 0x1700, "success", "RECOVERED DATA WITH NO ERROR CORRECTION APPLIED"],
  [0x2, 0x0401, "notReady", "LOGICAL UNIT IS IN PROCESS OF BECOMING READY"],
  [0x2, 0x3a00, "notReady", "MEDIUM NOT PRESENT"],
  [0x3, 0x1100, "unrecoveredRead", "UNRECOVERED READ ERROR"],
  [0x3, 0x0c00, "writeFault", "WRITE ERROR"],
  [0x5, 0x0016, "busy", "OPERATION IN PROGRESS"],
  [0x5, 0x1a00, "invalid", "PARAMETER LIST LENGTH ERROR"],
  [0x5, 0x2000, "unsupported", "INVALID COMMAND OPERATION CODE"],
  [0x5, 0x2100, "outOfRange", "LOGICAL BLOCK ADDRESS OUT OF RANGE"],
  [0x5, 0x2301, "unsupported", "INVALID TOKEN OPERATION, UNSUPPORTED TOKEN TYPE"],
  [0x5, 0x2305, "invalid", "INVALID TOKEN OPERATION, TOKEN CORRUPT"],
  [0x5, 0x2307, "aborted", "INVALID TOKEN OPERATION, TOKEN EXPIRED"],
  [0x5, 0x2400, "invalid", "INVALID FIELD IN CDB"],
  [0x5, 0x2600, "invalid", "INVALID FIELD IN PARAMETER LIST"],
  [0x5, 0x2606, "limitExceeded", "TOO MANY TARGET DESCRIPTORS"],
  [0x5, 0x2607, "unsupported", "UNSUPPORTED TARGET DESCRIPTOR TYPE CODE"],
  [0x5, 0x2608, "limitExceeded", "TOO MANY SEGMENT DESCRIPTORS"],
  [0x5, 0x2609, "unsupported", "UNSUPPORTED SEGMENT DESCRIPTOR TYPE CODE"],
  [0x5, 0x260b, "limitExceeded", "INLINE DATA LENGTH EXCEEDED"],
  [0x5, 0x550d, "busy", "INSUFFICIENT RESOURCES TO CREATE ROD TOKEN"],
  [0x6, 0x2900, "notReady", "POWER ON, RESET, OR BUS DEVICE RESET OCCURRED"],
  [0x7, 0x2700, "writeProtected", "WRITE PROTECTED"],
  [0x7, 0x2707, "capacityExceeded", "SPACE ALLOCATION FAILED WRITE PROTECT"],
  [0xa, 0x0804, "unreachable", "UNREACHABLE COPY TARGET"],
  [0xa, 0x0d02, "unreachable", "COPY TARGET DEVICE NOT REACHABLE"],
  [0xa, 0x0d03, "incompatible", "INCORRECT COPY TARGET DEVICE TYPE"],
  [0xa, 0x260a, "incompatible", "UNEXPECTED INEXACT SEGMENT"],
  [0xa, 0x2616, "notFast", "FAST COPY NOT POSSIBLE"],
  [0xb, 0x4400, "aborted", "INTERNAL TARGET FAILURE"],
];

const known = [
  ...statuses.map(([status, means, name]) => ({ code: status * 2 ** 24, means, name })),
  ...senses.map(([key, code, means, name]) => ({
    ...{ code: 0x02 * 2 ** 24 + key * 2 ** 16 + code, means, name },
  })),
];

export function commandSetDriver(kind: CopyKind): Omit<CommandSetSuiteOptions, "describe" | "it"> {
  const isToken = kind === "token copy";
  const asked: Asked = new Map();
  const supports: CommandSetAbilities = {
    ...{ crossDevice: true, tellsLateAnswers: false, saysBlocksDone: !isToken },
    ...{ lbaMax: Number.MAX_SAFE_INTEGER - 1, transferBlocksMax: 2 ** 31 - 1 },
  };
  return {
    supports,
    open(bounds): OpenedCommandSet {
      const listFormat = kind === "EXTENDED COPY(LID4)" ? "lid4" : "lid1";
      const set = isToken ? tokenCopyCommandSet() : extendedCopyCommandSet({ listFormat });
      const targets = luns.map((lun) =>
        unit({ lun, naa: naaOf(lun), shape: isToken ? "token" : "pairs", ...bounds }),
      );
      return { set, targets, bounds };
    },
    read,
    succeed: (memory, slot, encoder) => succeed(asked, memory, slot, encoder),
    fail(memory, slot, code) {
      note(asked, memory, slot);
      answer(memory, slot, code);
    },
    ...(isToken
      ? {}
      : { failAfter: (memory, slot, ranges) => answer(memory, slot, 0x020a0d01, ranges) }),
    statuses: known,
    unknownStatuses: [0x10, 0x14, 0x22, 0x99].map((status) => status * 2 ** 24),
  };
}
