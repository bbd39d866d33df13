import { rangeList } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import {
  type BlockDevice,
  blockDevice,
  blockEngine,
  copy,
  copyOn,
  linear,
  partition,
  striped,
} from "../src/index.ts";
import { testController } from "./support/block-model.ts";
import { strategies } from "./support/scenario.ts";

/*
 * Goal: what is wrong with a request, a device or an engine is said at once, by a code that lasts, and nothing is sent.
 */
const strategy = strategies["source-list"]();
const one = { lba: 0, blocks: 1 };

describe("a request", () => {
  const controller = testController([{ blocks: 100 }]);
  const [device] = controller.devices;

  it.each([
    ["no range", { sources: [], destination: 50 }, "FERRY_COPY_EMPTY"],
    ["no range in columns", { sources: rangeList([]), destination: 50 }, "FERRY_COPY_EMPTY"],
    ["no block", { sources: [{ lba: 0, blocks: 0 }], destination: 50 }, "FERRY_RANGE_EMPTY"],
    ["half a block", { sources: [{ lba: 0, blocks: 0.5 }], destination: 50 }, "FERRY_RANGE_EMPTY"],
    [
      "a negative address",
      { sources: [{ lba: -1, blocks: 2 }], destination: 50 },
      "FERRY_RANGE_ADDRESS",
    ],
    [
      "an address above 2^53-1",
      { sources: [{ lba: 2 ** 53, blocks: 1 }], destination: 50 },
      "FERRY_RANGE_ADDRESS",
    ],
    [
      "an end above 2^53-1",
      { sources: [{ lba: 2 ** 53 - 1, blocks: 1 }], destination: 50 },
      "FERRY_RANGE_ADDRESS",
    ],
    [
      "not a number",
      { sources: [{ lba: Number.NaN, blocks: 1 }], destination: 50 },
      "FERRY_RANGE_ADDRESS",
    ],
    [
      "a source past the end",
      { sources: [{ lba: 99, blocks: 2 }], destination: 50 },
      "FERRY_COPY_OUT_OF_RANGE",
    ],
    [
      "a destination past the end",
      { sources: [{ lba: 0, blocks: 2 }], destination: 99 },
      "FERRY_COPY_OUT_OF_RANGE",
    ],
    [
      "a destination behind the end",
      { sources: [one], destination: 2 ** 53 - 1 },
      "FERRY_COPY_OUT_OF_RANGE",
    ],
    ["a negative destination", { sources: [one], destination: -1 }, "FERRY_RANGE_ADDRESS"],
    ["a destination above 2^53-1", { sources: [one], destination: 2 ** 53 }, "FERRY_RANGE_ADDRESS"],
    ["an overlap", { sources: [{ lba: 0, blocks: 50 }], destination: 49 }, "FERRY_COPY_OVERLAP"],
    ["onto itself", { sources: [{ lba: 7, blocks: 5 }], destination: 7 }, "FERRY_COPY_OVERLAP"],
  ])("with %s is refused", async (_name, request, code) => {
    await expect(copy(device, request, { strategy })).rejects.toMatchObject({ code });
    expect(controller.log).toEqual([]);
  });

  it("in columns may not have rows that no row can hold", async () => {
    const list = rangeList([{ lba: 0, blocks: 2 }, one]);
    list.blocks[1] = -5;
    await expect(
      copy(device, { sources: list, destination: 50 }, { strategy }),
    ).rejects.toMatchObject({ code: "FERRY_RANGE_EMPTY", details: { range: 1 } });
    list.blocks[1] = 1;
    list.high[1] = -1;
    await expect(
      copy(device, { sources: list, destination: 50 }, { strategy }),
    ).rejects.toMatchObject({ code: "FERRY_COPY_OUT_OF_RANGE", details: { range: 1 } });
  });

  it("to the last block is taken", async () => {
    const result = await copy(device, { sources: [one], destination: 99 }, { strategy });
    expect(result.status).toBe("success");
  });

  it("needs a copy command, or leave to do without", async () => {
    const [plain] = testController([{ blocks: 100, limits: { copyRangesMax: undefined } }]).devices;
    const request = { sources: [one], destination: 50 };
    await expect(copy(plain, request, { strategy })).rejects.toMatchObject({
      code: "FERRY_COPY_UNSUPPORTED",
      hint: expect.stringMatching("emulation"),
    });
    expect(await copy(plain, request, { strategy, emulate: true })).toMatchObject({
      status: "success",
      emulatedBlocks: 1,
    });
  });

  it("needs blocks of one size, and places that do not overlap below", async () => {
    const [a, b] = testController([{ blocks: 100 }, { blocks: 100 }], {
      crossDevice: true,
    }).devices;
    const other: BlockDevice = { ...b, bytesPerBlock: 4096 };
    const request = { sources: [{ lba: 0, blocks: 10 }], destination: 0 };
    await expect(copy(a, { ...request, to: other }, { strategy })).rejects.toMatchObject({
      code: "FERRY_COPY_BLOCK_SIZE",
    });
    const first = partition({ device: a, start: 0, blocks: 60 });
    const second = partition({ device: a, start: 50, blocks: 50 });
    await expect(
      copy(first, { ...request, sources: [{ lba: 54, blocks: 5 }], to: second }, { strategy }),
    ).rejects.toMatchObject({ code: "FERRY_COPY_OVERLAP", message: /on unit0/ });
    const apart = { ...request, sources: [{ lba: 45, blocks: 5 }], to: second };
    expect((await copy(first, apart, { strategy })).status).toBe("success");
  });

  it("may not overlap where a stack shows a block twice", async () => {
    const [a] = testController([{ blocks: 100 }]).devices;
    const twice = linear({
      targets: [
        { device: a, start: 0, blocks: 50 },
        { device: a, start: 20, blocks: 50 },
      ],
    });
    const from = (lba: number) => ({ sources: [{ lba, blocks: 10 }], destination: 50 });
    // Address 50 is block 20, and so is address 20.
    await expect(copy(twice, from(15), { strategy, emulate: true })).rejects.toMatchObject({
      code: "FERRY_COPY_OVERLAP",
      details: { lba: 15 },
      hint: undefined,
    });
    expect((await copy(twice, from(10), { strategy })).status).toBe("success");
    expect((await copy(twice, from(30), { strategy })).status).toBe("success");
  });

  it("needs memory for one block where it is emulated", async () => {
    const options = { strategy, emulate: true, buffer: new Uint8Array(7) };
    await expect(copy(device, { sources: [one], destination: 50 }, options)).rejects.toThrow(
      /7 bytes does not hold one block of 8/,
    );
  });

  it("must be for a device of the engine", async () => {
    const engine = blockEngine({ devices: [device], strategy });
    const [stranger] = testController([{ blocks: 100 }]).devices;
    const request = { sources: [one], destination: 50 };
    await expect(copyOn(engine, stranger, request)).rejects.toThrow(RangeError);
    await expect(copyOn(engine, device, { ...request, to: stranger })).rejects.toThrow(RangeError);
  });
});

