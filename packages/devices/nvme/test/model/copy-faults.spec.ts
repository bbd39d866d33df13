// Injected faults and failing stores: which status, how much was done, and what dword 0 says. "DW0 … the number of the
// lowest numbered Source Range entry that was not successfully copied … If no data was written …, this field shall be
// cleared to 0h." (NVM Command Set Specification 1.2, section 3.3.2.)
import { describe, expect, it } from "vitest";
import { type Fault, type NvmeModelOptions, nvmeModel } from "../../src/model/index.ts";
import { copy, copySqe, execute, ioSqe, plainSqe, rangeList, success } from "./commands.ts";
import { differences, label, plainStore } from "./plain-store.ts";

const BLOCKS = 256;
const COPY = 0x19;
const READ = 0x02;
const WRITE = 0x01;

function device(faults: readonly Fault[] = [], options: Partial<NvmeModelOptions> = {}) {
  const store = plainStore(BLOCKS * 512);
  label(store, 1);
  const before = store.image.slice();
  const errors: unknown[] = [];
  const model = nvmeModel({
    namespaces: [{ store }],
    faults,
    onStoreError: (error, nsid) => errors.push([(error as { code: string }).code, nsid]),
    ...options,
  });
  const changed = (): number[] => differences(store.image, before);
  return { model, store, errors, changed };
}

const ranges = [
  { lba: 0, blocks: 4 },
  { lba: 20, blocks: 4 },
  { lba: 40, blocks: 4 },
];
const to100 = { sdlba: 100 };

describe("an unrecovered read", () => {
  it.each<[string, number, number, number[]]>([
    ["first block of the first range", 0, 0, []],
    ["third block of the first range, so that data was written", 2, 0, [100, 101]],
    ["first block of the second range", 20, 1, [100, 101, 102, 103]],
    [
      "last block of the last range",
      43,
      2,
      [100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110],
    ],
  ])("in the %s", (_, lba, dw0, written) => {
    const { model, changed } = device([{ kind: "unrecovered-read", lba }]);
    expect(copy(model, to100, ranges)).toEqual({ status: "2/81", dnr: true, dw0 });
    expect(changed()).toEqual(written);
  });

  it("that passes may be tried again", () => {
    const { model, changed } = device([{ kind: "unrecovered-read", lba: 21, times: 2 }]);
    expect(copy(model, to100, ranges)).toEqual({ status: "2/81", dnr: false, dw0: 1 });
    expect(copy(model, to100, ranges)).toEqual({ status: "2/81", dnr: false, dw0: 1 });
    expect(copy(model, to100, ranges)).toEqual(success);
    expect(changed()).toHaveLength(12);
  });

  it("harms reads and compares of the block and nothing else", () => {
    const { model } = device([{ kind: "unrecovered-read", lba: 10, blocks: 2 }]);
    const read = (lba: number, blocks: number) =>
      execute(
        model,
        "io",
        ioSqe({ opcode: READ, lba, blocks }),
        undefined,
        new Uint8Array(blocks * 512),
      );
    expect(read(8, 2)).toEqual(success);
    expect(read(8, 3).status).toBe("2/81");
    expect(read(11, 1).status).toBe("2/81");
    expect(read(12, 1)).toEqual(success);
    const write = ioSqe({ opcode: WRITE, lba: 10, blocks: 1 });
    expect(execute(model, "io", write, new Uint8Array(512))).toEqual(success);
    expect(copy(model, { sdlba: 10 }, [{ lba: 0, blocks: 1 }])).toEqual(success);
    model.clearFaults();
    expect(read(8, 3)).toEqual(success);
  });

  it("is of one namespace, where it names one", () => {
    const store = plainStore(4096);
    const model = nvmeModel({
      namespaces: [{ store }, { store: plainStore(4096) }],
      faults: [{ kind: "unrecovered-read", nsid: 2, lba: 0 }],
    });
    const read = (nsid: number) =>
      execute(
        model,
        "io",
        ioSqe({ opcode: READ, nsid, lba: 0, blocks: 1 }),
        undefined,
        new Uint8Array(512),
      );
    expect(read(1).status).toBe("0/00");
    expect(read(2).status).toBe("2/81");
  });
});

describe("a write fault", () => {
  it.each<[number, number, number[]]>([
    [100, 0, []],
    [102, 0, [100, 101]],
    [104, 1, [100, 101, 102, 103]],
    [111, 2, [100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110]],
  ])("at block %i of the destination", (lba, dw0, written) => {
    const { model, changed } = device([{ kind: "write-fault", lba }]);
    expect(copy(model, to100, ranges)).toEqual({ status: "2/80", dnr: true, dw0 });
    expect(changed()).toEqual(written);
  });
});

describe("a busy device", () => {
  it("refuses so many commands, and they may be sent again", () => {
    const { model, changed } = device([{ kind: "busy", times: 2 }]);
    expect(copy(model, to100, ranges)).toEqual({ status: "0/82", dnr: false, dw0: 0 });
    expect(execute(model, "io", plainSqe(0, 1))).toEqual({ status: "0/82", dnr: false, dw0: 0 });
    expect(changed()).toEqual([]);
    expect(copy(model, to100, ranges)).toEqual(success);
  });

  it("counts commands of its operation code, from where it is told", () => {
    const { model } = device([{ kind: "busy", opcode: COPY, after: 1 }]);
    expect(copy(model, to100, ranges)).toEqual(success);
    expect(execute(model, "io", plainSqe(0, 1))).toEqual(success);
    expect(copy(model, to100, ranges).status).toBe("0/82");
    expect(copy(model, to100, ranges)).toEqual(success);
  });

  it("can be any status", () => {
    const { model } = device();
    model.inject({ kind: "status", opcode: COPY, sct: 1, sc: 0x89, dw0: 3 });
    expect(copy(model, to100, ranges)).toEqual({ status: "1/89", dnr: false, dw0: 3 });
    model.inject({ kind: "status", sct: 3, sc: 0x02, dnr: true });
    expect(copy(model, to100, ranges)).toEqual({ status: "3/02", dnr: true, dw0: 0 });
  });
});

