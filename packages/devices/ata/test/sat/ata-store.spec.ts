// Goal: a disk behind a translator is a store like any other, and copies by itself where it can. Method: the suite of stores
// over an emulated disk; the commands that come to the disk for a copy; errors of the disk.
import { storeSuite } from "@blockferry/conformance/store";
import type { DeviceModel } from "@blockferry/core";
import { memoryStore } from "@blockferry/store-memory";
import { describe, expect, it } from "vitest";
import { openAtaDevice } from "../../src/index.ts";
import { type AtaModelOptions, ataModel } from "../../src/model/index.ts";
import { ataStore } from "../../src/sat/index.ts";
import { labelAt, labelSectors, testDisk } from "../support/disk.ts";
import { loopback } from "../support/loopback.ts";

const SECTOR = 512;
const COMMAND_BYTE = 2;

const template = await openAtaDevice(loopback(testDisk(1000).model));

storeSuite({
  describe,
  it,
  supports: { findsHoles: false, copyMeans: ["device", "read-write"], keepsBytes: false },
  create(bytes) {
    // A disk has whole sectors.
    const capacityBlocks = Math.ceil(bytes / SECTOR);
    const model = ataModel({ store: memoryStore({ bytes: capacityBlocks * SECTOR }) });
    return ataStore(model, { ...template, capacityBlocks: bytes / SECTOR });
  },
});

async function watched(options: Omit<AtaModelOptions, "store"> = {}) {
  const disk = testDisk(1000, options);
  labelSectors(disk, 1000, options.bytesPerSector);
  const commands: number[] = [];
  const seen: DeviceModel = {
    ...disk.model,
    execute(queue, command, out, into, completion) {
      commands.push(command[COMMAND_BYTE]);
      return disk.model.execute(queue, command, out, into, completion);
    },
  };
  const store = ataStore(seen, await openAtaDevice(loopback(disk.model)));
  commands.length = 0;
  return { disk, store, commands };
}

describe("copies of a disk behind a translator", () => {
  it("are WRITE GATHERED EXT where they are whole sectors", async () => {
    const { disk, store, commands } = await watched();
    expect(store.copy(10 * SECTOR, 500 * SECTOR, 90 * SECTOR)).toBe("device");
    expect(commands).toEqual([0x66]);
    expect([labelAt(disk, 500), labelAt(disk, 589), labelAt(disk, 590)]).toEqual([10, 99, 590]);
  });

  it("take as many commands as the disk's limits make of them", async () => {
    const limits = { entries: 2, blocksPerEntry: 10, blocks: 20 };
    const { disk, store, commands } = await watched({ limits, bytesPerSector: 4096 });
    store.copy(0, 500 * 4096, 45 * 4096);
    expect(commands).toEqual([0x66, 0x66, 0x66]);
    expect([labelAt(disk, 500, 4096), labelAt(disk, 544, 4096)]).toEqual([0, 44]);
  });

  it.each([
    ["overlapping", 10 * SECTOR, 12 * SECTOR, 5 * SECTOR],
    ["off the sectors", 10 * SECTOR + 8, 500 * SECTOR, SECTOR],
  ])("go through memory: %s", async (_what, from, to, bytes) => {
    const { store, commands } = await watched();
    const expected = new Uint8Array(bytes);
    store.read(from, expected);
    expect(store.copy(from, to, bytes)).toBe("read-write");
    const copied = new Uint8Array(bytes);
    store.read(to, copied);
    expect(copied).toEqual(expected);
    expect(commands).not.toContain(0x66);
  });

  it("go through memory where the disk has no such command", async () => {
    const { disk, store, commands } = await watched({ profile: null });
    expect(store.copy(10 * SECTOR, 500 * SECTOR, 2 * SECTOR)).toBe("read-write");
    expect(commands).toEqual([0x25, 0x35]);
    expect(labelAt(disk, 501)).toBe(11);
  });
});

describe("what the disk refuses", () => {
  it.each([
    ["unrecovered-read", "FERRY_STORE_UNREADABLE", "STATUS 81, ERROR 64"],
    ["write-fault", "FERRY_STORE_IO", "STATUS 112"],
  ] as const)("%s is %s", async (kind, code, said) => {
    const { disk, store } = await watched();
    disk.model.inject({ kind, lba: kind === "write-fault" ? 503 : 13 });
    expect(() => store.copy(10 * SECTOR, 500 * SECTOR, 9 * SECTOR)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(said) }),
    );
  });

  it("a disk that is gone does not answer", async () => {
    const { disk, store } = await watched();
    disk.model.inject({ kind: "removed" });
    expect(() => store.read(0, new Uint8Array(SECTOR))).toThrow("removed");
  });
});
