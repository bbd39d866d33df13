// What the conformance suite of models needs to know of SCSI: commands and lists byte by byte as the standards have them.
import type {
  ModelAbilities,
  ModelAnswer,
  ModelSuiteOptions,
  RawCommand,
  UnitRange,
} from "@blockferry/conformance/model";
import { type ScsiModel, type ScsiUnitOptions, scsiModel } from "../../src/model/index.ts";
import {
  abortCopy,
  blockSegment,
  extendedCopy,
  inquiry,
  lid1List,
  lid4List,
  modeSense10,
  naaCscd,
  populateList,
  readCapacity16,
  receiveCopy,
  reportLuns,
  requestSense,
  reserveIn,
  reserveList,
  reserveOut,
  sixteen,
  testUnitReady,
  tokenCommand,
  unmapCdb,
  unmapList,
  vitalPage,
  writeTokenList,
  zeroToken,
} from "../model/commands.ts";

export const copyKinds = ["EXTENDED COPY(LID1)", "EXTENDED COPY(LID4)", "token copy"] as const;
type CopyKind = (typeof copyKinds)[number];

const READ16 = 0x88;
const WRITE16 = 0x8a;
const COPY = 0x83;
const NO_IDENTIFIER = 3;
const TOKEN_AT = 38;
/** Locally assigned NAA (SPC-4 7.8.6.6.4). */
const naaOf = (unit: number): Uint8Array => Uint8Array.of(0x30, 0, 0, 0, 0, 0, 0, unit + 1);

interface Data {
  readonly out?: Uint8Array | undefined;
  readonly into?: Uint8Array | undefined;
}

type Send = (unit: number, cdb: readonly number[], data?: Data) => ModelAnswer;

/** Speaks to a model: eight bytes of a logical unit number, then a CDB. */
function sender(model: ScsiModel): Send {
  const completion = new Uint8Array(model.completionBytes);
  return (unit, cdb, { out, into } = {}) => {
    const command = Uint8Array.of(0, unit, 0, 0, 0, 0, 0, 0, ...cdb);
    const outcome = model.execute("io", command, out, into, completion);
    const [status, , , , , , , , , , , , , , key] = completion;
    const sense = `key ${key % 16}, ${completion[24].toString(16)}h/${completion[25].toString(16)}h`;
    return { outcome, ok: outcome === "completed" && status === 0, status: `${status}: ${sense}` };
  };
}

/** One segment for each range, all in one command. */
function listOf(
  kind: CopyKind,
  bytesPerBlock: number,
  unit: number,
  lba: number,
  sources: readonly UnitRange[],
): Uint8Array {
  const units = [...new Set([unit, ...sources.map((one) => one.unit)])];
  let to = lba;
  const segments = sources.map(({ unit: from, lba: at, blocks }) => {
    to += blocks;
    const ids = { source: units.indexOf(from), destination: 0 };
    return blockSegment({ ...ids, blocks, from: at, to: to - blocks });
  });
  const cscds = units.map((one) => naaCscd(naaOf(one), { blockLength: bytesPerBlock }));
  const list = { cscds, segments, listId: 0, usage: NO_IDENTIFIER };
  return kind === "EXTENDED COPY(LID4)" ? lid4List(list) : lid1List(list);
}

/** POPULATE TOKEN, RECEIVE ROD TOKEN INFORMATION, WRITE USING TOKEN; ends where one of them fails. */
function tokenCopy(
  send: Send,
  unit: number,
  lba: number,
  sources: readonly UnitRange[],
): ModelAnswer {
  const list = populateList({ ranges: sources.map((one) => [one.lba, one.blocks]) });
  const populated = send(unit, tokenCommand(0x10, 1, list.length), { out: list });
  if (!populated.ok) return populated;
  const report = new Uint8Array(1024);
  const told = send(unit, receiveCopy(7, 1, 1024), { into: report });
  if (!told.ok) return told;
  const token = report.subarray(TOKEN_AT, TOKEN_AT + 512);
  const blocks = sources.reduce((sum, one) => sum + one.blocks, 0);
  const write = writeTokenList(token, { ranges: [[lba, blocks]], deletes: true });
  return send(unit, tokenCommand(0x11, 2, write.length), { out: write });
}

