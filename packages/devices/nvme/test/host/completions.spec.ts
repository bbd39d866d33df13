import { type StatusName, status, statusName } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { nvmeStatuses } from "../../src/codec/index.ts";
import { coreStatusOf } from "../../src/index.ts";
import { complete, copyCommands, namespace, queue, windowOf } from "./queue.ts";

// Goal: what a completion means to a copy, and that nothing which may not have happened is taken as done.
// Statuses and DW0: NVM Command Set 1.2, section 3.3.2; NVM Express Base 2.2, Figures 100-107.

const sources = [0, 100, 200, 300].map((lba) => ({ lba, blocks: 10 }));

function sentCopy(options = {}, slot = 0) {
  const own = queue([namespace()], options);
  const [, ...rest] = copyCommands(own, 0, sources, 1000);
  expect(rest).toEqual([]);
  return { ...own, slot };
}

describe("status", () => {
  // [SCT << 8 | SC, meaning]: what Copy may be answered with.
  const copyStatuses: readonly (readonly [number, StatusName])[] = [
    [0x000, "success"],
    [0x001, "unsupported"],
    [0x002, "invalid"],
    [0x006, "deviceError"],
    [0x007, "aborted"],
    [0x00b, "incompatible"],
    [0x020, "writeProtected"],
    [0x080, "outOfRange"],
    [0x081, "capacityExceeded"],
    [0x082, "notReady"],
    [0x083, "reservationConflict"],
    [0x181, "invalid"],
    [0x182, "writeProtected"],
    [0x183, "limitExceeded"],
    [0x185, "incompatible"],
    [0x186, "notFast"],
    [0x187, "overlap"],
    [0x188, "unreachable"],
    [0x189, "busy"],
    [0x280, "writeFault"],
    [0x281, "unrecoveredRead"],
    [0x282, "protection"],
    [0x283, "protection"],
    [0x284, "protection"],
    [0x287, "deallocated"],
    [0x288, "protection"],
    [0x303, "notReady"],
    [0x7c0, "deviceError"],
  ];
  it.each(copyStatuses)("%i is %s", (code, name) => {
    const { encoder, ...own } = sentCopy();
    complete({ encoder, ...own }, 0, { code, dnr: true, more: true, crd: 3 });
    expect(statusName(encoder.interpret(0))).toBe(name);
    expect(coreStatusOf(code >> 8, code & 0xff)).toBe(status[name]);
  });

  it("is total: every code means something, and only 00/00 is success", () => {
    for (let code = 0; code < 2048; code++) {
      const meaning = coreStatusOf(code >> 8, code & 0xff);
      expect(() => statusName(meaning)).not.toThrow();
      expect(meaning === status.success).toBe(code === 0);
    }
    for (const [sct, sc] of [
      [8, 0],
      [0, 256],
      [-1, 0],
      [0, 0.5],
    ]) {
      expect(() => coreStatusOf(sct, sc)).toThrow(RangeError);
    }
  });

  it("never promises that engines made it: timeouts, resets, cancellation are no statuses of a device", () => {
    const own: readonly StatusName[] = [
      "timeout",
      "reset",
      "removed",
      "cancelled",
      "unmapped",
      "exhausted",
    ];
    for (const { sct, sc } of nvmeStatuses) {
      expect(own).not.toContain(statusName(coreStatusOf(sct, sc)));
    }
  });
});

describe("retry", () => {
  it.each([
    [0x082, false, true],
    [0x082, true, false],
    [0x021, false, true],
    [0x280, false, true],
    [0x183, false, false],
    [0x187, false, false],
    [0x186, false, false],
    [0x7ff, false, true],
    [0x7ff, true, false],
  ])("of %i with Do Not Retry %s: %s", (code, dnr, expected) => {
    const own = sentCopy();
    complete(own, 0, { code, dnr });
    expect(own.encoder.isRetryable(0)).toBe(expected);
  });
});

