// Goal: each kind of bad input gets a clear error with a stable code and exit status, and nothing is written.
// Method: in this process, from the sources; one line of each group as a process of its own elsewhere. Exit statuses are those of sg3_utils(8); 50 + errno as errno-base.h numbers them.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { onMounted } from "../../../tests/support/on-mounted.ts";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { documentOf } from "./support/document.ts";
import { makeImage, sha256, sha256OfFile } from "./support/image.ts";
import { runHere } from "./support/in-process.ts";
import { run } from "./support/run.ts";

const MiB = 2 ** 20;
const cwd = temporaryFolder();
const image = join(cwd, "disk.img");
let content: Uint8Array;
beforeEach(() => {
  content = makeImage(image, 4 * MiB);
});
const device = `nvme-model:${image}`;

describe("refused before anything is sent", () => {
  it.each<[title: string, words: string[], code: string, status: number]>([
    ["zero blocks", ["copy", device, "0+0", "--to", "64"], "FERRY_RANGE_EMPTY", 1],
    ["no ranges", ["copy", device, "--to", "64"], "FERRY_OPTION_MISSING", 1],
    ["garbage for a range", ["copy", device, "zero", "--to", "64"], "FERRY_RANGE_SYNTAX", 1],
    ["a sum", ["copy", device, "0+8", "--to", "3+1k"], "FERRY_SIZE_SYNTAX", 1],
    ["a part of a block", ["copy", device, "0+8", "--to", "100c"], "FERRY_SIZE_ALIGNMENT", 1],
    [
      "a source past the end",
      ["copy", device, "8190+8", "--to", "64"],
      "FERRY_COPY_OUT_OF_RANGE",
      22,
    ],
    [
      "a destination past the end",
      ["copy", device, "0+8", "--to", "8190"],
      "FERRY_COPY_OUT_OF_RANGE",
      22,
    ],
    [
      "an address above 2^53-1",
      ["copy", device, "9007199254740992+8", "--to", "64"],
      "FERRY_RANGE_ADDRESS",
      1,
    ],
    [
      "a destination above 2^53-1",
      ["copy", device, "0+8", "--to", "9007199254740993"],
      "FERRY_RANGE_ADDRESS",
      1,
    ],
    ["overlap", ["copy", device, "0+64", "--to", "63"], "FERRY_COPY_OVERLAP", 5],
    ["limit 0", ["copy", `${device}?mssrl=0`, "0+8", "--to", "64"], "FERRY_URI_PARAMETER", 1],
    [
      "an absurd limit",
      ["copy", `${device}?mcl=99999999999`, "0+8", "--to", "64"],
      "FERRY_URI_PARAMETER",
      1,
    ],
    [
      "an unknown parameter",
      ["copy", `${device}?msrl=8`, "0+8", "--to", "64"],
      "FERRY_URI_PARAMETER",
      1,
    ],
    [
      "an unknown scheme",
      ["copy", `nvme-modle:${image}`, "0+8", "--to", "64"],
      "FERRY_URI_SCHEME",
      1,
    ],
    ["no scheme", ["copy", "disk.img", "0+8", "--to", "64"], "FERRY_URI_SYNTAX", 1],
    [
      "an unknown strategy",
      ["copy", device, "0+8", "--to", "64", "--strategy", "list-tokn"],
      "FERRY_STRATEGY_UNKNOWN",
      1,
    ],
    [
      "an unknown option of a strategy",
      ["copy", device, "0+8", "--to", "64", "--strategy", "list-token:fast"],
      "FERRY_STRATEGY_OPTION",
      1,
    ],
    [
      "an unknown option",
      ["copy", device, "0+8", "--to", "64", "--verfy"],
      "FERRY_OPTION_UNKNOWN",
      1,
    ],
    ["an unknown command", ["cpoy", device, "0+8", "--to", "64"], "FERRY_OPTION_COMMAND", 1],
    [
      "an unknown output",
      ["copy", device, "0+8", "--to", "64", "-o", "xml"],
      "FERRY_OPTION_VALUE",
      1,
    ],
    [
      "a timeout of 0",
      ["copy", device, "0+8", "--to", "64", "--timeout", "0"],
      "FERRY_OPTION_VALUE",
      1,
    ],
    ["no destination", ["copy", device, "0+8"], "FERRY_OPTION_MISSING", 1],
    [
      "two outputs",
      ["plan", device, "0+8", "--to", "64", "-o", "hex", "--as", "nvme-cli"],
      "FERRY_OPTION_CONTRADICTION",
      31,
    ],
    [
      "an unknown layer",
      ["copy", device, "0+8", "--to", "64", "--stack", "stripped:8,0+9"],
      "FERRY_STACK_SYNTAX",
      1,
    ],
    [
      "a layer past the end",
      ["copy", device, "0+8", "--to", "64", "--stack", "partition:0+8193"],
      "FERRY_STACK_RANGE",
      1,
    ],
    [
      "a layer on what is not there",
      ["copy", device, "0+8", "--to", "64", "--stack", "partition:ns2@0+8"],
      "FERRY_STACK_DEVICE",
      1,
    ],
    [
      "a missing image",
      ["copy", `nvme-model:${cwd}/missing.img`, "0+8", "--to", "64"],
      "FERRY_STORE_MISSING",
      52,
    ],
    [
      "a directory",
      ["copy", `nvme-model:${cwd}`, "0+8", "--to", "64"],
      "FERRY_STORE_NOT_A_FILE",
      71,
    ],
    [
      "a missing range file",
      ["copy", device, `@${cwd}/missing.txt`, "--to", "64"],
      "FERRY_FILE_READ",
      52,
    ],
    [
      "a trace that cannot be written",
      ["copy", device, "0+8", "--to", "64", "--trace", `${cwd}/no/such/folder`],
      "FERRY_FILE_WRITE",
      52,
    ],
    ["an unknown structure", ["decode", "nvme-rnges", "00"], "FERRY_DECODE_UNKNOWN", 1],
    ["no hexadecimal", ["decode", "nvme-sqe", "zz"], "FERRY_DECODE_HEX", 1],
    ["half a byte", ["decode", "nvme-sqe", "123"], "FERRY_DECODE_HEX", 1],
  ])("%s", async (_, words, code, status) => {
    const before = readdirSync(cwd);
    const ended = await runHere(words);
    expect(ended).toMatchObject({ status, stdout: "" });
    expect(ended.stderr).toMatch(new RegExp(`^blockferry: .* \\(${code}\\)$`, "m"));
    expect(readdirSync(cwd)).toEqual(before);
    expect(sha256OfFile(image)).toBe(sha256(content));
  });

  it.each([
    [["copy", device, "0+8", "--to", "64", "--verfy"], "--verify"],
    [["copy", device, "0+8", "--to", "64", "--strategy", "list-tokn"], "list-token"],
    [["copy", `${device}?msrl=8`, "0+8", "--to", "64"], "mssrl"],
    [["cpoy", device], "copy"],
    [["decode", "nvme-rnges", "00"], "nvme-ranges"],
  ])("%j gets the nearest known name", async (words, meant) => {
    const { stderr } = await runHere(words);
    expect(stderr).toContain(`hint: did you mean ${meant}?`);
  });

  it("garbage in line 70,000 of a range file, by its line", async () => {
    const lines = Array.from({ length: 80_000 }, (_, i) => `${i % 1000}+1`);
    lines[69_999] = "12+x4";
    writeFileSync(join(cwd, "ranges.txt"), lines.join("\n"));
    const words = [
      "copy",
      "nvme-model:?size=1GiB",
      `@${cwd}/ranges.txt`,
      "--to",
      "4096",
      "-o",
      "json",
    ];
    const ended = await runHere(words);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain("ranges.txt:70000: ");
    expect(documentOf("blockferry.error", ended.stdout)).toMatchObject({
      code: "FERRY_SIZE_SYNTAX",
      details: { file: `${cwd}/ranges.txt`, line: 70_000 },
    });
  });

  it("makes no image when the ranges are bad", async () => {
    const words = ["copy", `nvme-model:${cwd}/new.img?create=1MiB`, "0+0", "--to", "64"];
    const before = readdirSync(cwd);
    expect(await runHere(words)).toMatchObject({ status: 1 });
    expect(readdirSync(cwd)).toEqual(before);
  });

  it("an image that is no whole number of blocks", async () => {
    truncateSync(image, 4 * MiB - 100);
    const ended = await runHere(["copy", device, "0+8", "--to", "64"]);
    expect(ended).toMatchObject({ status: 15, stdout: "" });
    expect(ended.stderr).toContain("(FERRY_STORE_NOT_WHOLE_BLOCKS)");
  });

  it("a circle of links", async () => {
    symlinkSync("b.img", join(cwd, "a.img"));
    symlinkSync("a.img", join(cwd, "b.img"));
    const ended = await runHere(["copy", `nvme-model:${cwd}/a.img`, "0+8", "--to", "64"]);
    expect(ended.status).toBe(50 + 40); // ELOOP
    expect(ended.stderr).toMatch(/\(FERRY_STORE_[A-Z_]+\)/);
  });
});