/** SPC-4 and SBC-3: what a disk answers, copies and what goes with them. */
function examplesOf(bytes: number): RawCommand[] {
  const of = (
    cdb: readonly number[],
    data: Omit<RawCommand, "queue" | "command"> = {},
  ): RawCommand => ({
    ...{ queue: "io", command: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, ...cdb), ...data },
  });
  const cscds = [naaCscd(naaOf(0), { blockLength: bytes })];
  const segments = [blockSegment({ blocks: 2, from: 5, to: 60 })];
  const lid1 = lid1List({ cscds, segments });
  const lid4 = lid4List({ cscds, segments, listId: 9, immed: true });
  const populate = populateList({ ranges: [[5, 2]] });
  const write = writeTokenList(zeroToken(), { ranges: [[60, 2]] });
  const unmap = unmapList([[70, 2]]);
  const two = new Uint8Array(2 * bytes);
  return [
    of(testUnitReady()),
    of(inquiry(), { dataInBytes: 255 }),
    ...[0x00, 0x80, 0x83, 0x8f, 0xb0, 0xb1, 0xb2].map((page) =>
      of(vitalPage(page), { dataInBytes: 4096 }),
    ),
    of(requestSense(), { dataInBytes: 252 }),
    of(reportLuns(), { dataInBytes: 4096 }),
    of(readCapacity16(), { dataInBytes: 32 }),
    of(modeSense10(0x3f), { dataInBytes: 4096 }),
    of(sixteen(READ16, 5, 2), { dataInBytes: two.length }),
    of(sixteen(WRITE16, 5, 2), { dataOut: two }),
    of(sixteen(0x93, 5, 2), { dataOut: two.subarray(0, bytes) }),
    of(unmapCdb(unmap.length), { dataOut: unmap }),
    of(reserveOut(0), { dataOut: reserveList(0, 7) }),
    of(reserveIn(0), { dataInBytes: 8192 }),
    of(extendedCopy(lid1.length), { dataOut: lid1 }),
    of(extendedCopy(lid4.length, 1), { dataOut: lid4 }),
    of(tokenCommand(0x10, 5, populate.length), { dataOut: populate }),
    of(tokenCommand(0x11, 6, write.length), { dataOut: write }),
    ...[0, 3, 4, 5, 6, 7, 8].map((action) =>
      of(receiveCopy(action, action < 3 ? 1 : 5), { dataInBytes: 4096 }),
    ),
    of(abortCopy(9)),
  ];
}

const abilities: Readonly<Record<"segments" | "tokens", ModelAbilities>> = {
  // SPC-4 6.4.6.1: segments are processed in order, and those before the one that fails stay done.
  segments: {
    ...{ units: 2, crossUnit: true, overlap: "in-order", emptyRanges: "taken" },
    ...{ refusals: "in-turn", repeatsSources: true },
  },
  // SBC-3 4.28.4 and 5.7.3: the default ROD type is a point-in-time copy; one token is of one unit; no block is in it twice.
  tokens: {
    ...{ units: 1, crossUnit: false, overlap: "snapshot", emptyRanges: "taken" },
    ...{ refusals: "at-once", repeatsSources: false },
  },
};

export function modelDriver(kind: CopyKind): Omit<ModelSuiteOptions, "describe" | "it"> {
  const isToken = kind === "token copy";
  return {
    supports: abilities[isToken ? "tokens" : "segments"],
    open({ stores, bytesPerBlock, limits }) {
      const { rangesMax = 64, rangeBlocksMax = 65_535, blocksMax = 2 ** 20 } = limits;
      const model = scsiModel({
        units: stores.map(
          (store, unit): ScsiUnitOptions => ({
            ...{ store, bytesPerBlock: bytesPerBlock === 4096 ? 4096 : 512, naa: naaOf(unit) },
          }),
        ),
        copyManager: {
          segmentDescriptorsMax: rangesMax,
          segmentBytesMax: rangeBlocksMax * bytesPerBlock,
        },
        tokens: { rangesMax, transferBlocksMax: blocksMax },
      });
      const send = sender(model);
      const action = kind === "EXTENDED COPY(LID4)" ? 1 : 0;
      return {
        model,
        limits: {
          rangesMax,
          rangeBlocksMax: isToken ? undefined : rangeBlocksMax,
          blocksMax: isToken ? blocksMax : undefined,
        },
        examples: examplesOf(bytesPerBlock),
        read: (unit, lba, into) =>
          send(unit, sixteen(READ16, lba, into.length / bytesPerBlock), { into }),
        write: (unit, lba, out) =>
          send(unit, sixteen(WRITE16, lba, out.length / bytesPerBlock), { out }),
        copy(unit, lba, sources) {
          if (isToken) return tokenCopy(send, unit, lba, sources);
          const out = listOf(kind, bytesPerBlock, unit, lba, sources);
          return send(unit, extendedCopy(out.length, action), { out });
        },
        resetWithin: (blocks) =>
          model.inject({
            ...{ kind: "reset", opcode: COPY, after: isToken ? 1 : 0 },
            afterBytes: blocks * bytesPerBlock,
          }),
      };
    },
  };
}
