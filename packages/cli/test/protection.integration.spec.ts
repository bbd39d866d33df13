// Goal: protection information of an image is kept beside it, made anew for each copy's place, and checked by the next run.
// Method: lines run as processes; the file is read by its layout in the standard (NVM Command Set Specification 1.2, 5.3.1),
// with guards worked out bit by bit (the T10 polynomial 8BB7h).
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { documentOf } from "./support/document.ts";
import { copied, makeImage, sha256, sha256OfFile } from "./support/image.ts";
import { run } from "./support/run.ts";

const MiB = 2 ** 20;
const BLOCKS = (4 * MiB) / 512;
const PROTECTION = 40;
const UNWRITTEN = "ff".repeat(8);
const cwd = temporaryFolder();
const image = join(cwd, "a.img");
const uri = "nvme-model:a.img?ms=8&pi=1";
let content: Uint8Array;

const inFolder = (name: string): string => join(cwd, name);

function crc16(bytes: Uint8Array): number {
  let rest = 0;
  for (const byte of bytes) {
    rest ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      rest = (rest & 0x8000) === 0 ? rest << 1 : ((rest << 1) ^ 0x8bb7) & 0xffff;
    }
  }
  return rest & 0xffff;
}

/** The information of a block: guard, application tag 0, the block's address. */
const tuple = (data: Uint8Array, lba: number): string =>
  `${crc16(data).toString(16).padStart(4, "0")}0000${lba.toString(16).padStart(8, "0")}`;

const kept = (name: string, lba: number, bytes = 8): string =>
  readFileSync(inFolder(name)).toString("hex", lba * bytes, (lba + 1) * bytes);

function flip(name: string, at: number): void {
  const bytes = readFileSync(inFolder(name));
  bytes[at] ^= 1;
  writeFileSync(inFolder(name), bytes);
}

const copy = (device: string, ...words: string[]) => run(["copy", device, ...words], { cwd });

describe("protection information beside an image", () => {
  beforeEach(() => {
    for (const name of ["a.img.meta", "b.img", "b.img.meta", "own"]) {
      rmSync(inFolder(name), { force: true });
    }
    content = makeImage(image, 4 * MiB);
  });

  it("is made for the place of the copy, and checked by a run that copies on", async () => {
    expect(await copy(uri, "3+16,64+32", "--to", "2000", "--verify")).toMatchObject({ status: 0 });
    expect(readFileSync(inFolder("a.img.meta"))).toHaveLength(BLOCKS * 8);
    expect(kept("a.img.meta", 2000)).toBe(tuple(content.subarray(3 * 512, 4 * 512), 2000));
    expect(kept("a.img.meta", 2047)).toBe(tuple(content.subarray(95 * 512, 96 * 512), 2047));
    for (const lba of [0, 3, 1999, 2048, BLOCKS - 1]) {
      expect(kept("a.img.meta", lba)).toBe(UNWRITTEN);
    }
    const next = await copy(uri, "2000+48", "--to", "3000", "--verify", "-o", "json");
    expect(documentOf("blockferry.copy", next.stdout)).toMatchObject({
      offloadedBlocks: 48,
      verification: { verdict: "verified" },
    });
    expect(kept("a.img.meta", 3001)).toBe(tuple(content.subarray(4 * 512, 5 * 512), 3001));
  });

  it.each([
    ["a block that was changed past the device", "a.img", 2007 * 512 + 9, "Guard Check Error"],
    ["another guard", "a.img.meta", 2007 * 8, "Guard Check Error"],
    ["another reference tag", "a.img.meta", 2007 * 8 + 7, "Reference Tag Check Error"],
  ])("finds %s, and copies no block of it", async (_what, name, at, said) => {
    await copy(uri, "3+16", "--to", "2000");
    flip(name, at);
    const before = [image, inFolder("a.img.meta")].map(sha256OfFile);
    const ended = await copy(uri, "2007+1", "--to", "3000");
    expect(ended.status).toBe(PROTECTION);
    expect(ended.stdout).toContain(`End-to-end ${said}`);
    expect([image, inFolder("a.img.meta")].map(sha256OfFile)).toEqual(before);
  });

  it("has a guard of 64 bits in 16 bytes, and types 2 and 3", async () => {
    const wide = "nvme-model:a.img?ms=16&pi=2&pif=64&meta=own";
    expect(await copy(wide, "3+16", "--to", "2000", "--verify")).toMatchObject({ status: 0 });
    expect(existsSync(inFolder("a.img.meta"))).toBe(false);
    expect(kept("own", 2000, 16)).toMatch(/^[0-9a-f]{16}00000000000007d0$/);
    expect(await copy(wide, "2000+16", "--to", "3000", "--verify")).toMatchObject({ status: 0 });
    const plain = await copy("nvme-model:a.img?ms=8&pi=3", "3+16", "--to", "2000", "--verify");
    expect(plain).toMatchObject({ status: 0 });
    // Type 3: everything passes as it is.
    expect(kept("a.img.meta", 2000)).toBe(UNWRITTEN);
  });

  it("is made for copies through the host too", async () => {
    const words = ["3+16", "--to", "2000", "--emulate", "--verify"];
    expect(await copy(`${uri}&copy=off`, ...words)).toMatchObject({ status: 0, stderr: "" });
    expect(kept("a.img.meta", 2000)).toBe(tuple(content.subarray(3 * 512, 4 * 512), 2000));
  });

  it("of two namespaces is beside each image", async () => {
    makeImage(inFolder("b.img"), MiB);
    const words = ["3+16", "--to-device", "ns2", "--to", "100", "--verify"];
    expect(await copy(`${uri}&ns2=b.img`, ...words)).toMatchObject({ status: 0, stderr: "" });
    expect(kept("b.img.meta", 100)).toBe(tuple(content.subarray(3 * 512, 4 * 512), 100));
    expect(readFileSync(inFolder("b.img.meta"))).toHaveLength(2048 * 8);
    expect(sha256OfFile(image)).toBe(sha256(content));
  });

  it("is not made where nothing may be written, and a file of another size is refused", async () => {
    expect(await run(["info", uri], { cwd })).toMatchObject({ status: 0 });
    const readonly = await copy(uri, "0+8", "--to", "64", "--readonly");
    expect(readonly.status).not.toBe(0);
    expect(existsSync(inFolder("a.img.meta"))).toBe(false);
    writeFileSync(inFolder("a.img.meta"), new Uint8Array(BLOCKS * 16));
    const refused = await copy(uri, "0+8", "--to", "64");
    expect(refused.stderr).toContain("a.img.meta has 131072 bytes; the metadata of 8192 blocks");
    expect(refused.stderr).toContain("FERRY_URI_PARAMETER");
    expect(sha256OfFile(image)).toBe(sha256(content));
  });

  it("leaves the image what it is without metadata", async () => {
    await copy(uri, "3+16", "--to", "2000");
    expect(sha256OfFile(image)).toBe(sha256(copied(content, [[3, 16]], 2000)));
  });
});