describe("refused by the device, and told as it said it", () => {
  it.each<[fault: string, status: number, core: string, code: number]>([
    ["unrecovered-read,at=1000", 3, "unrecoveredRead", 0x281],
    ["write-fault,at=5000", 3, "writeFault", 0x280],
    ["status,sct=1,sc=0x83,dnr=true,times=99", 5, "limitExceeded", 0x183],
    ["status,sct=0,sc=1,dnr=true,times=99", 9, "unsupported", 0x001],
    ["status,sct=1,sc=0x86,dnr=true,times=99", 10, "notFast", 0x186],
  ])("%s ends with exit status %i", async (fault, status, core, code) => {
    const uri = `${device}?mssrl=128&mcl=128&msrc=0&fault=${fault}`;
    const words = ["copy", uri, "0+2048", "--to", "4096", "-o", "json"];
    const ended = await runHere(words);
    expect(ended.status).toBe(status);
    const document = documentOf("blockferry.copy", ended.stdout);
    expect(document).toMatchObject({ status: core, exitStatus: status });
    const refused = document.ranges.filter((range) => range.status !== "success");
    expect(refused[0].deviceStatus).toMatchObject({ family: "nvme", code });
    // What is said to be copied is copied, all the rest is said not to be.
    const told = document.ranges.reduce((sum, range) => sum + range.blocks, 0);
    expect(told).toBe(2048);
  });

  it("a write to an image opened for reading", async () => {
    const ended = await runHere(["copy", device, "0+8", "--to", "64", "--readonly"]);
    expect(ended.status).toBe(7);
    expect(sha256OfFile(image)).toBe(sha256(content));
  });

  it("busy is tried again, as often as allowed", async () => {
    const words = ["copy", `${device}?fault=busy,times=3`, "0+8", "--to", "64"];
    expect((await runHere([...words, "--retries", "5"])).status).toBe(0);
    expect((await runHere([...words, "--retries", "1"])).status).not.toBe(0);
  });

  it("a command that is never answered ends by its timeout", async () => {
    const words = ["copy", `${device}?fault=lost-completion`, "0+8", "--to", "64"];
    const ended = await runHere([...words, "--timeout", "0.2", "--retries", "0", "-o", "json"]);
    expect([6, 11, 33]).toContain(ended.status);
    expect(documentOf("blockferry.copy", ended.stdout).copiedBlocks).toBe(0);
  });
});

