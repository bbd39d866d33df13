// Goal: copies on SCSI and ATA images, and between two images, started as a process, leave the blocks where they must be.
// Method: both images after each line are compared with ones on which the copy was done by slicing.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { documentOf } from "./support/document.ts";
import { copied, makeImage, patternBytes, sha256, sha256OfFile } from "./support/image.ts";
import { run } from "./support/run.ts";
import { ranges, words } from "./support/scattered-ranges.ts";

const MiB = 2 ** 20;
const cwd = temporaryFolder();
const [first, second] = ["a.img", "b.img"].map((name) => join(cwd, name));
let content: Uint8Array;
beforeEach(() => {
  content = makeImage(first, 16 * MiB);
  writeFileSync(
    second,
    patternBytes(12 * MiB).map((byte) => 255 - byte),
  );
});

describe("blockferry copy", () => {
  it.each([
    "scsi-model:a.img",
    "scsi-model:a.img?profile=lio",
    "scsi-model:a.img?profile=ctl",
    "scsi-model:a.img?copy=token",
    "scsi-model:a.img?copy=lid4&segments=2",
    "ata-model:a.img?profile=acs6-provisional-66",
    "ata-model:a.img?profile=acs6-provisional-68&queued=on",
  ])("of %s gathers three ranges", async (uri) => {
    const ended = await run(["copy", uri, words, "--to", "16384", "--verify", "-o", "json"], {
      cwd,
    });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(documentOf("blockferry.copy", ended.stdout)).toMatchObject({
      copiedBlocks: 2115,
      offloadedBlocks: 2115,
      bytesThroughHost: 0,
      verification: { verdict: "verified" },
    });
    expect(sha256OfFile(first)).toBe(sha256(copied(content, ranges, 16384)));
  });

  it.each([
    ["nvme-model:a.img?ns2=b.img", "ns2"],
    ["scsi-model:a.img?lun1=b.img", "lun1"],
    ["scsi-model:a.img?lun1=b.img&profile=lio", "lun1"],
    ["scsi-model:a.img?lun1=b.img&copy=token", "lun1"],
  ])("of %s to %s reads one image and writes the other", async (uri, name) => {
    const before = readFileSync(second);
    const line = ["copy", uri, words, "--to-device", name, "--to", "100", "--verify"];
    const ended = await run(line, { cwd });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).toContain(`to ${name}@100`);
    expect(ended.stdout).toContain("verified: 2115 blocks");
    expect(sha256OfFile(first)).toBe(sha256(content));
    const after = new Uint8Array(before);
    const gathered = ranges.map(([lba, blocks]) =>
      content.subarray(lba * 512, (lba + blocks) * 512),
    );
    after.set(Buffer.concat(gathered), 100 * 512);
    expect(sha256OfFile(second)).toBe(sha256(after));
  });

  it("of a disk that has no copy command goes through the host where that is allowed", async () => {
    const line = ["copy", "ata-model:a.img?preset=qemu-7.2", words, "--to", "16384", "--verify"];
    const refused = await run(line, { cwd });
    expect(refused).toMatchObject({ status: 9, stdout: "" });
    expect(sha256OfFile(first)).toBe(sha256(content));
    expect(await run([...line, "--emulate"], { cwd })).toMatchObject({ status: 0, stderr: "" });
    expect(sha256OfFile(first)).toBe(sha256(copied(content, ranges, 16384)));
  });

  it("of a write-protected unit is refused with the device's own words", async () => {
    const line = ["copy", "scsi-model:a.img", words, "--to", "16384", "--readonly"];
    const ended = await run(line, { cwd });
    // sg3_utils(8): 7 is DATA PROTECT.
    expect(ended.status).toBe(7);
    expect(sha256OfFile(first)).toBe(sha256(content));
  });
});