describe("a device", () => {
  const [good] = testController([{ blocks: 100 }]).devices;
  const { limits } = good;

  it.each([
    ["copyBlocksMax", 0],
    ["copyBlocksMax", -1],
    ["copyRangesMax", 0],
    ["copyRangesMax", 1.5],
    ["copyRangeBlocksMax", 0],
    ["copyRangeBlocksMax", Number.NaN],
    ["transferBlocksMax", 0],
    ["transferBlocksMax", Number.POSITIVE_INFINITY],
    ["bytesPerBlock", 0],
  ])("cannot have %s = %d", (name, value) => {
    const target = { ...good.target, limits: { ...limits, [name]: value } };
    expect(() =>
      blockDevice({ target, commandSet: good.commandSet, transport: good.transport }),
    ).toThrow(new RegExp(`${name} is `));
  });

  it("has room for a command", () => {
    const target = { ...good.target, limits };
    const options = { target, commandSet: good.commandSet, transport: good.transport };
    expect(() => blockDevice({ ...options, queueDepth: 0 })).toThrow(/queueDepth is 0/);
    expect(blockDevice({ ...options, queueDepth: 1000 }).queueDepth).toBe(64);
    expect(blockDevice(options).name).toBe("test");
  });

  it("above others lies on them", () => {
    expect(() => partition({ device: good, start: 90, blocks: 11 })).toThrow(/ends behind unit0/);
    expect(() => partition({ device: good, start: -1, blocks: 1 })).toThrow(/not a range/);
    expect(() => linear({ targets: [] })).toThrow(/at least one/);
    expect(() => linear({ targets: [{ device: good, start: 0, blocks: 0 }] })).toThrow(/target 0/);
    expect(() => striped({ devices: [good], stripeBlocks: 0 })).toThrow(/at least one block/);
    expect(() => striped({ devices: [good], stripeBlocks: 101 })).toThrow(/no device holds/);
    expect(() => striped({ devices: [], stripeBlocks: 1 })).toThrow(/at least one/);
    const other: BlockDevice = { ...good, limits: { ...limits, bytesPerBlock: 512 } };
    expect(() => striped({ devices: [good, other], stripeBlocks: 1 })).toThrow(/8 and 512 bytes/);
  });
});