for (const fs of ["tmpfs"] as const) {
  onMounted({ fs, bytes: 8 * MiB }, (folder) => {
    it("an image that may not be written is refused, and kept", async () => {
      const path = join(folder, "kept.img");
      const kept = makeImage(path, MiB);
      expect(spawnSync("mount", ["-o", "remount,ro", folder]).status).toBe(0);
      const ended = await runHere(["copy", `nvme-model:${path}`, "0+8", "--to", "64"]);
      spawnSync("mount", ["-o", "remount,rw", folder]);
      expect(ended.status).toBe(50 + 30); // EROFS
      expect(ended.stderr).toContain("(FERRY_STORE_PERMISSION)");
      expect(sha256OfFile(path)).toBe(sha256(kept));
      rmSync(path);
    });

    it("a full disk ends with 50 + ENOSPC and says what was copied", async () => {
      const path = join(folder, "full.img");
      makeImage(path, 4 * MiB);
      truncateSync(path, 64 * MiB);
      const uri = `nvme-model:${path}?mssrl=128&mcl=128&msrc=0`;
      // 4 MiB of data, copied again and again, do not fit into 8 MiB.
      const ranges = Array.from({ length: 8 }, () => "0+8192").join(",");
      const words = ["copy", uri, ranges, "--to", "16384", "--verify", "-o", "json"];
      const ended = await run(words);
      expect(ended.status).toBe(50 + 28);
      expect(ended.stderr).toContain("FERRY_STORE_FULL");
      const document = documentOf("blockferry.copy", ended.stdout);
      expect(document).toMatchObject({ exitStatus: 78, verification: { verdict: "verified" } });
      expect(document.copiedBlocks).toBeGreaterThan(0);
      expect(document.copiedBlocks).toBeLessThan(document.blocks);
    });
  });
}
