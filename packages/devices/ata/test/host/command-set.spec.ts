// Goal: queue memory is filled with the right FISes and lists, and completions are understood. Method: bytes worked out by
// hand, and random copies of all profiles carried out by the model and compared with plain moves of a reference.

import { FerryError, highWord, lowWord, statusName } from "@blockferry/core";
import { toHex } from "@blockferry/core/bytes";
import { CURSOR_BLOCKS, CURSOR_WORDS } from "@blockferry/core/plan";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeWriteGathered,
  defaultProfile,
  taskFileFis,
  type WriteGatheredProfile,
} from "../../src/codec/index.ts";
import {
  type AtaDevice,
  ataCommandSet,
  openAtaDevice,
  planWriteGathered,
} from "../../src/index.ts";
import type { AtaModelOptions } from "../../src/model/index.ts";
import { labelSectors, testDisk } from "../support/disk.ts";
import { loopback, queueMemory } from "../support/loopback.ts";
import { bigEndianProfile, wordsProfile } from "../support/profiles.ts";

interface Options {
  readonly model?: Omit<AtaModelOptions, "store">;
  readonly profile?: WriteGatheredProfile;
  readonly queued?: boolean;
  readonly forceUnitAccess?: boolean;
  readonly trustBlocksDone?: boolean;
  readonly sectors?: number;
  readonly depth?: number;
}

/** A queue in front of a model, driven by hand. */
async function queue({ model = {}, profile, sectors = 2000, depth = 4, ...options }: Options = {}) {
  const own = profile === undefined ? {} : { profile };
  const disk = testDisk(sectors, { ...model, ...own });
  labelSectors(disk, Math.min(sectors, 2000), model.bytesPerSector);
  const device = await openAtaDevice(loopback(disk.model), own);
  const set = ataCommandSet({ ...own, ...options });
  const memory = queueMemory(set, depth);
  const encoder = set.open(memory, 2);
  encoder.bind(0, device);
  const send = (slot: number, data?: Uint8Array, dataIn?: Uint8Array): number => {
    const bytes = encoder.listBytesOf(slot);
    const list = bytes === 0 ? data : memory.listBytes[slot].slice(0, bytes);
    disk.model.execute("io", memory.commandBytes[slot], list, dataIn, memory.completionBytes[slot]);
    return encoder.interpret(slot);
  };
  const window = (ranges: readonly { lba: number; blocks: number }[]): Int32Array =>
    Int32Array.from(ranges.flatMap(({ lba, blocks }) => [0, lowWord(lba), highWord(lba), blocks]));
  return { disk, device, memory, encoder, send, window };
}

const hexOf = (bytes: Uint8Array): string => toHex(bytes, { group: 1 });

