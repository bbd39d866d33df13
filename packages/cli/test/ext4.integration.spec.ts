// Goal: extents of a real file system's fragmented file, gathered by a copy inside the device, are that file.
// Method: mke2fs makes the image, debugfs fragments it and names the file's extents, dumpe2fs a free area; the gathered
// blocks have the file's sha256, and e2fsck finds nothing.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { patternBytes, sha256 } from "./support/image.ts";
import { run } from "./support/run.ts";

const cwd = temporaryFolder();
const env = { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin`, LC_ALL: "C" };

function tool(name: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(name, words, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${error?.message ?? stderr}`);
  return stdout;
}

const isMissing = ["mke2fs", "debugfs", "dumpe2fs", "e2fsck"].some(
  (name) => spawnSync(name, ["-V"], { env }).error !== undefined,
);

/** An ext4 image with a file `large` in many pieces, and its content. */
function makeFragmentedImage(image: string, bytesPerBlock: number): Uint8Array {
  const folder = join(cwd, `files-${bytesPerBlock}`);
  mkdirSync(folder);
  const filler = new Uint8Array(16 * bytesPerBlock).fill(0x55);
  const names = Array.from({ length: 200 }, (_, i) => `filler${i}`);
  for (const name of names) writeFileSync(join(folder, name), filler);
  const size = `${bytesPerBlock * 16}k`;
  tool("mke2fs", "-q", "-F", "-t", "ext4", "-b", String(bytesPerBlock), "-d", folder, image, size);
  const large = patternBytes(bytesPerBlock * 1500);
  writeFileSync(join(cwd, "large"), large);
  const removed = names.filter((_, i) => i % 2 === 0).map((name) => `rm ${name}`);
  writeFileSync(join(cwd, "commands"), [...removed, "write large large", ""].join("\n"));
  tool("debugfs", "-w", "-f", "commands", image);
  return large;
}

/** First and last block of each extent that holds data, as debugfs dump_extents prints leaves. */
function extentsOf(image: string): { first: number; blocks: number }[] {
  const lines = tool("debugfs", "-R", "dump_extents -l large", image).split("\n").slice(1);
  return lines.flatMap((line) => {
    const match = /^.*?[0-9]+ - +[0-9]+ +([0-9]+) - +([0-9]+) +[0-9]+/.exec(line);
    if (match === null) return [];
    const first = Number(match[1]);
    return [{ first, blocks: Number(match[2]) - first + 1 }];
  });
}

function freeArea(image: string, blocks: number): number {
  for (const [, list] of tool("dumpe2fs", image).matchAll(/^ +Free blocks: (.*)$/gm)) {
    for (const [, first, last] of list.matchAll(/([0-9]+)-([0-9]+)/g)) {
      if (Number(last) - Number(first) >= blocks) return Number(first);
    }
  }
  throw new Error(`no free area of ${blocks} blocks`);
}

describe("a fragmented file of ext4", () => {
  it.for([1024, 4096])(
    "gathered, with %i-byte file system blocks",
    async (bytesPerBlock, context) => {
      context.skip(isMissing, "e2fsprogs are not installed");
      const image = `ext4-${bytesPerBlock}.img`;
      const large = makeFragmentedImage(image, bytesPerBlock);
      const extents = extentsOf(image);
      expect(extents.length).toBeGreaterThan(20);
      expect(extents.reduce((sum, extent) => sum + extent.blocks, 0)).toBe(1500);
      const place = freeArea(image, 1500);
      // The image of 4096-byte blocks is a device of 4096-byte blocks, the other one of 512.
      const bs = bytesPerBlock === 4096 ? 4096 : 512;
      const scale = bytesPerBlock / bs;
      const ranges = extents.map(({ first, blocks }) => `${first * scale}+${blocks * scale}\n`);
      writeFileSync(join(cwd, "extents.txt"), ranges.join(""));
      const uri = `nvme-model:${image}?bs=${bs}&mssrl=64&mcl=512&msrc=15`;
      const words = ["copy", uri, "@extents.txt", "--to", String(place * scale), "--verify"];
      expect(await run(words, { cwd })).toMatchObject({ status: 0, stderr: "" });
      const bytes = readFileSync(join(cwd, image));
      const gathered = bytes.subarray(place * bytesPerBlock, (place + 1500) * bytesPerBlock);
      expect(sha256(gathered)).toBe(sha256(large));
      tool("e2fsck", "-fn", image);
    },
  );
});
