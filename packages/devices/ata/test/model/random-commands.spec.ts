// Goal: no bytes make the model throw, or write where they may not. Method: random FISes with random data, most of them
// near real commands, against the bare model and behind both translators; a model and a reference of plain arrays.
import { memoryStore } from "@blockferry/store-memory";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ataCommands, encodeDsmRanges, fisType } from "../../src/codec/index.ts";
import { type AtaModelOptions, ataModel } from "../../src/model/index.ts";
import { type SatDialectName, satDialects, satPassThrough } from "../../src/sat/index.ts";
import { labelSectors, testDisk } from "../support/disk.ts";
import { bigEndianProfile, wordsProfile } from "../support/profiles.ts";

const SECTORS = 300;
const variants: readonly [string, Omit<AtaModelOptions, "store">][] = [
  ["ideal", {}],
  ["qemu-7.2", { preset: "qemu-7.2" }],
  ["words", { profile: wordsProfile, holdsAfterQueuedError: false }],
  ["big-endian", { profile: bigEndianProfile }],
  ["write protected", { readonly: true }],
];

const opcodes = [...ataCommands.map((one) => one.opcode), 0x66, 0x69, 0x6a, 0xff];
const sometimes = (value: number) => fc.oneof(fc.constant(value), fc.nat(255));

/** 20 bytes that are a command more often than not. */
const fis = fc
  .tuple(
    fc.uint8Array({ minLength: 20, maxLength: 20 }),
    fc.constantFrom(...opcodes),
    sometimes(0x27),
    sometimes(0x80),
    sometimes(0x40),
    fc.oneof(fc.nat(SECTORS + 10), fc.nat()),
    fc.nat(16),
  )
  .map(([bytes, opcode, type, flags, device, lba, count]) => {
    bytes.set([type, flags, opcode]);
    bytes.set([lba % 256, (lba >> 8) % 256, (lba >> 16) % 256, device, 0, 0, 0], 4);
    if (count < 16) bytes.set([count, 0], 12);
    return bytes;
  });

const list = fc
  .array(fc.record({ lba: fc.nat(SECTORS + 20), blocks: fc.nat(30) }), { maxLength: 70 })
  .map((ranges) => encodeDsmRanges("dsm", ranges));
const dataOut = fc.option(fc.oneof(list, fc.uint8Array({ maxLength: 2048 })), { nil: undefined });
const dataIn = fc.option(
  fc.nat(4096).map((length) => new Uint8Array(length)),
  { nil: undefined },
);

