// Goal: the sizes of real block devices, and O_DIRECT through aligned memory. The sizes are what
// util-linux' losetup was asked for.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { linux } from "../src/index.ts";

const calls = linux();

function attach(image: string, words: readonly string[]): { device: string } | { skip: string } {
  if (process.getuid?.() !== 0) return { skip: "loop devices need root" };
  const done = spawnSync("losetup", ["--find", "--show", ...words, image], { encoding: "utf8" });
  if (done.error !== undefined) return { skip: done.error.message };
  if (done.status !== 0) return { skip: done.stderr.trim() };
  return { device: done.stdout.trim() };
}

describe.skipIf(calls === undefined)("block devices", () => {
  if (calls === undefined) return;
  const folder = temporaryFolder();
  const attached: string[] = [];
  afterAll(() => {
    for (const device of attached) spawnSync("losetup", ["--detach", device]);
  });

  it.for([
    [512, [], false],
    [4096, ["--sector-size", "4096"], false],
    [512, ["--read-only"], true],
  ] as const)(
    "has blocks of %i bytes (losetup %j)",
    ([bytesPerLogicalBlock, words, readonly], context) => {
      const image = join(folder, `image-${bytesPerLogicalBlock}-${readonly}`);
      writeFileSync(image, "");
      truncateSync(image, 3 * 2 ** 30);
      const loop = attach(image, words);
      if ("skip" in loop) return context.skip(loop.skip);
      attached.push(loop.device);
      const fd = openSync(loop.device, "r");
      expect(calls.blockDevice(fd)).toMatchObject({
        bytes: 3 * 2 ** 30,
        bytesPerLogicalBlock,
        readonly,
      });
      closeSync(fd);
      rmSync(image);
    },
  );

  it("is read by O_DIRECT into aligned memory, and refuses unaligned memory", (context) => {
    const image = join(folder, "direct");
    writeFileSync(image, Buffer.alloc(65536, "direct! "));
    const loop = attach(image, []);
    if ("skip" in loop) return context.skip(loop.skip);
    attached.push(loop.device);
    const fd = openSync(loop.device, constants.O_RDONLY | constants.O_DIRECT);
    const memory = calls.alignedBuffer(8192);
    expect(readSync(fd, memory, 0, 8192, 4096)).toBe(8192);
    expect(Buffer.from(memory).toString()).toBe("direct! ".repeat(1024));
    expect(() => readSync(fd, calls.alignedBuffer(8192).subarray(1), 0, 4096, 0)).toThrow(
      expect.objectContaining({ code: "EINVAL" }),
    );
    closeSync(fd);
  });
});
