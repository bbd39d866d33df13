// Goal: reflinks and refusals of real file systems, each mounted for the purpose. Whether extents
// are shared is e2fsprogs' filefrag's word, free space is the kernel's.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { onMounted } from "../../../tests/support/on-mounted.ts";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { fileSystemOf, linux } from "../src/index.ts";

const calls = linux();
const MiB = 2 ** 20;

/** Bytes of a file that differ from place to place, so that a block in the wrong place shows. */
function pattern(bytes: number): Uint8Array {
  const words = new Uint32Array(bytes / 4);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1, 0x9e3779b1);
  return new Uint8Array(words.buffer);
}

function sharedExtents(path: string): string {
  return spawnSync("filefrag", ["-v", path], { encoding: "utf8" }).stdout;
}

if (calls === undefined) {
  it("has the calls to test", (context) => context.skip("no calls here: see probe.spec.ts"));
} else {
  const elsewhere = temporaryFolder();

  for (const fs of ["xfs", "btrfs"] as const) {
    onMounted({ fs, bytes: 300 * MiB }, (folder) => {
      const data = pattern(8 * MiB);

      function pair(name: string): [number, number] {
        writeFileSync(join(folder, `${name}.from`), data);
        writeFileSync(join(folder, `${name}.to`), "");
        truncateSync(join(folder, `${name}.to`), 8 * MiB);
        const from = openSync(join(folder, `${name}.from`), "r");
        fsyncSync(from);
        return [from, openSync(join(folder, `${name}.to`), "r+")];
      }

      it("is recognised", () => {
        const fd = openSync(folder, "r");
        expect(fileSystemOf(fd)).toMatchObject({ name: fs, bytesPerBlock: 4096 });
        closeSync(fd);
      });

      it("clones ranges: same bytes, shared extents, no space", () => {
        const [from, to] = pair("clone");
        spawnSync("sync", ["-f", folder]);
        const freeBefore = statfsSync(folder).bfree;
        calls.cloneRange(to, {
          fdSource: from,
          sourceOffset: MiB,
          bytes: 4 * MiB,
          destinationOffset: 2 * MiB,
        });
        spawnSync("sync", ["-f", folder]);
        // Metadata may take a few blocks, 4 MiB of data would take 1024.
        expect(freeBefore - statfsSync(folder).bfree).toBeLessThan(64);
        const expected = new Uint8Array(8 * MiB);
        expected.set(data.subarray(MiB, 5 * MiB), 2 * MiB);
        expect(readFileSync(join(folder, "clone.to")).equals(expected)).toBe(true);
        expect(sharedExtents(join(folder, "clone.to"))).toContain("shared");
        closeSync(from);
        closeSync(to);
      });

      it("clones within one file, above 4 GiB too", () => {
        const [from, to] = pair("far");
        closeSync(from);
        truncateSync(join(folder, "far.to"), 2 ** 33 + MiB);
        const source = openSync(join(folder, "far.from"), "r");
        const [far, near] = [2 ** 33, 3 * MiB];
        calls.cloneRange(to, {
          fdSource: source,
          sourceOffset: 0,
          bytes: MiB,
          destinationOffset: far,
        });
        calls.cloneRange(to, {
          fdSource: to,
          sourceOffset: far,
          bytes: MiB,
          destinationOffset: near,
        });
        const back = new Uint8Array(MiB);
        readSync(to, back, 0, MiB, near);
        expect(Buffer.compare(back, data.subarray(0, MiB))).toBe(0);
        closeSync(source);
        closeSync(to);
      });

      it("clones nothing for 0 bytes, where the kernel would clone the rest of the file", () => {
        const [from, to] = pair("zero");
        calls.cloneRange(to, { fdSource: from, sourceOffset: 0, bytes: 0, destinationOffset: 0 });
        expect(readFileSync(join(folder, "zero.to")).every((byte) => byte === 0)).toBe(true);
        closeSync(from);
        closeSync(to);
      });

      it.each([
        ["source", { sourceOffset: 512, bytes: 4096, destinationOffset: 0 }],
        ["destination", { sourceOffset: 0, bytes: 4096, destinationOffset: 512 }],
        ["length", { sourceOffset: 0, bytes: 512, destinationOffset: 0 }],
      ])("refuses an unaligned %s with EINVAL", (what, range) => {
        const [from, to] = pair(`unaligned-${what}`);
        expect(() => calls.cloneRange(to, { fdSource: from, ...range })).toThrow(
          expect.objectContaining({
            code: "EINVAL",
            errno: -22,
            syscall: "ioctl(FICLONERANGE)",
          }),
        );
        closeSync(from);
        closeSync(to);
      });

      it("refuses an overlap within one file with EINVAL", () => {
        const [from, to] = pair("overlap");
        const range = { fdSource: to, sourceOffset: 0, bytes: 2 * MiB, destinationOffset: MiB };
        expect(() => calls.cloneRange(to, range)).toThrow(
          expect.objectContaining({ code: "EINVAL" }),
        );
        closeSync(from);
        closeSync(to);
      });

      it("refuses a source on another file system with EXDEV", () => {
        writeFileSync(join(elsewhere, "other"), data);
        const other = openSync(join(elsewhere, "other"), "r");
        const [from, to] = pair("other");
        const range = { fdSource: other, sourceOffset: 0, bytes: 4096, destinationOffset: 0 };
        expect(() => calls.cloneRange(to, range)).toThrow(
          expect.objectContaining({ code: "EXDEV" }),
        );
        for (const fd of [other, from, to]) closeSync(fd);
      });
    });
  }

  for (const fs of ["ext4", "tmpfs"] as const) {
    onMounted({ fs, bytes: 32 * MiB }, (folder) => {
      it("is recognised", () => {
        const fd = openSync(folder, "r");
        expect(fileSystemOf(fd).name).toBe(fs);
        closeSync(fd);
      });

      it("refuses to clone with EOPNOTSUPP, and copies", () => {
        writeFileSync(join(folder, "from"), pattern(MiB));
        const from = openSync(join(folder, "from"), "r");
        const to = openSync(join(folder, "to"), "w+");
        const range = { fdSource: from, sourceOffset: 0, bytes: MiB, destinationOffset: 0 };
        expect(() => calls.cloneRange(to, range)).toThrow(
          expect.objectContaining({ code: "EOPNOTSUPP", errno: -95 }),
        );
        expect(calls.copyFileRange(from, 0, to, 0, MiB)).toBe(MiB);
        expect(readFileSync(join(folder, "to")).equals(pattern(MiB))).toBe(true);
        closeSync(from);
        closeSync(to);
      });
    });
  }

  onMounted({ fs: "tmpfs", bytes: 4 * MiB }, (folder) => {
    it("says ENOSPC when full, and keeps what fitted", () => {
      writeFileSync(join(folder, "from"), pattern(3 * MiB));
      const from = openSync(join(folder, "from"), "r");
      const to = openSync(join(folder, "to"), "w+");
      let done = 0;
      const fill = (): void => {
        while (done < 3 * MiB) done += calls.copyFileRange(from, done, to, done, 3 * MiB - done);
      };
      expect(fill).toThrow(
        expect.objectContaining({ code: "ENOSPC", errno: -28, syscall: "copy_file_range" }),
      );
      expect(done).toBeLessThanOrEqual(MiB);
      expect(fstatSync(to).size).toBeGreaterThanOrEqual(done);
      closeSync(from);
      closeSync(to);
    });
  });
}
