// Goal: blocks that a real file system placed are gathered by the device, and the file system stays sound.
// Method: an ext4 image made by mke2fs holds a file in many extents; debugfs says where they are, `blockferry copy` gathers
// them into a free area, and e2fsck and the file's own bytes are the referees. None of them knows of us.
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./support/temporary-folder.ts";

const cli = new URL("../packages/cli/bin/blockferry.js", import.meta.url).pathname;

function run(command: string, words: readonly string[], statuses: readonly number[] = [0]): string {
  const done = spawnSync(command, words, { encoding: "utf8", timeout: 120_000 });
  if (done.error !== undefined) throw done.error;
  if (!statuses.includes(done.status ?? -1)) {
    throw new Error(`${command} ${words.join(" ")}: ${done.status}\n${done.stdout}${done.stderr}`);
  }
  return done.stdout;
}

const missing = ["mke2fs", "debugfs", "e2fsck", "dumpe2fs"].filter(
  (tool) => spawnSync(tool, ["-V"]).error !== undefined,
);

interface Extent {
  readonly start: number;
  readonly blocks: number;
}

/** The extents of a file as debugfs prints them: leaves have the deepest level. */
function extentsOf(image: string, path: string): Extent[] {
  const lines = run("debugfs", ["-R", `extents ${path}`, image]).split("\n");
  const extents: Extent[] = [];
  for (const line of lines) {
    const leaf = /^\s*(\d+)\/\s*(\d+)\s+\d+\/\s*\d+\s+\d+ -\s+\d+\s+(\d+) -\s+\d+\s+(\d+)/.exec(
      line,
    );
    if (leaf !== null && leaf[1] === leaf[2])
      extents.push({ start: Number(leaf[3]), blocks: Number(leaf[4]) });
  }
  return extents;
}

/** A run of free blocks that is long enough. */
function freeRun(image: string, blocks: number): number {
  const lines = run("dumpe2fs", [image])
    .split("\n")
    .filter((line) => /^ {2}Free blocks:/.test(line));
  for (const [, first, last] of lines.join(",").matchAll(/(\d+)-(\d+)/g)) {
    if (Number(last) - Number(first) + 1 >= blocks) return Number(first);
  }
  throw new Error(`no run of ${blocks} free blocks`);
}

function digestAt(image: string, offset: number, bytes: number): string {
  const file = openSync(image, "r");
  const data = Buffer.alloc(bytes);
  readSync(file, data, 0, bytes, offset);
  closeSync(file);
  return createHash("sha256").update(data).digest("hex");
}

const FILE_BYTES = 1_500_000;

/** An image in whose holes a file had to be written piece by piece. */
function fragmentedImage(folder: string, fsBlockBytes: number, content: Buffer): string {
  const files = join(folder, "files");
  mkdirSync(files);
  const count = 400;
  for (let i = 0; i < count; i++)
    writeFileSync(join(files, `f${i}`), randomBytes(8192 + (i % 7) * 4096));
  const image = join(folder, "disk.img");
  writeFileSync(image, "");
  truncateSync(image, 64 * 2 ** 20);
  run("mke2fs", ["-q", "-t", "ext4", "-b", String(fsBlockBytes), "-d", files, image]);
  const script = join(folder, "script");
  const removed = Array.from({ length: count / 2 }, (_, i) => `rm f${2 * i}`);
  writeFileSync(script, removed.join("\n"));
  run("debugfs", ["-w", "-f", script, image]);
  const source = join(folder, "content");
  writeFileSync(source, content);
  run("debugfs", ["-w", "-R", `write ${source} /fragmented`, image]);
  run("e2fsck", ["-fn", image]);
  return image;
}

describe.skipIf(missing.length > 0)(
  `ext4${missing.length > 0 ? ` (not installed: ${missing.join(", ")})` : ""}`,
  () => {
    it.each([
      { fsBlockBytes: 1024, bytesPerBlock: 512 },
      { fsBlockBytes: 4096, bytesPerBlock: 4096 },
    ])(
      "a file in many extents is gathered: $fsBlockBytes-byte file system blocks, device of $bytesPerBlock",
      (sizes) => {
        const { fsBlockBytes, bytesPerBlock } = sizes;
        const folder = temporaryFolder();
        const content = randomBytes(FILE_BYTES);
        const image = fragmentedImage(folder, fsBlockBytes, content);
        const extents = extentsOf(image, "/fragmented");
        const blocks = extents.reduce((sum, extent) => sum + extent.blocks, 0);
        expect(extents.length).toBeGreaterThan(20);
        expect(blocks).toBe(Math.ceil(FILE_BYTES / fsBlockBytes));

        const ratio = fsBlockBytes / bytesPerBlock;
        const list = join(folder, "extents.txt");
        const lines = extents.map((extent) => `${extent.start * ratio}+${extent.blocks * ratio}`);
        writeFileSync(list, `# extents of /fragmented\n${lines.join("\n")}\n`);
        const destination = freeRun(image, blocks);
        const uri = `nvme-model:${image}?bs=${bytesPerBlock}&mssrl=32&mcl=128&msrc=15`;
        const words = [
          "copy",
          uri,
          `@${list}`,
          "--to",
          String(destination * ratio),
          "--verify",
          "-o",
          "json",
        ];
        const document = JSON.parse(run(process.execPath, [cli, ...words]));

        const sha256 = createHash("sha256").update(content).digest("hex");
        expect(digestAt(image, destination * fsBlockBytes, FILE_BYTES)).toBe(sha256);
        expect(run("e2fsck", ["-fn", image])).not.toMatch(/FILE SYSTEM WAS MODIFIED|errors/i);
        expect(JSON.stringify(document)).toMatch(/offload/);
        expect(document).toMatchObject({ status: "success", bytesThroughHost: 0 });
      },
    );
  },
);
