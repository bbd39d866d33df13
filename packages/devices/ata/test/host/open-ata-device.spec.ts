// Goal: the host learns a disk's size and limits, and sends WRITE GATHERED EXT to nothing but an emulated disk unless its
// caller brings a profile and says so. Method: models, one of them made to look like a foreign disk.
import { FerryError } from "@blockferry/core";
import { memoryStore } from "@blockferry/store-memory";
import { describe, expect, it } from "vitest";
import { defaultProfile, writeGatheredProfile } from "../../src/codec/index.ts";
import {
  type AtaDevice,
  ataCommandSet,
  type OpenAtaDeviceOptions,
  openAtaDevice,
  planWriteGathered,
} from "../../src/index.ts";
import { type AtaModelOptions, ataModel } from "../../src/model/index.ts";
import { loopback, queueMemory } from "../support/loopback.ts";
import { bigEndianProfile, wordsProfile } from "../support/profiles.ts";

const SECTORS = 131_072;

function open(
  model: Omit<AtaModelOptions, "store"> = {},
  options: OpenAtaDeviceOptions = {},
  supports = {},
): Promise<AtaDevice> {
  const bytes = SECTORS * (model.bytesPerSector ?? 512);
  const made = ataModel({ ...model, store: memoryStore({ bytes }) });
  return openAtaDevice(loopback(made, supports), options);
}

/** A disk like any other, as far as it says: QEMU's. */
const foreign = { preset: "qemu-7.2" } as const;
const own = { ...wordsProfile, id: "mine", provenance: "standard", note: "ACS-6" } as const;

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof FerryError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "done";
}

describe("an emulated disk", () => {
  it("says what it is and how far one command goes", async () => {
    const device = await open({ identity: { serialNumber: "S1", modelNumber: "M 1" } });
    expect(device).toMatchObject({
      family: "ata",
      capacityBlocks: SECTORS,
      bytesPerBlock: 512,
      physicalBytesPerBlock: 4096,
      modelNumber: "M 1",
      serialNumber: "S1",
      firmwareRevision: "1.0",
      emulated: true,
      queueDepth: 32,
      forceUnitAccess: true,
      trimPagesMax: 8,
      writeGathered: defaultProfile,
      writeGatheredQueued: true,
    });
    expect(device.provisional).toContain("Provisional (secondary source): acs6-provisional-66");
    expect(device.limits).toEqual({
      bytesPerBlock: 512,
      transferBlocksMax: 65_536,
      copyShape: "many-to-one",
      copyBlocksMax: 64 * 65_535,
      copyBlocksHwMax: 64 * 65_535,
      copyRangesMax: 64,
      copyRangesHwMax: 64,
      copyRangeBlocksMax: 65_535,
      copyRangeBlocksHwMax: 65_535,
      copyCrossDevice: false,
    });
  });

  it("with limits of its own, and a transport with some", async () => {
    const limits = { entries: 10, blocksPerEntry: 100, blocks: 500 };
    const device = await open({ limits, bytesPerSector: 4096 }, {}, { dataBytesMax: 65_536 });
    expect(device.bytesPerBlock).toBe(4096);
    expect(device.limits).toMatchObject({
      transferBlocksMax: 16,
      copyRangesMax: 10,
      copyRangeBlocksMax: 100,
      copyBlocksMax: 500,
    });
    const narrow = await open(
      { profile: wordsProfile },
      { profile: wordsProfile },
      { listBytesMax: 512 },
    );
    expect(narrow.limits.copyRangesMax).toBe(31);
    const none = await open({}, {}, { listBytesMax: 511 });
    expect(none.limits.copyShape).toBeUndefined();
    expect(none.writeGathered).toBeUndefined();
    expect(none.copyRefusal).toContain("no room");
  });

  it("with a profile of the caller's: known by its name", async () => {
    const words = await open({ profile: wordsProfile }, { profile: wordsProfile });
    expect(words.writeGathered).toEqual(wordsProfile);
    expect(words.provisional).toContain("Provisional (invented): test-words");
    expect(words.copyRefusal).toBeUndefined();
    const unknown = await open({ profile: wordsProfile });
    expect(unknown.writeGathered).toBeUndefined();
    expect(unknown.copyRefusal).toContain("follows profile test-words, which the caller did not");
    const other = await open({}, { profile: wordsProfile });
    expect(other.writeGathered).toBeUndefined();
    expect(other.copyRefusal).toContain("follows profile acs6-provisional-66, not test-words");
    const renamed = { ...wordsProfile, id: "test-other" };
    expect((await open({ profile: wordsProfile }, { profile: renamed })).copyRefusal).toContain(
      "follows profile test-words, not test-other",
    );
    const blocks = await open({ profile: bigEndianProfile }, { profile: bigEndianProfile });
    expect(blocks.writeGatheredQueued).toBe(false);
    expect(blocks.limits.copyRangeBlocksMax).toBe(256);
  });

  it("without WRITE GATHERED EXT", async () => {
    const device = await open({ profile: null });
    expect(device.emulated).toBe(true);
    expect(device.limits).toEqual({ bytesPerBlock: 512, transferBlocksMax: 65_536 });
    expect(() => planWriteGathered(device, { sources: [], destination: 0 })).toThrow(
      "no WRITE GATHERED",
    );
  });
});

