import type { Transport } from "@blockferry/core";
import { memoryStore } from "@blockferry/store-memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NvmeControllerOptions, openNvmeController } from "../../src/index.ts";
import { type NvmeModelOptions, nvmeModel } from "../../src/model/index.ts";
import { queue, type Source, windowOf } from "./queue.ts";

// Goal: a controller that checks everything takes the commands as they are, and copies what was asked.
// Method: the model, written from the standard without the host's side, carries the bytes out; blocks hold their namespace
// and address, so that each is known wherever it turns up.

const BLOCKS = 256;
const BYTES = 512;

type Metadata = NonNullable<NvmeModelOptions["namespaces"][0]["metadata"]>;

async function controllerWith(
  metadata: readonly (Metadata | undefined)[],
  options: NvmeControllerOptions = {},
) {
  const stores = metadata.map(() => memoryStore({ bytes: BLOCKS * BYTES }));
  const model = nvmeModel({
    namespaces: stores.map((store, i) => {
      const one = metadata[i];
      const limits = { store, mssrl: 16, mcl: 40, msrc: 3 };
      return one === undefined ? limits : { ...limits, metadata: one };
    }),
  });
  const transport: Transport = {
    name: "test",
    supports: { queueDepthMax: 8 },
    async execute(command, { dataIn, dataOut } = {}) {
      const completion = new Uint8Array(16);
      model.execute("admin", command, dataOut, dataIn, completion);
      return completion;
    },
    connect() {
      throw new Error("no queues here");
    },
    async close() {},
  };
  const controller = await openNvmeController(transport, options);
  const { namespaces } = controller;
  const own = queue(namespaces, {
    ...controller.peer.commands,
    ...options.commands,
  });
  const { memory, encoder } = own;
  /** Carries out the command in slot 0. */
  const run = (data?: Uint8Array, toHost = false): number => {
    const list = memory.listBytes[0].slice(0, encoder.listBytesOf(0));
    const out = toHost ? undefined : (data ?? (list.length === 0 ? undefined : list));
    const into = toHost ? data : undefined;
    memory.completionBytes[0].fill(0);
    model.execute("io", memory.commandBytes[0], out, into, memory.completionBytes[0]);
    return encoder.interpret(0);
  };
  const label = (device: number, lba: number): Uint8Array => {
    const block = new Uint8Array(BYTES);
    new DataView(block.buffer).setUint32(0, device * 1000 + lba + 1);
    return block;
  };
  namespaces.forEach((_, device) => {
    for (let lba = 0; lba < BLOCKS; lba++) {
      encoder.write(0, device, lba, 0, 1);
      expect(run(label(device, lba))).toBe(0);
    }
  });
  return { encoder, memory, stores, run, label, namespaces };
}

type Opened = Awaited<ReturnType<typeof controllerWith>>;

/** Copies; returns how often the controller was asked. Fails where it refuses. */
function copy(
  own: Opened,
  device: number,
  sources: readonly Source[],
  destination: number,
): number {
  const { encoder, memory, run } = own;
  const window = windowOf(sources);
  const cursor = new Int32Array(3);
  let lba = destination;
  let commands = 0;
  while (cursor[0] < sources.length) {
    memory.generation[0]++;
    encoder.copy(0, device, lba, 0, window, 0, sources.length, cursor, 0);
    expect([run(), encoder.describe(0).name]).toEqual([0, "Successful Completion"]);
    lba += cursor[2];
    commands++;
  }
  return commands;
}

function stored({ stores }: Opened, device: number, lba: number): Uint8Array {
  const block = new Uint8Array(BYTES);
  stores[device].read(lba * BYTES, block);
  return block;
}