describe("encodes", () => {
  it("READ and WRITE DMA EXT, FLUSH CACHE EXT", async () => {
    const { encoder, memory } = await queue();
    encoder.read(1, 0, 0x33445566, 0x1122, 65_536);
    expect(hexOf(memory.commandBytes[1])).toBe(
      "27 80 25 00 66 55 44 40 33 22 11 00 00 00 00 00 00 00 00 00",
    );
    encoder.write(1, 0, 0x7fffffff, 0, 8);
    expect(hexOf(memory.commandBytes[1])).toBe(
      "27 80 35 00 ff ff ff 40 7f 00 00 00 08 00 00 00 00 00 00 00",
    );
    encoder.flush(1, 0);
    expect(hexOf(memory.commandBytes[1])).toBe(
      "27 80 ea 00 00 00 00 40 00 00 00 00 00 00 00 00 00 00 00 00",
    );
    expect(encoder.listBytesOf(1)).toBe(0);
  });

  it("with force unit access", async () => {
    const { encoder, memory } = await queue({ forceUnitAccess: true });
    encoder.write(0, 0, 1, 0, 8);
    expect(memory.commandBytes[0][2]).toBe(0x3d);
    const qemu = await queue({ model: { preset: "qemu-7.2" }, forceUnitAccess: true });
    expect(() => qemu.encoder.write(0, 0, 1, 0, 8)).toThrow("has no WRITE DMA FUA EXT");
  });

  it("queued commands: blocks in FEATURES, the slot as tag", async () => {
    const { encoder, memory } = await queue({ queued: true, forceUnitAccess: true });
    encoder.read(3, 0, 0x33445566, 0x1122, 0x1234);
    expect(hexOf(memory.commandBytes[3])).toBe(
      "27 80 60 34 66 55 44 40 33 22 11 12 18 00 00 00 00 00 00 00",
    );
    encoder.write(2, 0, 7, 0, 1);
    expect(hexOf(memory.commandBytes[2])).toBe(
      "27 80 61 01 07 00 00 c0 00 00 00 00 10 00 00 00 00 00 00 00",
    );
  });

  it("gathered writes, and clears what an earlier list left", async () => {
    const { encoder, memory, window } = await queue();
    const copy = (ranges: readonly { lba: number; blocks: number }[]): void => {
      const cursor = new Int32Array(CURSOR_WORDS);
      encoder.copy(0, 0, 500, 0, window(ranges), 0, ranges.length, cursor, 0);
    };
    copy(Array.from({ length: 64 }, () => ({ lba: 0xffffffffffff, blocks: 0xffff })));
    copy([{ lba: 0x112233445566, blocks: 0x0102 }]);
    expect(hexOf(memory.commandBytes[0])).toBe(
      "27 80 66 00 f4 01 00 40 00 00 00 00 01 00 00 00 00 00 00 00",
    );
    expect(encoder.listBytesOf(0)).toBe(512);
    const list = memory.listBytes[0].subarray(0, 512);
    expect(hexOf(list.subarray(0, 8))).toBe("66 55 44 33 22 11 02 01");
    expect(list.subarray(8).every((byte) => byte === 0)).toBe(true);
    expect(memory.lists[0]).toBe(0x33445566);
  });
});

describe("completions", () => {
  const fill = async (fis: readonly number[], options: Options = {}) => {
    const made = await queue(options);
    const { encoder, memory } = made;
    encoder.write(0, 0, 5, 0, 1);
    memory.completionBytes[0].fill(0).set(fis);
    return { ...made, value: statusName(encoder.interpret(0) as number) };
  };

  const cases: readonly [string, readonly number[], string, boolean][] = [
    ["50h", [0x34, 0x40, 0x50, 0], "success", false],
    ["SDB", [0xa1, 0x40, 0x50, 0, 1], "success", false],
    ["UNC", [0x34, 0x40, 0x51, 0x40], "unrecoveredRead", false],
    ["IDNF", [0x34, 0x40, 0x51, 0x10], "outOfRange", false],
    ["ABRT", [0x34, 0x40, 0x51, 0x04], "unsupported", false],
    ["ICRC|ABRT", [0x34, 0x40, 0x51, 0x84], "deviceError", true],
    ["DF", [0x34, 0x40, 0x70, 0], "writeFault", false],
    ["BSY", [0x34, 0x40, 0x80, 0], "busy", true],
    ["ERR alone", [0x34, 0x40, 0x41, 0], "deviceError", false],
    ["nothing", [0, 0, 0x50, 0], "deviceError", false],
  ];
  it.each(cases)("%s", async (_name, fis, wanted, retryable) => {
    const { encoder, value } = await fill(fis);
    expect(value).toBe(wanted);
    expect(encoder.isRetryable(0)).toBe(retryable);
  });

  it("of an earlier command are not taken for this one's", async () => {
    const { encoder } = await fill([0x34, 0x40, 0x50, 0]);
    encoder.write(0, 0, 5, 0, 1);
    expect(statusName(encoder.interpret(0))).toBe("deviceError");
  });

  it("are described with the registers, and as provisional where they are", async () => {
    const { encoder } = await fill([0x34, 0x40, 0x51, 0x10, 6, 5, 4, 0x40, 3, 2, 1, 0, 8, 0]);
    expect(encoder.describe(0)).toEqual({
      family: "ata",
      code: 0x5110,
      name: "address not found (STATUS DRDY|DSC|ERR, ERROR IDNF)",
      fields: {
        status: 0x51,
        error: 0x10,
        lba: 0x010203040506,
        count: 8,
        device: 0x40,
        command: 0x35,
      },
    });
    const copy = await queue();
    copy.encoder.copy(0, 0, 9, 0, copy.window([{ lba: 9, blocks: 1 }]), 0, 1, new Int32Array(3), 0);
    expect(statusName(copy.send(0))).toBe("unsupported");
    expect(copy.encoder.describe(0).name).toBe(
      "command aborted (STATUS DRDY|DSC|ERR, ERROR ABRT); WRITE GATHERED EXT, Provisional (secondary source): acs6-provisional-66",
    );
  });
});

