// Goal: each call on plain files, wherever the temporary folder is. What is expected is the manual
// pages' word (copy_file_range(2), fallocate(2), lseek(2), flock(2)).
import { spawnSync } from "node:child_process";
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { fileSystemOf, linux } from "../src/index.ts";

const calls = linux();
const MiB = 2 ** 20;

describe.skipIf(calls === undefined)("on plain files", () => {
  if (calls === undefined) return;
  const folder = temporaryFolder();

  function file(name: string, content: Uint8Array | string): number {
    const path = join(folder, name);
    writeFileSync(path, content);
    return openSync(path, "r+");
  }

  describe("copyFileRange", () => {
    it("copies between two files at the given offsets and leaves file positions alone", () => {
      const from = file("from", "0123456789");
      const to = file("to", "abcdefghij");
      expect(calls.copyFileRange(from, 2, to, 5, 3)).toBe(3);
      expect(readFileSync(join(folder, "to"), "utf8")).toBe("abcde234ij");
      const one = new Uint8Array(1);
      readSync(from, one, 0, 1, null);
      expect(one[0]).toBe("0".charCodeAt(0));
      closeSync(from);
      closeSync(to);
    });

    it("copies less at the end of the source, and nothing beyond it", () => {
      const from = file("short", "0123456789");
      const to = file("short-to", "");
      expect(calls.copyFileRange(from, 8, to, 0, 100)).toBe(2);
      expect(calls.copyFileRange(from, 10, to, 0, 100)).toBe(0);
      closeSync(from);
      closeSync(to);
    });

    it("copies within one file, and refuses an overlap", () => {
      const fd = file("within", "0123456789");
      expect(calls.copyFileRange(fd, 0, fd, 5, 5)).toBe(5);
      expect(readFileSync(join(folder, "within"), "utf8")).toBe("0123401234");
      expect(() => calls.copyFileRange(fd, 0, fd, 2, 5)).toThrow(
        expect.objectContaining({ code: "EINVAL", errno: -22, syscall: "copy_file_range" }),
      );
      closeSync(fd);
    });

    it("copies across holes: what was never written reads as zeros", () => {
      const from = file("holes", "");
      ftruncateSync(from, 4 * MiB);
      writeSync(from, "end", 3 * MiB);
      const to = file("holes-to", Buffer.alloc(4 * MiB, 0xff));
      for (let done = 0; done < 4 * MiB; ) {
        const copied = calls.copyFileRange(from, done, to, done, 4 * MiB - done);
        expect(copied).toBeGreaterThan(0);
        done += copied;
      }
      const expected = Buffer.alloc(4 * MiB);
      expected.write("end", 3 * MiB);
      expect(readFileSync(join(folder, "holes-to")).equals(expected)).toBe(true);
      closeSync(from);
      closeSync(to);
    });

    it("carries offsets above 2^32 whole", () => {
      const far = 5 * 2 ** 32 + 4096;
      const fd = file("far", "");
      ftruncateSync(fd, far + 4096);
      writeSync(fd, "far away", far);
      expect(calls.copyFileRange(fd, far, fd, 2 ** 33 + 1, 8)).toBe(8);
      const back = Buffer.alloc(8);
      readSync(fd, back, 0, 8, 2 ** 33 + 1);
      expect(back.toString()).toBe("far away");
      closeSync(fd);
    });

    it("says EBADF for a destination that is not open for writing", () => {
      const from = file("readonly-from", "x");
      const to = openSync(join(folder, "readonly-from"), "r");
      expect(() => calls.copyFileRange(from, 0, to, 10, 1)).toThrow(
        expect.objectContaining({ code: "EBADF" }),
      );
      closeSync(from);
      closeSync(to);
    });

    it.each([
      ["a fraction", 0.5],
      ["NaN", Number.NaN],
      ["negative", -1],
      ["above 2^53-1", 2 ** 53],
    ])("refuses an offset that is %s", (_, offset) => {
      expect(() => calls.copyFileRange(0, offset, 1, 0, 1)).toThrow(RangeError);
      expect(() => calls.copyFileRange(0, 0, 1, offset, 1)).toThrow(RangeError);
      expect(() => calls.copyFileRange(0, 0, 1, 0, offset)).toThrow(RangeError);
    });

    it.each([-1, 1.5, Number.NaN, 2 ** 31])("refuses %d as a descriptor", (fd) => {
      expect(() => calls.copyFileRange(fd, 0, 1, 0, 1)).toThrow(RangeError);
    });
  });

  describe("holes", () => {
    it("are punched and found", () => {
      const fd = file("punched", Buffer.alloc(4 * MiB, 1));
      const blocksBefore = fstatSync(fd).blocks;
      calls.fallocatePunchHole(fd, MiB, 2 * MiB);
      expect(fstatSync(fd).size).toBe(4 * MiB);
      expect(fstatSync(fd).blocks).toBeLessThan(blocksBefore);
      expect(calls.seekData(fd, 0)).toBe(0);
      expect(calls.seekHole(fd, 0)).toBe(MiB);
      expect(calls.seekData(fd, MiB)).toBe(3 * MiB);
      expect(calls.seekHole(fd, 3 * MiB)).toBe(4 * MiB);
      const expected = Buffer.alloc(4 * MiB, 1);
      expected.fill(0, MiB, 3 * MiB);
      expect(readFileSync(join(folder, "punched")).equals(expected)).toBe(true);
      closeSync(fd);
    });

    it("zero what they cover in part, to the byte", () => {
      const fd = file("unaligned", Buffer.alloc(12288, 1));
      calls.fallocatePunchHole(fd, 100, 9000);
      const expected = Buffer.alloc(12288, 1).fill(0, 100, 9100);
      expect(readFileSync(join(folder, "unaligned")).equals(expected)).toBe(true);
      calls.fallocatePunchHole(fd, 0, 0);
      expect(readFileSync(join(folder, "unaligned")).equals(expected)).toBe(true);
      closeSync(fd);
    });

    it("are undefined where none follows", () => {
      const fd = file("no-data", "");
      ftruncateSync(fd, MiB);
      expect(calls.seekData(fd, 0)).toBeUndefined();
      expect(calls.seekHole(fd, 0)).toBe(0);
      expect(calls.seekHole(fd, MiB)).toBeUndefined();
      closeSync(fd);
    });
  });

  it("zeroRange zeroes and keeps the size", (context) => {
    const fd = file("zeroed", Buffer.alloc(3 * 4096, 7));
    try {
      calls.zeroRange(fd, 4000, 5000);
    } catch (error) {
      closeSync(fd);
      if ((error as NodeJS.ErrnoException).code !== "EOPNOTSUPP") throw error;
      context.skip("the temporary folder's file system has no FALLOC_FL_ZERO_RANGE");
      return;
    }
    const expected = Buffer.alloc(3 * 4096, 7).fill(0, 4000, 9000);
    expect(readFileSync(join(folder, "zeroed")).equals(expected)).toBe(true);
    closeSync(fd);
  });

  it("names the file system as stat(1) does", () => {
    const fd = file("where", "");
    const path = join(folder, "where");
    const { stdout } = spawnSync("stat", ["-f", "-c", "%t %s", path], { encoding: "utf8" });
    const [magic, bytesPerBlock] = stdout.trim().split(" ");
    expect(fileSystemOf(fd).magic).toBe(Number.parseInt(magic as string, 16));
    expect(fileSystemOf(fd).bytesPerBlock).toBe(Number(bytesPerBlock));
    closeSync(fd);
  });

  it("says ENOTTY for the block device sizes of a plain file", () => {
    const fd = file("plain", "x");
    expect(() => calls.blockDevice(fd)).toThrow(
      expect.objectContaining({ code: "ENOTTY", syscall: "ioctl(BLKGETSIZE64)" }),
    );
    closeSync(fd);
  });
});