describe("blocks done", () => {
  const done = (completion: Parameters<typeof complete>[2], options = {}): number => {
    const own = sentCopy(options);
    complete(own, 0, completion);
    return own.encoder.blocksDone(0, 0, windowOf(sources), 0, sources.length, 0, 0);
  };
  it("are those of the ranges below DW0 of a failed Copy", () => {
    expect([0, 1, 3].map((dw0) => done({ code: 0x281, dw0 }))).toEqual([0, 10, 30]);
  });
  it("are none where DW0 names no range of the command", () => {
    const wrong = [4, 255, 0x8000_0000, 0xffff_ffff];
    expect(wrong.map((dw0) => done({ code: 0x281, dw0 }))).toEqual([0, 0, 0, 0]);
  });
  it("are none where DW0 is not trusted", () => {
    expect(done({ code: 0x006, dw0: 3 }, { trustRangesDone: false })).toBe(0);
  });
  it("are none of another command", () => {
    const own = queue([namespace()]);
    own.encoder.write(0, 0, 0, 0, 8);
    complete(own, 0, { code: 0x280, dw0: 1 });
    expect(own.encoder.blocksDone(0, 0, windowOf(sources), 0, sources.length, 0, 0)).toBe(0);
    expect(own.encoder.listBytesOf(0)).toBe(0);
  });
});

describe("the completion of an earlier command in the slot", () => {
  it("is no success, is not retried, has copied nothing, and says so", () => {
    const own = sentCopy();
    const stale = new DataView(own.memory.commands.buffer).getUint16(2, true);
    own.memory.generation[0]++;
    own.encoder.copy(0, 0, 0, 0, Int32Array.of(0, 5, 0, 1), 0, 1, new Int32Array(3), 0);
    for (const code of [0x000, 0x281, 0x082]) {
      complete(own, 0, { code, dw0: 1, cid: stale });
      expect(statusName(own.encoder.interpret(0))).toBe("deviceError");
      expect(own.encoder.isRetryable(0)).toBe(false);
      expect(own.encoder.blocksDone(0, 0, windowOf(sources), 0, sources.length, 0, 0)).toBe(0);
      const { name, fields } = own.encoder.describe(0);
      expect(name).toMatch(/^completion of another command: identifier 0008h, expected 0010h/);
      expect(fields).toMatchObject({ cid: 0x0008, expectedCid: 0x0010 });
    }
    complete(own, 0);
    expect(statusName(own.encoder.interpret(0))).toBe("success");
  });

  it.each([1, 3, 4, 1023, 1024, 32767])(
    "is told from %i slots: identifiers differ by slot, by generation, and are never FFFFh",
    (depth) => {
      const { memory, encoder } = queue([namespace({ ranges: 1 })], { listBytesMax: 32 }, depth);
      const view = new DataView(memory.commands.buffer);
      const seen = new Set<number>();
      let total = 0;
      for (const slot of new Set([0, depth >> 1, depth - 1])) {
        const own = new Set<number>();
        for (let generation = 0; generation < 70_000; generation++) {
          memory.generation[slot] = generation;
          encoder.flush(slot, 0);
          own.add(view.getUint16(slot * 64 + 2, true));
          if (own.size <= generation) break;
        }
        expect(own.size).toBeGreaterThanOrEqual(2);
        for (const cid of own) seen.add(cid);
        total += own.size;
      }
      expect(seen.size).toBe(total);
      expect(seen.has(0xffff)).toBe(false);
    },
  );

  it("cannot be told apart with more slots", () => {
    expect(() => queue([namespace({ ranges: 1 })], { listBytesMax: 32 }, 32768)).toThrow(
      "a queue has 1 to 32767 slots, not 32768",
    );
  });
});

it("describes a refusal with all its parts", () => {
  const own = sentCopy();
  complete(own, 0, { code: 0x187, dnr: true, more: true, crd: 2, dw0: 3 });
  expect(own.encoder.describe(0)).toEqual({
    family: "nvme",
    code: 0x187,
    name: "Overlapping I/O Range",
    fields: { sct: 1, sc: 0x87, dnr: 1, more: 1, crd: 2, dw0: 3 },
  });
});