describe("a copy that failed in the middle", () => {
  const ranges = [
    { lba: 100, blocks: 4 },
    { lba: 300, blocks: 4 },
    { lba: 100, blocks: 4 },
  ];
  const run = async (options: Options, lba: number) => {
    const faults = [{ kind: "unrecovered-read", lba }] as const;
    const made = await queue({ ...options, model: { ...options.model, faults } });
    const cursor = new Int32Array(CURSOR_WORDS);
    const window = made.window(ranges);
    expect(made.encoder.copy(0, 0, 600, 0, window, 0, 3, cursor, 0)).toBe(3);
    expect(cursor[CURSOR_BLOCKS]).toBe(12);
    expect(statusName(made.send(0))).toBe("unrecoveredRead");
    return made.encoder.blocksDone(0, 0, window, 0, 3, 0, 0);
  };

  it("by the source that could not be read: the first range that holds it", async () => {
    expect(await run({}, 302)).toBe(6);
    expect(await run({}, 103)).toBe(3);
  });
  it("by where the destination stopped", async () => {
    expect(await run({ profile: wordsProfile }, 302)).toBe(6);
  });
  it("not at all, where the profile gives LBA no meaning, or nobody trusts it", async () => {
    expect(await run({ profile: bigEndianProfile }, 302)).toBe(0);
    expect(await run({ trustBlocksDone: false }, 302)).toBe(0);
    expect(await run({ queued: true }, 302)).toBe(0);
  });

  it("counts nothing where addresses were refused before a sector moved", async () => {
    const { encoder, window, send } = await queue();
    const wrong = [
      { lba: 0, blocks: 4 },
      { lba: 1999, blocks: 2 },
    ];
    encoder.copy(0, 0, 600, 0, window(wrong), 0, 2, new Int32Array(3), 0);
    expect(statusName(send(0))).toBe("outOfRange");
    expect(encoder.blocksDone(0, 0, window(wrong), 0, 2, 0, 0)).toBe(0);
  });
});

describe("what does not go together", () => {
  it("is refused", async () => {
    const { device, memory } = await queue();
    const set = ataCommandSet();
    expect(() => set.open({ ...memory, commandWords: 16 }, 1)).toThrow("FISes of 20");
    const encoder = set.open(memory, 1);
    expect(() =>
      encoder.bind(0, { family: "nvme", capacityBlocks: 1, bytesPerBlock: 512 }),
    ).toThrow("no ATA disk");
    expect(() => encoder.bind(1, device)).toThrow("device number 1 is not within 0..0");
    const other = ataCommandSet({ profile: wordsProfile });
    expect(() => other.open(queueMemory(other, 1), 1).bind(0, device)).toThrow(FerryError);
    const wide = queueMemory(set, 33);
    expect(() => ataCommandSet({ queued: true }).open(wide, 1)).toThrow("1..32 slots, not 33");
    await expect(queue({ queued: true, model: { queueDepth: 2 } })).rejects.toThrow(
      "takes 2 queued commands",
    );
    expect(() => ataCommandSet({ profile: { ...wordsProfile, command: 0x35 } })).toThrow(
      "WRITE DMA EXT",
    );
  });

  it("a disk without the command is not reached by copies, but read and written", async () => {
    const { encoder } = await queue({ model: { preset: "qemu-7.2" } });
    expect(encoder.reaches(0, 0)).toBe(false);
    const own = await queue();
    expect([
      own.encoder.reaches(0, 0),
      own.encoder.reaches(0, 1),
      own.encoder.reaches(1, 1),
    ]).toEqual([true, false, false]);
  });
});

