// Goal: whatever the file system and the means, the image equals one flat buffer to which the same
// was done. The reference is a plain Uint8Array with set, copyWithin and fill; the image is read
// back by node:fs, not by the store.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { linux } from "@blockferry/linux";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { onMounted } from "../../../../tests/support/on-mounted.ts";
import { temporaryFolder } from "../../../../tests/support/temporary-folder.ts";
import { type FileStore, fileStore } from "../src/index.ts";

const bytes = 600_000; // neither a multiple of a file system block nor of a logical block
// Places at file system blocks let clones happen, others their edges.
const place = fc.oneof(
  fc.nat(bytes),
  fc.nat(Math.floor(bytes / 4096)).map((block) => block * 4096),
  fc.nat(Math.floor(bytes / 65_536)).map((block) => block * 65_536),
);
const initial = Uint8Array.from({ length: bytes }, (_, i) => (i * 131 + (i >> 9)) & 255);
const step = fc.record({
  kind: fc.constantFrom("write", "copy", "copy", "copy", "zero", "free"),
  at: place,
  to: place,
  length: place,
});

function apply(
  store: FileStore,
  model: Uint8Array,
  { kind, at, to, length }: { kind: string; at: number; to: number; length: number },
  salt: number,
): void {
  const room = Math.min(length, bytes - at);
  if (kind === "write") {
    const data = new Uint8Array(room);
    for (let i = 0; i < room; i++) data[i] = Math.imul(i + salt, 0x9e37_79b1) >>> 24;
    store.write(at, data);
    model.set(data, at);
  } else if (kind === "copy") {
    const moved = Math.min(room, bytes - to);
    store.copy(at, to, moved);
    model.copyWithin(to, at, at + moved);
  } else {
    if (kind === "zero") store.writeZeroes(at, room);
    else store.deallocate(at, room);
    model.fill(0, at, at + room);
    if (!store.isAllocated(at, room))
      expect(model.subarray(at, at + room).some(Boolean)).toBe(false);
  }
}

function checkAgainstModel(folder: string, options: { linux?: false }, numRuns: number): FileStore {
  const path = join(folder, "image");
  let last: FileStore | undefined;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      rmSync(path, { force: true });
      const store = fileStore({ path, create: { bytes }, ...options });
      const model = initial.slice();
      store.write(0, model);
      for (const [i, one] of steps.entries()) apply(store, model, one, i);
      const piece = new Uint8Array(77_777);
      store.read(12_345, piece);
      store.close();
      expect(Buffer.compare(piece, model.subarray(12_345, 12_345 + 77_777))).toBe(0);
      expect(Buffer.compare(readFileSync(path), model)).toBe(0);
      last = store;
    }),
    { numRuns },
  );
  return last as FileStore;
}

describe("equals a flat buffer", () => {
  const here = temporaryFolder();

  it("with what this machine offers", () => {
    checkAgainstModel(here, {}, 80);
  });

  it("without the calls of Linux", () => {
    const store = checkAgainstModel(here, { linux: false }, 80);
    expect(store.copyMeans).toBe("read-write");
    expect(store.copiedBytes).toMatchObject({ clone: 0, "kernel-copy": 0 });
  });

  if (linux() === undefined) return;
  for (const [fs, means] of [
    ["xfs", "clone"],
    ["btrfs", "clone"],
    ["ext4", "kernel-copy"],
    ["tmpfs", "kernel-copy"],
  ] as const) {
    onMounted({ fs, bytes: 256 * 2 ** 20 }, (folder) => {
      it(`by ${means}`, () => {
        checkAgainstModel(folder, {}, 80);
        const path = join(folder, "means");
        const store = fileStore({ path, create: { bytes: 2 ** 20 } });
        store.write(0, new Uint8Array(2 ** 19).fill(1));
        expect(store.copy(0, 2 ** 19, 2 ** 19)).toBe(means);
        expect(store.copyMeans).toBe(means);
        store.close();
      });
    });
  }

  // Blocks of 1024 bytes, so that the block is the file system's and not a constant.
  onMounted({ fs: "xfs", bytes: 300 * 2 ** 20, mkfs: ["-b", "size=1024"] }, (folder) => {
    it("by clone, in blocks of 1024 bytes", () => {
      checkAgainstModel(folder, {}, 30);
      const store = fileStore({ path: join(folder, "means"), create: { bytes: 2 ** 20 } });
      expect(store.copy(1024, 2 ** 19 + 2048, 65_536)).toBe("clone");
      store.close();
    });
  });
});