describe("the model, given random commands", () => {
  it.each(variants)("%s: answers every one", (_name, options) => {
    const disk = testDisk(SECTORS, options);
    const completion = new Uint8Array(20);
    fc.assert(
      fc.property(fis, dataOut, dataIn, (bytes, out, room) => {
        const outcome = disk.model.execute("io", bytes, out, room, completion);
        if (outcome === "lost") disk.model.reset();
        else {
          expect(outcome).toBe("completed");
          const known: readonly number[] = [fisType.registerDeviceToHost, fisType.setDeviceBits];
          expect(known).toContain(completion[0]);
          // BSY and DRQ are never set, DRDY always is.
          expect(completion[2] & 0xc8).toBe(0x40);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("short and long FISes", () => {
    const disk = testDisk(SECTORS);
    const completion = new Uint8Array(20);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(disk.model.execute("io", bytes, undefined, undefined, completion)).toBeDefined();
        disk.model.reset();
      }),
    );
  });
});

describe("what a write protected disk holds", () => {
  it("stays as it was", () => {
    const store = memoryStore({ bytes: SECTORS * 512 });
    store.write(0, new Uint8Array(SECTORS * 512).fill(0x77));
    const model = ataModel({ store, readonly: true, holdsAfterQueuedError: false });
    const completion = new Uint8Array(20);
    fc.assert(
      fc.property(fis, dataOut, (bytes, out) => {
        if (model.execute("io", bytes, out, undefined, completion) === "lost") model.reset();
      }),
      { numRuns: 2000 },
    );
    const stored = new Uint8Array(SECTORS * 512);
    store.read(0, stored);
    expect(stored.every((byte) => byte === 0x77)).toBe(true);
  });
});

describe("a translator, given random CDBs", () => {
  const cdb = fc
    .tuple(
      fc.constantFrom(0x85, 0xa1, 0x7f, 0x12),
      fc.uint8Array({ minLength: 11, maxLength: 31 }),
      fc.constantFrom(...opcodes),
    )
    .map(([code, rest, opcode]) => {
      const bytes = Uint8Array.from([code, ...rest]);
      if (code === 0x7f) bytes.set([0x18, 0x1f, 0xf0], 7);
      const at = code === 0x85 ? 14 : code === 0xa1 ? 9 : 25;
      if (at < bytes.length) bytes[at] = opcode;
      return bytes;
    });

  it.each(Object.keys(satDialects) as SatDialectName[])("%s: never throws", (dialect) => {
    const disk = testDisk(SECTORS);
    const sat = satPassThrough(disk.model, { dialect });
    fc.assert(
      fc.property(cdb, dataOut, dataIn, fc.boolean(), (bytes, out, room, inDescriptors) => {
        const ended = sat.execute(bytes, out, room, inDescriptors);
        if (ended.outcome === "lost") disk.model.reset();
        else {
          expect([0x00, 0x02]).toContain(ended.status);
          expect(ended.sense.length > 0).toBe(ended.status === 0x02);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the model against plain arrays", () => {
  type Action = readonly [kind: number, lba: number, blocks: number, fill: number];
  const action = fc.tuple(
    fc.nat(4),
    fc.nat(SECTORS - 1),
    fc.integer({ min: 1, max: 20 }),
    fc.nat(255),
  );

  it("reads what was written, trimmed and zeroed", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions: Action[]) => {
        const disk = testDisk(SECTORS);
        labelSectors(disk, SECTORS);
        const reference = disk.bytes();
        for (const [kind, lba, length, fill] of actions) {
          const blocks = Math.min(length, SECTORS - lba);
          const data = new Uint8Array(blocks * 512).fill(fill);
          const place = reference.subarray(lba * 512, (lba + blocks) * 512);
          if (kind === 0) disk.send({ command: 0x35, lba, count: blocks }, data);
          else if (kind === 1) disk.send({ command: 0x44, lba, count: blocks });
          else if (kind === 2) {
            const trimmed = encodeDsmRanges("dsm", [{ lba, blocks }]);
            disk.send({ command: 0x06, feature: 1, count: 1 }, trimmed);
          } else {
            const read = new Uint8Array(blocks * 512);
            disk.send({ command: 0x25, lba, count: blocks }, undefined, read);
            expect(Buffer.compare(read, place)).toBe(0);
          }
          if (kind <= 2) place.fill(kind === 0 ? fill : 0);
        }
        expect(Buffer.compare(disk.bytes(), reference)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it("marks sectors that are unreadable exactly until they are written", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.nat(59), fc.integer({ min: 1, max: 12 })), {
          maxLength: 20,
        }),
        (steps) => {
          const disk = testDisk(80);
          const marked = new Set<number>();
          for (const [marks, lba, blocks] of steps) {
            if (marks) disk.send({ command: 0x45, feature: 0x55, lba, count: blocks });
            else disk.send({ command: 0x35, lba, count: blocks }, new Uint8Array(blocks * 512));
            for (let at = lba; at < lba + blocks; at += 1) {
              if (marks) marked.add(at);
              else marked.delete(at);
            }
          }
          for (let lba = 0; lba < 80; lba += 1) {
            const { error } = disk.send({ command: 0x42, lba, count: 1 });
            expect(error === 0x40).toBe(marked.has(lba));
          }
          const first = [...marked].sort((a, b) => a - b)[0];
          const all = disk.send({ command: 0x42, count: 80 });
          expect(all.error === 0x40 ? all.lba : undefined).toBe(first);
        },
      ),
      { numRuns: 100 },
    );
  });
});
