// Goal: the store says truthfully by what means it copied, byte by byte, and does not ask again for
// what was refused. Sharing is e2fsprogs' filefrag's word, free space the kernel's.
import { spawnSync } from "node:child_process";
import { readFileSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type LinuxCalls, linux, linuxError } from "@blockferry/linux";
import { describe, expect, it } from "vitest";
import { onMounted } from "../../../../tests/support/on-mounted.ts";
import { temporaryFolder } from "../../../../tests/support/temporary-folder.ts";
import { type FileStore, fileStore } from "../src/index.ts";

const KiB = 1024;
const MiB = 1024 * KiB;
const calls = linux();

function pattern(bytes: number): Uint8Array {
  const words = new Uint32Array(bytes / 4);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1, 0x9e37_79b1);
  return new Uint8Array(words.buffer);
}

describe.skipIf(calls === undefined)("on reflink file systems", () => {
  for (const fs of ["xfs", "btrfs"] as const) {
    onMounted({ fs, bytes: 512 * MiB }, (folder) => {
      function store(name: string, bytes: number): FileStore {
        return fileStore({ path: join(folder, name), create: { bytes } });
      }

      it("shares the blocks and takes no space", () => {
        const image = store("shared", 64 * MiB);
        image.write(0, pattern(16 * MiB));
        image.flush();
        spawnSync("sync", ["-f", folder]);
        const before = statfsSync(folder).bfree;
        expect(image.copy(0, 32 * MiB, 16 * MiB)).toBe("clone");
        image.flush();
        spawnSync("sync", ["-f", folder]);
        // 16 MiB of data would be 4096 blocks; the file system's own records are a few.
        expect(before - statfsSync(folder).bfree).toBeLessThan(64);
        expect(image.copiedBytes).toEqual({ clone: 16 * MiB, "kernel-copy": 0, "read-write": 0 });
        const map = spawnSync("filefrag", ["-v", image.path], { encoding: "utf8" }).stdout;
        expect(map).toContain("shared");
        image.close();
        const all = readFileSync(image.path);
        expect(all.subarray(32 * MiB, 48 * MiB).equals(all.subarray(0, 16 * MiB))).toBe(true);
        expect(all.subarray(0, 16 * MiB).equals(pattern(16 * MiB))).toBe(true);
      });

      it("clones the aligned middle and copies the edges, counted to the byte", () => {
        const image = store("edges", 2 * MiB);
        image.write(0, pattern(MiB));
        // 3584 bytes to the first bound of 4096, 31 blocks of 4096, and 512 bytes.
        expect(image.copy(512, MiB + 512, 3584 + 31 * 4096 + 512)).toBe("kernel-copy");
        expect(image.copiedBytes).toEqual({
          clone: 31 * 4096,
          "kernel-copy": 3584 + 512,
          "read-write": 0,
        });
        image.close();
        const expected = new Uint8Array(2 * MiB);
        expected.set(pattern(MiB));
        expected.copyWithin(MiB + 512, 512, 512 + 3584 + 31 * 4096 + 512);
        expect(Buffer.compare(readFileSync(image.path), expected)).toBe(0);
      });

      it("copies what is short or shifted against the blocks", () => {
        const image = store("shifted", 2 * MiB);
        image.write(0, pattern(MiB));
        expect(image.copy(0, MiB, 65_536)).toBe("clone");
        // Rewriting shared blocks, copy_file_range took five to ten times as long as reads and writes on XFS.
        expect(image.copy(0, MiB, 65_536 - 512)).toBe("read-write");
        expect(image.copy(0, MiB + 512, 512 * KiB)).toBe("kernel-copy");
        expect(image.copyMeans).toBe("clone"); // nothing of that was a refusal
        image.close();
      });

      it("clones overlapping ranges piece by piece", () => {
        const model = pattern(8 * MiB);
        for (const [from, to] of [
          [0, MiB],
          [MiB, 0],
        ] as const) {
          const image = store(`overlap-${from}`, 8 * MiB);
          image.write(0, model);
          expect(image.copy(from, to, 5 * MiB)).toBe("clone");
          image.close();
          const expected = model.slice().copyWithin(to, from, from + 5 * MiB);
          expect(Buffer.compare(readFileSync(image.path), expected)).toBe(0);
        }
      });
    });
  }
});

