// Goal: whatever interrupts a run, what it says it did is what it did, and the same line again completes it.
// Method: real processes, real signals, pipes that close, two processes on one image.
import { spawn, spawnSync } from "node:child_process";
import {
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import type { CopyDocument } from "../src/schema/index.ts";
import { documentOf } from "./support/document.ts";
import { makeImage } from "./support/image.ts";
import { run } from "./support/run.ts";

const MiB = 2 ** 20;
const cwd = temporaryFolder();

/** Very many commands of one block each, one at a time: a copy that takes a while. */
const slow = "mssrl=1&mcl=1&msrc=0&depth=1";
const BLOCKS = 65_536;
const range = `0+${BLOCKS}`;
const place = String(2 * BLOCKS);

/** The line that copies slowly inside an image; its trace tells when it is under way. */
function slowLine(image: string): string[] {
  const uri = `nvme-model:${image}?${slow}`;
  return ["copy", uri, range, "--to", place, "--trace", `${image}.trace`, "-o", "json"];
}

/** Acts as soon as commands of the copy have been traced. */
function whenUnderWay(image: string, act: () => void): void {
  const trace = join(cwd, `${image}.trace`);
  const timer = setInterval(() => {
    const size = statSync(trace, { throwIfNoEntry: false })?.size ?? 0;
    if (size < 1000) return;
    clearInterval(timer);
    act();
  }, 5);
}

function makeSlowImage(name: string): Uint8Array {
  const content = makeImage(join(cwd, name), 16 * MiB);
  truncateSync(join(cwd, name), 122 * MiB);
  return content;
}

/** Blocks of the image that the document says were copied, compared with their sources. */
function countWrong(path: string, document: CopyDocument): number {
  const bytes = readFileSync(path);
  const block = (lba: number) => bytes.subarray(lba * 512, (lba + 1) * 512);
  let wrong = 0;
  for (const { status, source, destination, blocks } of document.ranges) {
    if (status !== "success") continue;
    for (let i = 0; i < blocks; i++) {
      if (Buffer.compare(block(source + i), block(destination + i)) !== 0) wrong++;
    }
  }
  return wrong;
}

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s in the middle of a copy", (signal, status) => {
  it("ends it, says exactly what was copied; the same line again completes it", async () => {
    const image = `${signal}.img`;
    makeSlowImage(image);
    const ended = await run(slowLine(image), {
      cwd,
      onStart: (child) => whenUnderWay(image, () => child.kill(signal)),
    });
    expect(ended.status).toBe(status);
    expect(ended.stderr).toContain("the same line again completes the copy");
    const document = documentOf("blockferry.copy", ended.stdout);
    expect(document).toMatchObject({ status: "cancelled", exitStatus: status, signal });
    expect(document.copiedBlocks).toBeGreaterThan(0);
    expect(document.copiedBlocks).toBeLessThan(BLOCKS);
    expect(document.ranges.reduce((sum, one) => sum + one.blocks, 0)).toBe(BLOCKS);
    expect(countWrong(join(cwd, image), document)).toBe(0);
    const again = await run(slowLine(image), { cwd });
    expect(again.status).toBe(0);
    const whole = documentOf("blockferry.copy", again.stdout);
    expect(whole.copiedBlocks).toBe(BLOCKS);
    expect(countWrong(join(cwd, image), whole)).toBe(0);
  });
});

it("SIGUSR1 prints a line of progress and changes nothing", async () => {
  makeSlowImage("usr1.img");
  const ended = await run(slowLine("usr1.img"), {
    cwd,
    onStart: (child) => whenUnderWay("usr1.img", () => child.kill("SIGUSR1")),
  });
  expect(ended.status).toBe(0);
  expect(ended.stderr).toMatch(/^ *[0-9]+ % of 32 MiB: offloaded .*, emulated 0 B/m);
});

it("a second process on one image is refused, unless forced", async () => {
  makeSlowImage("locked.img");
  const words = [inject("blockferryMain"), ...slowLine("locked.img")];
  const child = spawn(process.execPath, words, { cwd, stdio: "ignore" });
  const closed = new Promise((resolve) => child.on("close", resolve));
  await new Promise<void>((resolve) => whenUnderWay("locked.img", resolve));
  // Held where it is: a copy that is under way for as long as the others take.
  child.kill("SIGSTOP");
  const second = ["copy", "nvme-model:locked.img", "0+8", "--to", "200000"];
  const refused = await run(second, { cwd });
  const looked = await run(["info", "nvme-model:locked.img"], { cwd });
  const forced = await run([...second, "--force"], { cwd });
  child.kill("SIGKILL");
  await closed;
  expect(refused.status).toBe(90);
  expect(refused.stderr).toContain("(FERRY_STORE_LOCKED)");
  expect(refused.stderr).toContain("--force");
  expect(looked.status).toBe(0);
  expect(forced.status).toBe(0);
  expect((await run(second, { cwd })).status).toBe(0);
});

describe("a reader that goes away", () => {
  it("ends the output quietly, with the exit status of the work", async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i}+1`);
    writeFileSync(join(cwd, "many.txt"), lines.join("\n"));
    const node = JSON.stringify(process.execPath);
    const main = JSON.stringify(inject("blockferryMain"));
    const line = `set -o pipefail; ${node} ${main} copy 'nvme-model:?size=1GiB' @many.txt --to 1000000 -o json | head -n 1`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", line], { cwd, encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "{\n", stderr: "" });
  });

  it("says so where the result cannot be written", () => {
    const full = openSync("/dev/full", "w");
    const words = [inject("blockferryMain"), "list-strategies"];
    const { status, stderr } = spawnSync(process.execPath, words, {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    expect(status).toBe(50 + 28); // ENOSPC
    expect(stderr).toContain("(FERRY_FILE_WRITE)");
  });
});

it("a demo that is interrupted leaves nothing behind", async () => {
  const ended = await run(["demo"], {
    cwd,
    env: { TMPDIR: cwd },
    onStart: (child) => setTimeout(() => child.kill("SIGINT"), 900),
  });
  expect([0, 130]).toContain(ended.status);
  expect(readdirSync(cwd).filter((name) => name.startsWith("blockferry-demo"))).toEqual([]);
});

it("an image that shrinks during the copy is noticed", async () => {
  makeSlowImage("shrinks.img");
  const ended = await run(slowLine("shrinks.img"), {
    cwd,
    onStart: () => whenUnderWay("shrinks.img", () => truncateSync(join(cwd, "shrinks.img"), MiB)),
  });
  expect(ended.status).not.toBe(0);
  expect(ended.stderr).toContain("(FERRY_STORE_SHRUNK)");
  expect(documentOf("blockferry.copy", ended.stdout).copiedBlocks).toBeLessThan(BLOCKS);
});