describe("a foreign disk", () => {
  it("has no copy command by itself", async () => {
    const device = await open(foreign);
    expect(device).toMatchObject({
      emulated: false,
      modelNumber: "QEMU HARDDISK",
      forceUnitAccess: false,
    });
    expect(device.writeGathered).toBeUndefined();
    expect(device.limits.copyShape).toBeUndefined();
    expect(device.copyRefusal).toContain("are not public");
  });

  it("is refused every half of what it takes", async () => {
    const refused = (options: OpenAtaDeviceOptions) => codeOf(() => open(foreign, options));
    expect(await refused({ allowProvisional: true })).toContain(
      "FERRY_ATA_PROVISIONAL: QEMU HARDDISK is not emulated",
    );
    expect(await refused({ profile: own })).toContain("only with allowProvisional: true");
    for (const id of ["acs6-provisional-66", "acs6-provisional-68"]) {
      const profile = structuredClone(writeGatheredProfile(id));
      const said = await refused({ profile, allowProvisional: true });
      expect(said).toContain("FERRY_ATA_PROVISIONAL");
      expect(said).toContain(`Provisional (secondary source): ${id}`);
    }
  });

  it("gets it with both", async () => {
    const use = { profile: own, allowProvisional: true };
    const device = await open(foreign, use);
    expect(device.writeGathered).toEqual(own);
    expect(device.provisional).toContain("from the standard, as its author says: mine");
    const set = ataCommandSet(use);
    set.open(queueMemory(set, 1), 1).bind(0, device);
    // And the command set asks again.
    for (const half of [{ profile: own }, { profile: own, allowProvisional: false }]) {
      const other = ataCommandSet(half);
      expect(await codeOf(() => other.open(queueMemory(other, 1), 1).bind(0, device))).toContain(
        "FERRY_ATA_PROVISIONAL",
      );
    }
    const forged = { ...device, writeGathered: defaultProfile };
    const built = ataCommandSet({ allowProvisional: true });
    expect(await codeOf(() => built.open(queueMemory(built, 1), 1).bind(0, forged))).toContain(
      "FERRY_ATA_PROVISIONAL",
    );
  });

  it("is believed where its log says that it has none", async () => {
    const capability = { log: 0x30, page: 3, byte: 14, bit: 7 };
    const use = { profile: { ...own, capability }, allowProvisional: true };
    expect((await open(foreign, use)).writeGathered).toBeUndefined();
  });
});

describe("what is no disk for this", () => {
  it("fails to identify itself", async () => {
    const faults = [{ kind: "registers", command: 0xec }] as const;
    const said = await codeOf(() => open({ faults }));
    expect(said).toContain(
      "FERRY_ATA_IDENTIFY: IDENTIFY DEVICE failed: command aborted (STATUS DRDY|DSC|ERR, ERROR ABRT)",
    );
  });

  it("sends data with a wrong checksum, or has no 48-bit commands", async () => {
    const model = ataModel({ store: memoryStore({ bytes: 1_048_576 }) });
    const change = (at: number) => {
      const transport = loopback(model);
      return {
        ...transport,
        execute: async (...[command, options]: Parameters<typeof transport.execute>) => {
          const completion = await transport.execute(command, options);
          if (command[2] === 0xec && options?.dataIn !== undefined) {
            options.dataIn[at] = 0;
            if (at !== 99) options.dataIn[510] = 0;
          }
          return completion;
        },
      };
    };
    expect(await codeOf(() => openAtaDevice(change(99)))).toContain("checksum");
    expect(await codeOf(() => openAtaDevice(change(83 * 2 + 1)))).toContain(
      "FERRY_ATA_UNSUPPORTED",
    );
  });
});
