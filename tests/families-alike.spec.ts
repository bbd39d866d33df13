// Goal: a copy is a copy, whatever carries it: NVMe Copy, EXTENDED COPY, tokens, ATA WRITE GATHERED.
// Method: emulated devices of all families begin with the same image and get the same random requests; their images, their
// results, and what they say of the same failures are compared with each other.
import { describe, expect, it } from "vitest";
import {
  type BottomDevice,
  blockDevice,
  type CopyResult,
  copy,
} from "../packages/block/src/index.ts";
import type { Store } from "../packages/core/src/index.ts";
import { ataCommandSet, openAtaDevice } from "../packages/devices/ata/src/index.ts";
import { ataModel } from "../packages/devices/ata/src/model/index.ts";
import { openNvmeController } from "../packages/devices/nvme/src/index.ts";
import { nvmeModel } from "../packages/devices/nvme/src/model/index.ts";
import { openScsiTarget, type ScsiTargetOptions } from "../packages/devices/scsi/src/index.ts";
import { type ScsiModelOptions, scsiModel } from "../packages/devices/scsi/src/model/index.ts";
import { type MemoryStore, memoryStore } from "../packages/stores/memory/src/index.ts";
import { listToken } from "../packages/strategies/list-token/src/index.ts";
import { sourceList } from "../packages/strategies/source-list/src/index.ts";
import { memoryTransport } from "../packages/transports/memory/src/index.ts";

const BLOCK = 512;
const BLOCKS = 4096;
const REQUESTS = 1000;

/** Small numbers that look random, the same on every run (xorshift32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

interface Fault {
  readonly kind: "unrecovered-read" | "write-fault";
  readonly lba: number;
}

interface Family {
  readonly device: BottomDevice;
  readonly store: Store;
}

type Open = (store: MemoryStore, faults: readonly Fault[]) => Promise<BottomDevice>;

const inline = { turn: "inline" } as const;

const openNvme: Open = async (store, faults) => {
  const model = nvmeModel({ namespaces: [{ store, mssrl: 100, mcl: 300, msrc: 7 }], faults });
  const transport = memoryTransport(model, inline);
  const { namespaces, commandSet } = await openNvmeController(transport);
  return blockDevice({ name: "device", target: namespaces[0], commandSet, transport });
};

const openScsi =
  (model: Partial<ScsiModelOptions>, options: ScsiTargetOptions): Open =>
  async (store, faults) => {
    const transport = memoryTransport(scsiModel({ units: [{ store }], ...model, faults }), inline);
    const { units, commandSet, copiesMax } = await openScsiTarget(transport, options);
    const queueDepth = Math.min(32, copiesMax);
    return blockDevice({ name: "device", target: units[0], commandSet, transport, queueDepth });
  };

const openAta =
  (queued: boolean): Open =>
  async (store, faults) => {
    const transport = memoryTransport(ataModel({ store, faults }), inline);
    const target = await openAtaDevice(transport);
    const commandSet = ataCommandSet({ queued });
    return blockDevice({ name: "device", target, commandSet, transport, queueDepth: 16 });
  };

const families: Readonly<Record<string, Open>> = {
  nvme: openNvme,
  "xcopy lid1": openScsi({}, { copy: "extended-copy" }),
  "xcopy lid4": openScsi({}, { copy: "extended-copy", extendedCopy: { listFormat: "lid4" } }),
  "xcopy as LIO": openScsi({ profile: "lio" }, {}),
  "xcopy as SCST": openScsi({ profile: "scst" }, {}),
  "xcopy as CTL": openScsi({ profile: "ctl" }, {}),
  token: openScsi({}, { copy: "token" }),
  "token in the background": openScsi(
    { backgroundBytes: 64 * BLOCK },
    { copy: "token", tokenCopy: { immediate: true, pollMs: 1 } },
  ),
  "token as CTL": openScsi({ profile: "ctl" }, { copy: "token" }),
  "token of less than asked": openScsi(
    { tokens: { populateBlocksMax: 50, writeBlocksMax: 20 } },
    { copy: "token", tokenCopy: { deleteTokens: false } },
  ),
  ata: openAta(false),
  "ata queued": openAta(true),
};

/** Opens every family over an image of its own, all of the same bytes. */
async function openAll(faults: readonly Fault[] = []): Promise<Map<string, Family>> {
  const random = randomNumbers(7);
  const image = Uint8Array.from({ length: BLOCKS * BLOCK }, () => random(256));
  const opened = new Map<string, Family>();
  for (const [name, open] of Object.entries(families)) {
    const store = memoryStore({ bytes: image.length });
    store.write(0, image);
    opened.set(name, { store, device: await open(store, faults) });
  }
  return opened;
}

