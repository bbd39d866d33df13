import assert from "node:assert/strict";
import { digestOf, fill } from "../support/disk.ts";
import type { LabCase } from "../support/lab-case.ts";
import { type Range, rangeWords, referenceDigest } from "../support/reference.ts";

const ranges: Range[] = [
  [700, 60],
  [9, 33],
  [64, 8],
];
const to = 1001;

/** A disk without copy: said so, and nothing changes; with leave to go through the host a correct copy. */
export const honestRefusal = (name: string, diskName: string): LabCase => ({
  name: `${name}: refused; with --emulate a correct copy`,
  async run(bench) {
    const disk = bench.disk(diskName);
    fill(disk, 1, bench.scratch);
    const before = digestOf(disk);
    const words = ["copy", disk.uri, rangeWords(ranges), "--to", String(to)];
    const refused = await bench.cli(...words);
    assert.equal(refused.document?.code, "FERRY_COPY_UNSUPPORTED", refused.stderr);
    assert.equal(refused.exitStatus, 9);
    assert.equal(digestOf(disk), before);
    const done = await bench.cli(...words, "--emulate");
    assert.equal(done.exitStatus, 0, done.stderr);
    assert.equal(done.document?.offloadedBlocks, 0);
    assert.equal(done.document?.emulatedBlocks, 101);
    assert.equal(done.document?.bytesThroughHost, 101 * disk.bytesPerBlock);
    assert.equal(digestOf(disk), referenceDigest(disk, 1, bench.scratch, [{ ranges, to }]));
  },
});