describe("an engine", () => {
  const { devices } = testController([{ blocks: 100 }]);

  it.each([
    ["copies", 0],
    ["chunks", -1],
    ["ranges", 0.5],
    ["chunkBlocks", 0],
  ])("cannot be bound by %s = %d", (name, value) => {
    expect(() => blockEngine({ devices, strategy, bounds: { [name]: value } })).toThrow(
      new RegExp(`${name} is ${value}`),
    );
  });

  it("takes times and tries that are such", () => {
    expect(() => blockEngine({ devices, strategy, timeoutMs: 0 })).toThrow(/timeoutMs is 0/);
    expect(() => blockEngine({ devices, strategy, timeoutMs: Number.NaN })).toThrow(/timeoutMs/);
    expect(() => blockEngine({ devices, strategy, retriesMax: -1 })).toThrow(/retriesMax is -1/);
    expect(() => blockEngine({ devices: [], strategy })).toThrow(/at least one device/);
  });

  it("reads and writes whole blocks of its devices", async () => {
    const engine = blockEngine({ devices, strategy });
    await expect(engine.read(0, 0, new Uint8Array(9))).rejects.toThrow(/not whole blocks/);
    await expect(engine.read(0, 0, new Uint8Array(0))).rejects.toThrow(/not whole blocks/);
    await expect(engine.write(0, 100, new Uint8Array(8))).rejects.toThrow(/not on unit0/);
    await expect(engine.write(0, -1, new Uint8Array(8))).rejects.toThrow(/not on unit0/);
  });
});

describe("progress", () => {
  it("is told along the way, and is whole before the end", async () => {
    const { devices: units } = testController([{ blocks: 4000 }], { depth: 1 });
    const told: number[] = [];
    const result = await copy(
      units[0],
      { sources: [{ lba: 0, blocks: 1000 }], destination: 2000 },
      {
        strategy,
        onProgress: ({ blocks, offloadedBlocks, emulatedBlocks, failedBlocks }) => {
          expect([blocks, emulatedBlocks, failedBlocks]).toEqual([1000, 0, 0]);
          told.push(offloadedBlocks);
        },
      },
    );
    expect(result.status).toBe("success");
    expect(told.at(-1)).toBe(1000);
  });
});

describe("a device whose blocks carry more than data", () => {
  const controller = testController([{ blocks: 100 }]);
  const [plain] = controller.devices;
  const { target, commandSet, transport } = plain;
  const refusing = { ...target, limits: plain.limits, dataRefusal: "would lose its metadata" };
  const device = blockDevice({ target: refusing, commandSet, transport });
  const request = { sources: [one], destination: 50 };

  it("is not read or written through the host", async () => {
    const engine = blockEngine({ devices: [device], strategy });
    const refused = { code: "FERRY_DATA_REFUSED" };
    await expect(copyOn(engine, device, request, { emulate: true })).rejects.toMatchObject(refused);
    await expect(engine.read(0, 0, new Uint8Array(8))).rejects.toMatchObject(refused);
    await expect(engine.write(0, 0, new Uint8Array(8))).rejects.toMatchObject(refused);
    expect(controller.log).toEqual([]);
    expect(await copyOn(engine, device, request)).toMatchObject({ status: "success" });
    engine.close();
  });
});