describe("a command that is not answered", () => {
  const run = (model: ReturnType<typeof nvmeModel>) => {
    const completion = new Uint8Array(16).fill(0xee);
    const outcome = model.execute(
      "io",
      copySqe(to100, ranges.length),
      rangeList(0, ranges),
      undefined,
      completion,
    );
    if (outcome !== "completed") expect(completion.every((byte) => byte === 0xee)).toBe(true);
    return outcome;
  };
  const first = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => 100 + index);

  it.each<[string, Fault, string, number]>([
    ["lost, but carried out", { kind: "lost-completion" }, "lost", 12],
    ["lost on the way there", { kind: "lost-completion", executed: false }, "lost", 0],
    ["a reset before it", { kind: "reset" }, "reset", 0],
    ["a reset within a range", { kind: "reset", afterBlocks: 6 }, "reset", 6],
    ["a reset between ranges", { kind: "reset", afterBlocks: 8 }, "reset", 8],
    ["a reset at its end", { kind: "reset", afterBlocks: 12 }, "reset", 12],
    ["a reset later than that", { kind: "reset", afterBlocks: 99 }, "reset", 12],
    ["removal within a range", { kind: "removed", afterBlocks: 1 }, "removed", 1],
  ])("%s", (_, fault, outcome, moved) => {
    const { model, changed } = device([fault]);
    expect(run(model)).toBe(outcome);
    expect(changed()).toEqual(first(moved));
    expect(run(model)).toBe(outcome === "removed" ? "removed" : "completed");
  });

  it("has forgotten the enabled formats after a reset of its own", () => {
    const { model } = device([{ kind: "reset" }]);
    const data = new Uint8Array(512);
    data[4] = 4;
    execute(model, "admin", plainSqe(0x09, 0, 0x16), data);
    run(model);
    const got = new Uint8Array(512);
    execute(model, "admin", plainSqe(0x0a, 0, 0x16), undefined, got);
    expect(got[4]).toBe(0);
  });
});

describe("a store that fails", () => {
  it.each<["copy" | "flush", string, string, boolean]>([
    ["copy", "FERRY_STORE_IO", "2/80", false],
    ["copy", "FERRY_STORE_FULL", "0/81", true],
    ["copy", "FERRY_STORE_READONLY", "0/20", true],
    ["flush", "FERRY_STORE_IO", "2/80", false],
  ])("in %s with %s gives %s", (call, code, status, dnr) => {
    const { model, store, errors } = device();
    store.failNext = { call, code };
    expect(copy(model, { ...to100, fua: true }, ranges)).toEqual({ status, dnr, dw0: 0 });
    expect(errors).toEqual([[code, 1]]);
  });

  it("in the second range says so", () => {
    const { model, store } = device();
    const { copy: good } = store;
    store.copy = (source, destination, bytes) => {
      if (source === 20 * 512) store.failNext = { call: "copy", code: "FERRY_STORE_IO" };
      return good(source, destination, bytes);
    };
    expect(copy(model, to100, ranges)).toEqual({ status: "2/80", dnr: false, dw0: 1 });
  });

  it("in a read gives an unrecovered read, in a write a write fault", () => {
    const { model, store } = device();
    store.failNext = { call: "read", code: "FERRY_STORE_IO" };
    const read = ioSqe({ opcode: READ, lba: 0, blocks: 1 });
    expect(execute(model, "io", read, undefined, new Uint8Array(512)).status).toBe("2/81");
    store.failNext = { call: "write", code: "FERRY_STORE_SHRUNK" };
    const write = ioSqe({ opcode: WRITE, lba: 0, blocks: 1 });
    expect(execute(model, "io", write, new Uint8Array(512)).status).toBe("2/80");
  });
});

describe("deallocated blocks", () => {
  it("are copied as zeroes, unless the host asked to be told", () => {
    const store = plainStore(BLOCKS * 512);
    label(store, 1);
    const model = nvmeModel({ namespaces: [{ store, dulbe: true }] });
    const list = new Uint8Array(16);
    new DataView(list.buffer).setUint32(4, 1, true);
    new DataView(list.buffer).setBigUint64(8, 21n, true);
    expect(execute(model, "io", plainSqe(0x09, 1, 0, 4), list)).toEqual(success);
    expect(copy(model, to100, ranges)).toEqual(success);
    expect(store.image.subarray(105 * 512, 106 * 512).every((byte) => byte === 0)).toBe(true);
    // Error Recovery (05h), DULBE is bit 16.
    expect(execute(model, "admin", plainSqe(0x09, 1, 0x05, 0x10000))).toEqual(success);
    expect(copy(model, to100, ranges)).toEqual({ status: "2/87", dnr: true, dw0: 1 });
  });
});

describe("a plan of faults", () => {
  it("refuses what cannot be", () => {
    expect(() => device([{ kind: "busy", times: 0 }])).toThrow(/times/);
    expect(() => device([{ kind: "unrecovered-read", lba: -1 }])).toThrow(/lba/);
    expect(() => device([{ kind: "status", sct: 8, sc: 0 }])).toThrow(/sct/);
    expect(() => device([{ kind: "status", sct: 0, sc: 256 }])).toThrow(/sc must be/);
    expect(() => device([{ kind: "reset", afterBlocks: 0.5 }])).toThrow(/afterBlocks/);
  });
});