describe.skipIf(calls === undefined)("when refused", () => {
  if (calls === undefined) return;
  const folder = temporaryFolder();
  let images = 0;

  function counting(
    refusals: Partial<Record<"cloneRange" | "copyFileRange" | "fallocatePunchHole", number>>,
    copyFirst = 0,
  ): { calls: LinuxCalls; asked: Record<string, number> } {
    const asked = { cloneRange: 0, copyFileRange: 0, fallocatePunchHole: 0 };
    const refuse = (name: keyof typeof asked): void => {
      asked[name]++;
      const errno = refusals[name];
      if (errno !== undefined) throw linuxError(errno, name);
    };
    return {
      asked,
      calls: {
        ...(calls as LinuxCalls),
        cloneRange: () => refuse("cloneRange"),
        copyFileRange: (from, offset, to, toOffset, bytes) => {
          if (asked.copyFileRange >= (copyFirst > 0 ? 1 : 0)) refuse("copyFileRange");
          else asked.copyFileRange++;
          const some = copyFirst > 0 ? Math.min(copyFirst, bytes) : bytes;
          return (calls as LinuxCalls).copyFileRange(from, offset, to, toOffset, some);
        },
        fallocatePunchHole: () => refuse("fallocatePunchHole"),
      },
    };
  }

  function image(linuxCalls: LinuxCalls): FileStore {
    const path = join(folder, `image-${images++}`);
    const store = fileStore({ path, create: { bytes: 2 * MiB }, linux: linuxCalls });
    store.write(0, pattern(MiB));
    return store;
  }

  // EPERM, EXDEV, EINVAL, ENOTTY, ENOSYS, EOPNOTSUPP: ioctl_ficlonerange(2), copy_file_range(2).
  it.each([1, 18, 22, 25, 38, 95])("by errno %i, a clone is not tried again", (errno) => {
    const { calls, asked } = counting({ cloneRange: errno });
    const store = image(calls);
    expect(store.copyMeans).toBe("clone");
    expect(store.copy(0, MiB, MiB)).toBe("kernel-copy");
    expect(store.copy(0, MiB, MiB)).toBe("kernel-copy");
    expect(store.copyMeans).toBe("kernel-copy");
    expect(asked.cloneRange).toBe(1);
    store.close();
    expect(Buffer.compare(readFileSync(store.path).subarray(MiB), pattern(MiB))).toBe(0);
  });

  it("half way, the kernel's copy is finished by reads and writes", () => {
    const { calls, asked } = counting({ cloneRange: 95, copyFileRange: 18 }, 100_000);
    const store = image(calls);
    expect(store.copy(0, MiB, MiB)).toBe("read-write");
    expect(store.copiedBytes).toEqual({
      clone: 0,
      "kernel-copy": 100_000,
      "read-write": MiB - 100_000,
    });
    expect(store.copy(0, MiB, MiB)).toBe("read-write");
    expect(asked).toMatchObject({ cloneRange: 1, copyFileRange: 2 });
    store.close();
    expect(Buffer.compare(readFileSync(store.path).subarray(MiB), pattern(MiB))).toBe(0);
  });

  it("for want of space, a clone is done as a copy this once", () => {
    const { calls, asked } = counting({ cloneRange: 28 });
    const store = image(calls);
    expect(store.copy(0, MiB, MiB)).toBe("kernel-copy");
    expect(store.copyMeans).toBe("clone");
    store.copy(0, MiB, MiB);
    expect(asked.cloneRange).toBe(2);
    store.close();
  });

  it("a failure that is no refusal is thrown, with the original as its cause", () => {
    const { calls } = counting({ cloneRange: 5 });
    const store = image(calls);
    expect(() => store.copy(0, MiB, MiB)).toThrow(
      expect.objectContaining({
        code: "FERRY_STORE_IO",
        cause: expect.objectContaining({ code: "EIO" }),
        details: expect.objectContaining({ errno: "EIO", bytes: MiB }),
      }),
    );
    store.close();
  });

  it("a hole becomes written zeroes, asked for once", () => {
    const { calls, asked } = counting({ fallocatePunchHole: 95 });
    const store = image(calls);
    store.deallocate(0, MiB);
    store.deallocate(0, MiB);
    expect(asked.fallocatePunchHole).toBe(1);
    store.close();
    expect(readFileSync(store.path).equals(Buffer.alloc(2 * MiB))).toBe(true);
  });
});

describe("by reads and writes", () => {
  const folder = temporaryFolder();

  // Longer than the buffer of 1 MiB, so that the order of the pieces matters.
  it.each([
    [0, 512],
    [512, 0],
    [0, MiB - 512],
    [MiB + 4096, 4096],
  ])("moves overlapping ranges from %i to %i", (from, to) => {
    const path = join(folder, `overlap-${from}-${to}`);
    const store = fileStore({ path, create: { bytes: 6 * MiB }, linux: false });
    const model = pattern(6 * MiB);
    store.write(0, model);
    expect(store.copy(from, to, 4 * MiB + 77)).toBe("read-write");
    expect(store.copiedBytes["read-write"]).toBe(4 * MiB + 77);
    store.close();
    model.copyWithin(to, from, from + 4 * MiB + 77);
    expect(Buffer.compare(readFileSync(path), model)).toBe(0);
  });
});

describe("sparse", () => {
  const folder = temporaryFolder();

  it("takes no space for a new image", () => {
    const path = join(folder, "new");
    const store = fileStore({ path, create: { bytes: 2 ** 30 } });
    expect(statSync(path)).toMatchObject({ size: 2 ** 30, blocks: 0 });
    const back = new Uint8Array(4096).fill(1);
    store.read(2 ** 30 - 4096, back);
    expect(back.some(Boolean)).toBe(false);
    store.close();
  });

  it.skipIf(calls === undefined)("gives space back, and tells data from holes", () => {
    const path = join(folder, "holes");
    const store = fileStore({ path, create: { bytes: 16 * MiB } });
    expect(store.isAllocated(0, 16 * MiB)).toBe(false);
    store.write(4 * MiB, pattern(4 * MiB));
    store.flush();
    expect(store.isAllocated(0, 4 * MiB)).toBe(false);
    expect(store.isAllocated(0, 4 * MiB + 1)).toBe(true);
    expect(store.isAllocated(4 * MiB, 0)).toBe(false);
    expect(store.isAllocated(8 * MiB, 8 * MiB)).toBe(false);
    expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(4 * MiB);
    store.deallocate(4 * MiB, 4 * MiB);
    store.flush();
    expect(store.isAllocated(0, 16 * MiB)).toBe(false);
    expect(statSync(path).blocks * 512).toBeLessThan(64 * KiB);
    expect(statSync(path).size).toBe(16 * MiB);
    store.close();
  });

  it("says allocated where it cannot know", () => {
    const path = join(folder, "unknown");
    const store = fileStore({ path, create: { bytes: MiB }, linux: false });
    expect(store.isAllocated(0, MiB)).toBe(true);
    store.close();
  });
});
