// Goal: copies in files and on block devices, started as a process, leave the blocks where they must be, are called what they
// are, and touch nothing that is in use.
// Method: files, and as root loop devices of the test's own; both ends are compared with copies made by slicing.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { linux } from "@blockferry/linux";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { documentOf } from "./support/document.ts";
import { copied, makeImage, patternBytes, sha256, sha256OfFile } from "./support/image.ts";
import { run } from "./support/run.ts";
import { ranges, words } from "./support/scattered-ranges.ts";

const cwd = temporaryFolder();
const first = join(cwd, "a.img");
let content: Uint8Array;
beforeEach(() => {
  content = makeImage(first, 2 ** 24);
});

describe.skipIf(linux() === undefined)("blockferry copy file:PATH", () => {
  it("copies by the kernel, and claims no offload", async () => {
    const line = ["copy", "file:a.img", words, "--to", "16384", "--verify", "-o", "json"];
    const ended = await run(line, { cwd });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    const document = documentOf("blockferry.copy", ended.stdout);
    expect(document).toMatchObject({
      ...{ copiedBlocks: 2115, offloadedBlocks: 0, emulatedBlocks: 0, bytesThroughHost: 0 },
      verification: { verdict: "verified" },
    });
    expect(document.clonedBlocks + document.kernelCopiedBlocks).toBe(2115);
    const means = new Set(document.ranges.map((range) => range.means));
    expect([...means].every((one) => one === "clone" || one === "kernel-copy")).toBe(true);
    expect(sha256OfFile(first)).toBe(sha256(copied(content, ranges, 16384)));
  });

  it("copies from one file to another, by each strategy", async () => {
    const second = join(cwd, "b.img");
    for (const strategy of ["source-list", "list-token"]) {
      const target = patternBytes(2 ** 23).map((byte) => 255 - byte);
      writeFileSync(second, target);
      const line = ["copy", "file:a.img?file1=b.img", words, "--to-device", "file1", "--to", "100"];
      const ended = await run([...line, "--verify", "--strategy", strategy], { cwd });
      expect(ended).toMatchObject({ status: 0, stderr: "" });
      expect(ended.stdout).toMatch(/cloned|by the kernel, which does not tell how/);
      const expected = target.slice();
      const gathered = ranges.map(([lba, blocks]) =>
        content.slice(lba * 512, (lba + blocks) * 512),
      );
      expected.set(Buffer.concat(gathered), 100 * 512);
      expect(sha256OfFile(second)).toBe(sha256(expected));
      expect(sha256OfFile(first)).toBe(sha256(content));
    }
  });

  it("refuses what cannot be, and leaves the file as it was", async () => {
    for (const [line, status, text] of [
      [["file:none.img", "0+1", "--to", "8"], 52, "FERRY_TRANSPORT_OPEN"],
      [["file:a.img?bs=32768", "0+1", "--to", "600"], 22, "FERRY_COPY_OUT_OF_RANGE"],
      [["file:a.img?bs=3", "0+1", "--to", "8"], 1, "FERRY_URI_PARAMETER"],
      [["file:", "0+1", "--to", "8"], 1, "FERRY_URI_PARAMETER"],
      [["file:a.img", "0+8", "--to", "4"], 5, "FERRY_COPY_OVERLAP"],
      [["file:a.img", "0+8", "--to", "64", "--readonly"], 7, ""],
      [["/dev/null", "0+8", "--to", "64"], 15, "FERRY_TRANSPORT_NO_DEVICE"],
    ] as const) {
      const ended = await run(["copy", ...line], { cwd });
      expect({ line, status: ended.status }).toEqual({ line, status });
      expect(ended.stderr).toContain(text);
    }
    expect(sha256OfFile(first)).toBe(sha256(content));
  });
});

function tool(name: string, ...line: string[]): { out: string } | { skip: string } {
  const done = spawnSync(name, line, { cwd, encoding: "utf8" });
  if (done.error !== undefined) return { skip: done.error.message };
  return done.status === 0 ? { out: done.stdout.trim() } : { skip: `${name}: ${done.stderr}` };
}

describe.skipIf(linux() === undefined)("loop devices", () => {
  const undo: string[][] = [];
  afterAll(() => {
    for (const [name, ...line] of undo.reverse()) spawnSync(name, line);
  });

  /** A block device of the test's own over the first image; why not, where there can be none. */
  function attach(): { device: string } | { skip: string } {
    if (process.getuid?.() !== 0) return { skip: "loop devices need root" };
    const made = tool("losetup", "--find", "--show", first);
    if ("skip" in made) return made;
    undo.push(["losetup", "--detach", made.out]);
    return { device: made.out };
  }

  it("are copied in through the host alone, where that is allowed", async (context) => {
    const loop = attach();
    if ("skip" in loop) return context.skip(loop.skip);
    const line = ["copy", `file:${loop.device}`, words, "--to", "16384"];
    const refused = await run(line, { cwd });
    expect(refused).toMatchObject({ status: 9 });
    const ended = await run([...line, "--emulate", "--verify", "-o", "json"], { cwd });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(documentOf("blockferry.copy", ended.stdout)).toMatchObject({
      ...{ emulatedBlocks: 2115, offloadedBlocks: 0, bytesThroughHost: 2115 * 512 },
      verification: { verdict: "verified" },
    });
    expect(tool("sync", "-f", loop.device)).not.toHaveProperty("skip");
    expect(sha256OfFile(first)).toBe(sha256(copied(content, ranges, 16384)));
    const named = await run(["copy", loop.device, "0+1", "--to", "8"], { cwd });
    expect(named).toMatchObject({ status: 15 });
    expect(named.stderr).toContain(`file:${loop.device} with --emulate`);
  });

  it("are not touched with a file system on them, unless by force", async (context) => {
    const loop = attach();
    if ("skip" in loop) return context.skip(loop.skip);
    const place = join(cwd, "mounted");
    mkdirSync(place);
    const made = tool("mkfs.ext4", "-q", loop.device);
    if ("skip" in made) return context.skip(made.skip);
    const mounted = tool("mount", loop.device, place);
    if ("skip" in mounted) return context.skip(mounted.skip);
    undo.push(["umount", place]);
    const line = ["copy", `file:${loop.device}`, "0+8", "--to", "30000", "--emulate"];
    const refused = await run(line, { cwd });
    expect(refused.status).toBe(90);
    expect(refused.stderr).toMatch(/is in use: loop\d+ is mounted on .*mounted/);
    expect(refused.stderr).toContain("--force");
    const listed = await run(["list", "-o", "json"], { cwd });
    const { devices } = documentOf("blockferry.list", listed.stdout);
    expect(devices.find(({ path }) => path === loop.device)).toMatchObject({
      family: "block",
      users: [expect.stringContaining("is mounted on")],
      fileSystems: [{ type: "ext4", clones: "no" }],
    });
    expect(await run([...line, "--force"], { cwd })).toMatchObject({ status: 0 });
  });
});

describe("blockferry list", () => {
  it.skipIf(linux() === undefined)("is a document of its schema", async () => {
    const ended = await run(["list", "-o", "json"], { cwd });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    for (const { path, bytes, bytesPerBlock } of documentOf("blockferry.list", ended.stdout)
      .devices) {
      expect(path).toMatch(/^\/dev\//);
      expect(bytes).toBeGreaterThan(0);
      expect(bytesPerBlock).toBeGreaterThanOrEqual(512);
    }
  });
});