function imageOf({ store }: Family): Buffer {
  const image = Buffer.alloc(store.bytes);
  store.read(0, image);
  return image;
}

/** Some source ranges, anywhere and in any order, and a destination that none of them overlaps. */
function randomRequest(random: (below: number) => number) {
  const destination = random(BLOCKS - 1);
  const sources: { lba: number; blocks: number }[] = [];
  let room = 1 + random(Math.min(400, BLOCKS - destination - 1) || 1);
  const end = destination + room;
  for (let count = 1 + random(12); count > 0 && room > 0; count--) {
    const before = random(2) === 0;
    const from = before ? 0 : end;
    const to = before ? destination : BLOCKS;
    if (to <= from) continue;
    const lba = from + random(to - from);
    const blocks = Math.min(1 + random(120), to - lba, room);
    sources.push({ lba, blocks });
    room -= blocks;
  }
  return sources.length === 0 ? undefined : { sources, destination };
}

/** What a result says, but for how the commands were cut and for the device's own words. */
function saidBy(result: CopyResult) {
  return {
    status: result.status,
    blocks: result.blocks,
    offloadedBlocks: result.offloadedBlocks,
    bytesThroughHost: result.bytesThroughHost,
  };
}

describe("the same copy on devices of all families", { timeout: 300_000 }, () => {
  it.each([
    ["source-list", sourceList],
    ["list-token", listToken],
  ])(`leaves the same image after ${REQUESTS} random requests (%s)`, async (_name, strategyOf) => {
    const all = await openAll();
    const reference = [...all.values()][0];
    const strategy = strategyOf();
    const random = randomNumbers(20_201_122);
    for (let i = 0; i < REQUESTS; i++) {
      const request = randomRequest(random);
      if (request === undefined) continue;
      const blocks = request.sources.reduce((sum, range) => sum + range.blocks, 0);
      for (const [name, { device }] of all) {
        const result = await copy(device, request, { strategy });
        expect(saidBy(result), name).toEqual({
          status: "success",
          blocks,
          offloadedBlocks: blocks,
          bytesThroughHost: 0,
        });
      }
      if (i % 50 !== 49 && i !== REQUESTS - 1) continue;
      const image = imageOf(reference);
      for (const [name, family] of all) {
        expect(imageOf(family).equals(image), `${name} after request ${i}`).toBe(true);
      }
    }
  });

  it.each([
    ["unrecovered-read", "unrecoveredRead"],
    ["write-fault", "writeFault"],
  ] as const)("tells of an %s in the same words", async (kind, status) => {
    const lba = kind === "unrecovered-read" ? 205 : 1005;
    const all = await openAll([{ kind, lba }]);
    for (const [name, { device }] of all) {
      const request = { sources: [{ lba: 200, blocks: 10 }], destination: 1000 };
      const result = await copy(device, request, { strategy: sourceList() });
      // LIO says of every failure that a device is not reachable, and no more.
      const isMute = name === "xcopy as LIO";
      expect(result.status, name).toBe(isMute ? "deviceError" : status);
      const failed = result.commands.find((command) => command.status !== "success");
      expect(failed?.deviceStatus?.family, name).toBe(device.target.family);
      expect(failed?.deviceStatus?.name.length, name).toBeGreaterThan(0);
      expect(result.copiedBlocks, name).toBeLessThanOrEqual(5);
      // A disk whose queued command failed takes no other one before its log is read.
      if (name === "ata queued") continue;
      const next = { sources: [{ lba: 300, blocks: 10 }], destination: 2000 };
      const after = await copy(device, next, { strategy: sourceList() });
      expect(after.status, name).toBe("success");
    }
  });

  it("refuses the same requests with the same codes, before anything is sent", async () => {
    const all = await openAll();
    const codeOf = async (device: BottomDevice, lba: number, blocks: number, to: number) => {
      try {
        await copy(
          device,
          { sources: [{ lba, blocks }], destination: to },
          { strategy: sourceList() },
        );
        return "none";
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    for (const [name, { device }] of all) {
      const codes = [
        await codeOf(device, BLOCKS - 1, 2, 0),
        await codeOf(device, 0, 2, BLOCKS - 1),
        await codeOf(device, 0, 0, 9),
        await codeOf(device, 10, 10, 15),
      ];
      expect(codes, name).toEqual([
        "FERRY_COPY_OUT_OF_RANGE",
        "FERRY_COPY_OUT_OF_RANGE",
        "FERRY_RANGE_EMPTY",
        "FERRY_COPY_OVERLAP",
      ]);
    }
  });
});