describe("a controller carries out", () => {
  it("copies of one and of several namespaces", async () => {
    const own = await controllerWith([undefined, undefined, undefined]);
    // Sources and destinations are drawn from halves that never meet, so that sources stay as they are.
    const source = fc.record({
      device: fc.nat({ max: 2 }),
      lba: fc.nat({ max: 70 }),
      blocks: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(
        fc
          .array(source, { minLength: 1, maxLength: 3 })
          .filter((all) => all.reduce((sum, { blocks }) => sum + blocks, 0) <= 100),
        fc.nat({ max: 2 }),
        (sources, device) => {
          const destination = 128;
          copy(own, device, sources, destination);
          let at = destination;
          for (const { device: from, lba, blocks } of sources) {
            for (let i = 0; i < blocks; i++) {
              expect(stored(own, device, at++)).toEqual(own.label(from, lba + i));
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  const sources = [
    { lba: 3, blocks: 20 },
    { lba: 60, blocks: 1 },
    { lba: 70, blocks: 17 },
  ];

  // Every guard and type: the controller checks guard and reference tags of the sources, and those that it made for the
  // destination are checked when the destination is read.
  it.each<readonly [string, Metadata]>([
    ["type 1, 16-bit guard", { bytes: 8, protection: 1 }],
    ["type 1, 16-bit guard, storage tag", { bytes: 8, protection: 1, storageTagBits: 12 }],
    [
      "type 2, 16-bit guard, in the first bytes",
      { bytes: 8, protection: 2, protectionFirst: true },
    ],
    ["type 1, 32-bit guard", { bytes: 16, protection: 1, guardBits: 32, storageTagBits: 16 }],
    [
      "type 2, 32-bit guard, long tag",
      { bytes: 16, protection: 2, guardBits: 32, storageTagBits: 64 },
    ],
    ["type 1, 64-bit guard", { bytes: 16, protection: 1, guardBits: 64 }],
    [
      "type 2, 64-bit guard, storage tag",
      { bytes: 16, protection: 2, guardBits: 64, storageTagBits: 8 },
    ],
  ])("%s: protection information is checked and made anew", async (_, metadata) => {
    const own = await controllerWith([metadata]);
    copy(own, 0, sources, 128);
    let at = 128;
    for (const { lba, blocks } of sources) {
      for (let i = 0; i < blocks; i++) {
        const block = new Uint8Array(BYTES);
        own.encoder.read(0, 0, at, 0, 1);
        expect(own.run(block, true)).toBe(0);
        expect(block).toEqual(own.label(0, lba + i));
        at++;
      }
    }
  });

  it("storage and application tags, where they are asked for", async () => {
    const side = {
      action: true,
      check: { guard: true, referenceTag: true, applicationTag: true, storageTag: true },
      applicationTag: 0x1234,
      applicationTagMask: 0xffff,
      storageTag: 0xabcdefn,
    };
    const metadata = { bytes: 16, protection: 1, guardBits: 32, storageTagBits: 24 } as const;
    const right = { source: side, destination: { ...side, check: {} } };
    const own = await controllerWith([metadata], { commands: { protection: right } });
    copy(own, 0, sources, 128);
    own.encoder.read(0, 0, 130, 0, 1);
    expect(own.run(new Uint8Array(BYTES), true)).toBe(0);
  });

  it.each([
    ["another application tag", { applicationTag: 0x1235 }, 0x283],
    ["another storage tag", { storageTag: 0x1n }, 0x288],
  ])("%s is found out", async (_, wrong, code) => {
    const made = { action: true, check: {}, applicationTag: 0x1234, storageTag: 0x2n };
    const check = { applicationTag: true, storageTag: true };
    const metadata = { bytes: 16, protection: 1, guardBits: 64, storageTagBits: 8 } as const;
    const protection = { source: { ...made, check, ...wrong }, destination: made };
    const own = await controllerWith([metadata], { commands: { protection } });
    const cursor = new Int32Array(3);
    own.encoder.copy(0, 0, 128, 0, windowOf(sources), 0, 3, cursor, 0);
    own.run();
    expect(own.encoder.describe(0).code).toBe(code);
  });

  it("type 2 whose reference tags count from elsewhere", async () => {
    const side = { referenceTagOffset: -5n };
    const commands = { protection: { source: side, destination: side } };
    const own = await controllerWith([{ bytes: 8, protection: 2 }], { commands });
    copy(own, 0, sources, 128);
    const wrong = await controllerWith([{ bytes: 8, protection: 2 }], {
      commands: { protection: { source: side } },
    });
    const cursor = new Int32Array(3);
    wrong.encoder.copy(0, 0, 128, 0, windowOf(sources), 0, 3, cursor, 0);
    wrong.run();
    expect(wrong.encoder.describe(0).name).toBe("End-to-end Reference Tag Check Error");
  });

  it("makes protection information on the way, and strips it", async () => {
    const own = await controllerWith([undefined, { bytes: 8, protection: 1 }]);
    expect(own.encoder.reaches(0, 1)).toBe(true);
    expect(own.encoder.reaches(1, 0)).toBe(true);
    copy(own, 1, [{ device: 0, lba: 9, blocks: 4 }], 200);
    const block = new Uint8Array(BYTES);
    own.encoder.read(0, 1, 202, 0, 1);
    expect(own.run(block, true)).toBe(0);
    expect(block).toEqual(own.label(0, 11));
    copy(own, 0, [{ device: 1, lba: 20, blocks: 4 }], 100);
    expect(stored(own, 0, 103)).toEqual(own.label(1, 23));
  });
});