describe("random copies", () => {
  const SECTORS = 600;
  const settings: readonly [string, Options][] = [
    ["acs6-provisional-66", {}],
    ["acs6-provisional-66, queued", { queued: true }],
    ["acs6-provisional-66, 4,096-byte sectors", { model: { bytesPerSector: 4096 } }],
    ["words", { profile: wordsProfile }],
    ["words, queued", { profile: wordsProfile, queued: true }],
    ["big-endian", { profile: bigEndianProfile }],
  ];

  /** Sends one copy in as many commands as it takes. Returns the commands' bounds. */
  function carryOut(
    { encoder, window, send, memory }: Awaited<ReturnType<typeof queue>>,
    profile: WriteGatheredProfile,
    sources: readonly { lba: number; blocks: number }[],
    destination: number,
  ): number {
    const cursor = new Int32Array(CURSOR_WORDS);
    const words = window(sources);
    let at = destination;
    let commands = 0;
    for (;;) {
      const slot = commands % memory.depth;
      const ranges = encoder.copy(slot, 0, at, 0, words, 0, sources.length, cursor, 0);
      if (ranges === 0) return commands;
      expect(statusName(send(slot))).toBe("success");
      const list = memory.listBytes[slot].slice(0, encoder.listBytesOf(slot));
      const read = decodeWriteGathered(profile, memory.commandBytes[slot].slice(), list);
      expect(read.ok && read.value.destination).toBe(at);
      expect(read.ok && read.value.sources.length).toBe(ranges);
      at += cursor[CURSOR_BLOCKS];
      commands += 1;
    }
  }

  it.each(settings)(
    "%s: the image is that of plain moves, nothing else is touched",
    async (_name, options) => {
      const bytes = options.model?.bytesPerSector ?? 512;
      const limits = { entries: 7, blocksPerEntry: 9, blocks: 40 };
      const made = await queue({
        sectors: SECTORS,
        ...options,
        model: { ...options.model, limits },
      });
      const reference = made.disk.bytes();
      const profile = options.profile ?? defaultProfile;
      const ranges = fc.array(
        fc.record({ lba: fc.nat(279), blocks: fc.integer({ min: 1, max: 20 }) }),
        { minLength: 1, maxLength: 12 },
      );
      fc.assert(
        fc.property(ranges, fc.nat(49), (sources, offset) => {
          const destination = 300 + offset;
          const blocks = sources.reduce((sum, range) => sum + range.blocks, 0);
          const moved = sources.map(({ lba, blocks: count }) =>
            reference.slice(lba * bytes, (lba + count) * bytes),
          );
          let at = destination * bytes;
          for (const part of moved) {
            reference.set(part, at);
            at += part.length;
          }
          const commands = carryOut(made, profile, sources, destination);
          expect(commands).toBeGreaterThanOrEqual(Math.ceil(blocks / 40));
          expect(Buffer.compare(made.disk.bytes(), reference)).toBe(0);
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe("planWriteGathered", () => {
  it("shows the same bytes as the encoder, and how sure they are", async () => {
    const { device, encoder, memory, window } = await queue();
    const sources = [
      { lba: 1000, blocks: 8 },
      { lba: 5, blocks: 2 },
    ];
    const { commands, provisional } = planWriteGathered(device as AtaDevice, {
      sources,
      destination: 64,
    });
    expect(provisional).toContain("Provisional (secondary source): acs6-provisional-66");
    expect(commands).toHaveLength(1);
    const [{ fis, list, cdb, taskFile }] = commands;
    encoder.copy(0, 0, 64, 0, window(sources), 0, 2, new Int32Array(3), 0);
    expect(hexOf(fis)).toBe(hexOf(memory.commandBytes[0]));
    expect(hexOf(taskFileFis(taskFile))).toBe(hexOf(fis));
    expect(hexOf(list)).toBe(hexOf(memory.listBytes[0].subarray(0, encoder.listBytesOf(0))));
    // SAT-4, Table 156: DMA, EXTEND, CK_COND, BYT_BLOK, T_LENGTH 11b; COUNT 1, LBA 64.
    expect(hexOf(cdb)).toBe("85 0d 27 00 00 00 01 00 40 00 00 00 00 40 66 00");
  });

  it("cuts at the limits", async () => {
    const limits = { entries: 3, blocksPerEntry: 10, blocks: 25 };
    const { device } = await queue({ model: { limits } });
    const { commands } = planWriteGathered(device, {
      sources: [{ lba: 0, blocks: 60 }],
      destination: 100,
    });
    expect(
      commands.map(({ destination, sources }) => [destination, sources.map((one) => one.blocks)]),
    ).toEqual([
      [100, [10, 10, 5]],
      [125, [10, 10, 5]],
      [150, [10]],
    ]);
  });
});
