// Goal: what a tool gets from our translator in front of our model is, byte for byte, what it gets from Linux in front of
// QEMU's disk. Method: every probe that was sent to QEMU 7.2's disk behind AHCI under Linux 6.12 is sent to the model.
import { fromHex, toHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import {
  encodeDsmRanges,
  encodePassThrough,
  type PassThroughInput,
  parseSense,
  passThroughProtocol as protocol,
} from "../../src/codec/index.ts";
import { type SatResult, satPassThrough } from "../../src/sat/index.ts";
import { testDisk } from "../support/disk.ts";
import { vectorLines } from "../support/vector.ts";

const SECTORS = 131_072;

interface Probe extends PassThroughInput {
  readonly data?: Uint8Array;
  readonly room?: number;
}

const dmaOut = { protocol: protocol.dma, extend: true, bytBlok: true, tLength: 2 } as const;
const dmaIn = { ...dmaOut, tDir: true };
const pioIn = { ...dmaIn, protocol: protocol.pioIn, ckCond: true };
const nonData = { protocol: protocol.nonData, extend: true, ckCond: true } as const;
const page = new Uint8Array(512);
const pattern = new Uint8Array(4096).fill(0xa5);
const trim = (lba: number, blocks: number): Uint8Array => encodeDsmRanges("dsm", [{ lba, blocks }]);

// What each line of the capture was sent as; addresses and counts are those that its sense data shows.
const probes: Readonly<Record<string, Probe>> = {
  "IDENTIFY DEVICE ECh PIO-in ck=1": {
    ...pioIn,
    extend: false,
    room: 512,
    taskFile: { command: 0xec, count: 1, device: 0 },
  },
  "66h DMA-out T_LENGTH=2 count=1 ck=1": {
    ...dmaOut,
    ckCond: true,
    data: page,
    taskFile: { command: 0x66, count: 1, lba: 1000 },
  },
  "66h DMA-out T_LENGTH=2 count=1 ck=0": {
    ...dmaOut,
    data: page,
    taskFile: { command: 0x66, count: 1, lba: 1000 },
  },
  "66h DMA-out T_LENGTH=3 (TPSIU) ck=1": {
    ...dmaOut,
    tLength: 3,
    ckCond: true,
    data: page,
    taskFile: { command: 0x66, count: 8, lba: 1000 },
  },
  "68h DMA-out T_LENGTH=2 count=1 ck=1": {
    ...dmaOut,
    ckCond: true,
    data: page,
    taskFile: { command: 0x68, count: 1, lba: 1000 },
  },
  "07h DSM XL DMA-out ck=1": {
    ...dmaOut,
    ckCond: true,
    data: page,
    taskFile: { command: 0x07, feature: 1, count: 1 },
  },
  "06h DSM TRIM DMA-out lba 64+8 ck=1": {
    ...dmaOut,
    ckCond: true,
    data: trim(64, 8),
    taskFile: { command: 0x06, feature: 1, count: 1 },
  },
  "06h DSM TRIM out of range ck=1": {
    ...dmaOut,
    ckCond: true,
    data: trim(2 ** 40, 8),
    taskFile: { command: 0x06, feature: 1, count: 1 },
  },
  "2Fh READ LOG EXT dir PIO-in ck=1": {
    ...pioIn,
    room: 512,
    taskFile: { command: 0x2f, count: 1, device: 0 },
  },
  "2Fh READ LOG EXT 30h/03h PIO-in ck=1": {
    ...pioIn,
    room: 512,
    taskFile: { command: 0x2f, count: 1, lba: 0x330, device: 0 },
  },
  "47h READ LOG DMA EXT 30h/03h ck=1": {
    ...dmaIn,
    ckCond: true,
    room: 512,
    taskFile: { command: 0x47, count: 1, lba: 0x330, device: 0 },
  },
  "44h ZERO EXT nodata ck=1": { ...nonData, taskFile: { command: 0x44, count: 8, lba: 64 } },
  "0Bh REQUEST SENSE DATA EXT nodata ck=1": { ...nonData, taskFile: { command: 0x0b, device: 0 } },
  "EAh FLUSH CACHE EXT nodata ck=1": { ...nonData, taskFile: { command: 0xea } },
  "35h WRITE DMA EXT lba 0 +8 ck=1": {
    ...dmaOut,
    ckCond: true,
    data: pattern,
    taskFile: { command: 0x35, count: 8 },
  },
  "25h READ DMA EXT lba 0 +8 ck=1": {
    ...dmaIn,
    ckCond: true,
    room: 4096,
    taskFile: { command: 0x25, count: 8 },
  },
  "25h READ DMA EXT out of range ck=1": {
    ...dmaIn,
    ckCond: true,
    room: 4096,
    taskFile: { command: 0x25, count: 8, lba: 2 ** 40 },
  },
  "63h NCQ NON-DATA proto 12 t_len0": {
    protocol: protocol.fpdma,
    extend: true,
    ckCond: true,
    taskFile: { command: 0x63 },
  },
  "64h SEND FPDMA sub05 (WGE NCQ) proto 12": {
    ...dmaOut,
    protocol: protocol.fpdma,
    ckCond: true,
    data: page,
    taskFile: { command: 0x64, feature: 1, count: 0x500 },
  },
  "ATA PT(32) 66h aux=1 ck=1": {
    ...dmaOut,
    form: 32,
    ckCond: true,
    data: page,
    taskFile: { command: 0x66, count: 1, lba: 1000, auxiliary: 1 },
  },
  "ATA PT(12) IDENTIFY ck=1": {
    ...pioIn,
    form: 12,
    extend: false,
    room: 512,
    taskFile: { command: 0xec, count: 1, device: 0 },
  },
};

const wide = { command: 0x66, count: 1, lba: 0x112233445566 };
// The same with D_SENSE set: descriptor format.
const descriptorProbes: Readonly<Record<string, Probe>> = {
  "66h DMA-out ck=1 D_SENSE=1": { ...dmaOut, ckCond: true, data: page, taskFile: wide },
  "66h DMA-out ck=0 D_SENSE=1": { ...dmaOut, data: page, taskFile: wide },
  "25h READ DMA EXT out of range ck=1 D_SENSE=1": {
    ...dmaIn,
    ckCond: true,
    room: 4096,
    taskFile: { command: 0x25, count: 8, lba: 0x112233445566 },
  },
  "ATA PT(32) 66h aux=1 ck=1 D_SENSE=1": {
    ...dmaOut,
    form: 32,
    ckCond: true,
    data: page,
    taskFile: { ...wide, auxiliary: 1 },
  },
  "ATA PT(32) EAh FLUSH ck=1 (success case)": { ...nonData, form: 32, taskFile: { command: 0xea } },
  "ECh IDENTIFY PIO-in ck=0": {
    ...pioIn,
    ckCond: false,
    extend: false,
    room: 512,
    taskFile: { command: 0xec, count: 1 },
  },
  "66h with EXT=0": {
    ...dmaOut,
    extend: false,
    ckCond: true,
    data: page,
    taskFile: { command: 0x66, count: 1, lba: 16 },
  },
  "66h proto=11 (UDMA out)": {
    ...dmaOut,
    protocol: protocol.udmaOut,
    ckCond: true,
    data: page,
    taskFile: { command: 0x66, count: 1, lba: 16 },
  },
  "66h proto=5 (PIO out)": {
    ...dmaOut,
    protocol: protocol.pioOut,
    ckCond: true,
    data: page,
    taskFile: { command: 0x66, count: 1, lba: 16 },
  },
  "66h t_length=0 with data (invalid)": {
    ...dmaOut,
    tLength: 0,
    data: page,
    taskFile: { command: 0x66, count: 1, lba: 16 },
  },
  "RETURN RESPONSE INFO proto=15": { protocol: protocol.returnResponse, taskFile: { command: 0 } },
};

/** A captured line: its name, the SCSI status, and the sense data in words. */
interface Captured {
  readonly name: string;
  readonly status: number;
  readonly said: string;
}

function captured(): Captured[] {
  return vectorLines("qemu-7.2-linux-6.12.txt").flatMap((line) => {
    const match = /^ {2}(\S.*?)\s+status=([0-9a-f]{2}) .* sb=\d+(.*)$/.exec(line);
    if (match === null) return [];
    return [{ name: match[1], status: Number.parseInt(match[2], 16), said: match[3].trim() }];
  });
}

/** Sense data in the words of the capture. */
function inWords(sense: Uint8Array): string {
  if (sense.length === 0) return "";
  const hex = (value: number, digits = 2): string => value.toString(16).padStart(digits, "0");
  if (sense[0] % 0x80 === 0x70) {
    const code = `SK=${hex(sense[2], 1)} ASC=${hex(sense[12])} ASCQ=${hex(sense[13])}`;
    return `[fixed 70] ${code} raw: ${toHex(sense.subarray(0, 18), { group: 1 })}`;
  }
  const code = `[desc] SK=${hex(sense[1], 1)} ASC=${hex(sense[2])} ASCQ=${hex(sense[3])}`;
  const one = sense.subarray(8);
  if (one[0] !== 0x09) {
    const rest = toHex(one.subarray(2), { group: 1 });
    return `${code} | desc type ${hex(one[0])} len ${hex(one[1])}: ${rest}`;
  }
  const lba = [10, 8, 6, 11, 9, 7].map((at) => hex(one[at])).join("");
  const registers = `ext=${one[2]} ERR=${hex(one[3])} CNT=${hex(one[4])}${hex(one[5])} LBA=${lba}`;
  return `${code} | ATA ret: ${registers} DEV=${hex(one[12])} STS=${hex(one[13])}`;
}

const disk = testDisk(SECTORS, { preset: "qemu-7.2" });
const sat = satPassThrough(disk.model, { dialect: "libata-6.12-ahci" });

function run({ data, room, ...input }: Probe, inDescriptors: boolean): SatResult {
  const dataIn = room === undefined ? undefined : new Uint8Array(room);
  return sat.execute(encodePassThrough(input), data, dataIn, inDescriptors);
}

describe("every line of the capture that has a probe", () => {
  const lines = captured();
  const wanted = { ...probes, ...descriptorProbes };
  it("has all probes in it", () => {
    const names = new Set(lines.map(({ name }) => name));
    expect(Object.keys(wanted).filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(lines.filter(({ name }) => Object.hasOwn(wanted, name)))("$name", (line) => {
    const inDescriptors = Object.hasOwn(descriptorProbes, line.name);
    const { status, sense } = run(wanted[line.name], inDescriptors);
    expect(status).toBe(line.status);
    expect(inWords(sense)).toBe(line.said);
  });

  it("and read back what was written", () => {
    const dataIn = new Uint8Array(4096);
    const write = { ...dmaOut, taskFile: { command: 0x35, count: 8, lba: 16 } };
    sat.execute(encodePassThrough(write), pattern);
    const read = { ...dmaIn, taskFile: { command: 0x25, count: 8, lba: 16 } };
    sat.execute(encodePassThrough(read), undefined, dataIn);
    expect(dataIn).toEqual(pattern);
  });
});

describe("sense data that sg_raw printed under Linux 6.1, with registers where they do not belong", () => {
  const older = satPassThrough(disk.model, { dialect: "libata-6.1-ahci" });
  const answerTo = (cdb: Uint8Array, inDescriptors: boolean): SatResult => {
    // T_LENGTH tells whether there is data, T_DIR where it goes (SAT-4 12.2.2).
    const [hasData, isIn] = [cdb[2] % 4 > 0, cdb[2] % 16 > 7];
    const out = hasData && !isIn ? page : undefined;
    return older.execute(
      cdb,
      out,
      hasData && isIn ? new Uint8Array(512) : undefined,
      inDescriptors,
    );
  };
  it.each(vectorLines("qemu-7.2-linux-6.1-sense.txt").map((line) => line.split(" | ")))(
    "%s, D_SENSE %s",
    (cdb, dSense, sense) => {
      const answer = answerTo(fromHex(cdb), dSense === "1");
      expect(toHex(answer.sense, { group: 1 })).toBe(sense);
    },
  );

  it("is not taken for registers, nor for an address", () => {
    const [line] = vectorLines("qemu-7.2-linux-6.1-sense.txt");
    const decoded = parseSense(fromHex(line.split(" | ")[2]));
    expect(decoded).toEqual({
      ok: true,
      value: { format: "fixed", deferred: false, senseKey: 0xb, asc: 0, ascq: 0 },
    });
  });
});

describe("sense data that sg_raw printed", () => {
  // EXECUTE DEVICE DIAGNOSTIC is left out: Linux runs into its error handler there.
  const lines = vectorLines("qemu-7.2-sense.txt")
    .map((line) => line.split(" | "))
    .filter(([cdb]) => !cdb.endsWith("90 00"));
  it.each(lines)("%s", (cdb, sense) => {
    expect(toHex(sat.execute(fromHex(cdb)).sense, { group: 1 })).toBe(sense);
  });
});
