// Goal: the documented lines work as written, started as a process, and the blocks are where they must be.
// Method: the image after each line is compared with one on which the copy was done by slicing.
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../tests/support/temporary-folder.ts";
import { copyLine } from "../src/schema/index.ts";
import { strategyNames } from "../src/strategy-names.ts";
import { documentOf } from "./support/document.ts";
import { copied, makeImage, sha256, sha256OfFile } from "./support/image.ts";
import { run } from "./support/run.ts";

const MiB = 2 ** 20;
const cwd = temporaryFolder();
const image = join(cwd, "disk.img");
let content: Uint8Array;
beforeEach(() => {
  content = makeImage(image, 48 * MiB);
});

function expectImage(ranges: readonly (readonly [number, number])[], destination: number): void {
  expect(sha256OfFile(image)).toBe(sha256(copied(content, ranges, destination)));
}

describe("blockferry copy", () => {
  it("copies two ranges within limits, verifies, and tells it as a document", async () => {
    const uri = "nvme-model:disk.img?mssrl=128&mcl=512&msrc=15";
    const words = ["copy", uri, "0+2048,8192+64", "--to", "65536", "--verify", "-o", "json"];
    const ended = await run(words, { cwd });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    const document = documentOf("blockferry.copy", ended.stdout);
    expect(document).toMatchObject({
      status: "success",
      blocks: 2112,
      copiedBlocks: 2112,
      offloadedBlocks: 2112,
      emulatedBlocks: 0,
      bytesThroughHost: 0,
      verification: { verdict: "verified", comparedBlocks: 2112, guards: "unchanged" },
    });
    // MCL 512 makes four commands of four ranges of MSSRL 128 each, and one of 64 blocks.
    expect(document.commands.map(({ blocks, ranges }) => [blocks, ranges])).toEqual([
      [512, 4],
      [512, 4],
      [512, 4],
      [512, 4],
      [64, 1],
    ]);
    expect(document.ranges).toMatchObject([
      {
        range: 0,
        source: 0,
        destination: 65536,
        blocks: 2048,
        means: "offload",
        commands: [0, 1, 2, 3],
      },
      { range: 1, source: 8192, destination: 67584, blocks: 64, means: "offload", commands: [4] },
    ]);
    expectImage(
      [
        [0, 2048],
        [8192, 64],
      ],
      65536,
    );
  });

  it("takes extents from a file and a size for the place, with progress on standard error", async () => {
    const lines = ["# a comment", "0+64", "4096,8 # and another", "", "100-107"];
    writeFileSync(join(cwd, "extents.txt"), `${lines.join("\n")}\n`);
    truncateSync(image, 1025 * MiB);
    const words = ["copy", "nvme-model:disk.img", "@extents.txt", "--to", "1GiB", "-p"];
    const ended = await run(words, { cwd });
    expect(ended.status).toBe(0);
    expect(ended.stdout).toMatch(
      /^copied 80 blocks \(40 KiB\) to 2097152: 40 KiB by the device \(0 B through the host\)/,
    );
    expect(ended.stderr).toMatch(/^100 % of 40 KiB: offloaded 40 KiB, emulated 0 B/);
    const gathered = [
      content.subarray(0, 64 * 512),
      content.subarray(4096 * 512, 4104 * 512),
      content.subarray(100 * 512, 108 * 512),
    ];
    const fd = openSync(image, "r");
    const found = new Uint8Array(80 * 512);
    readSync(fd, found, 0, found.length, 1024 * MiB);
    closeSync(fd);
    expect(sha256(found)).toBe(sha256(Buffer.concat(gathered)));
  });

  it("reads ranges from standard input", async () => {
    const words = ["copy", "nvme-model:disk.img", "@-", "--to", "65536"];
    expect(await run(words, { cwd, input: "7+1\n9+2" })).toMatchObject({ status: 0 });
    expectImage(
      [
        [7, 1],
        [9, 2],
      ],
      65536,
    );
  });

  it.each([...strategyNames, "payload-token:split=boundary", "source-list:bio=per-range"])(
    "copies by strategy %s",
    async (strategy) => {
      const words = ["copy", "nvme-model:disk.img", "5+3000,10+7", "--to", "65536"];
      const ended = await run([...words, "--strategy", strategy, "--verify", "-o", "json"], {
        cwd,
      });
      expect(ended.status).toBe(0);
      expect(documentOf("blockferry.copy", ended.stdout)).toMatchObject({
        strategy: strategy.split(":")[0],
        copiedBlocks: 3007,
      });
      expectImage(
        [
          [5, 3000],
          [10, 7],
        ],
        65536,
      );
    },
  );

  it("copies through the host only with --emulate, and says so", async () => {
    const words = ["copy", "nvme-model:disk.img?copy=off", "0+100", "--to", "65536", "-o", "json"];
    const refused = await run(words, { cwd });
    expect(refused.status).toBe(9);
    expect(documentOf("blockferry.error", refused.stdout)).toMatchObject({
      code: "FERRY_COPY_UNSUPPORTED",
      exitStatus: 9,
      hint: expect.stringContaining("--emulate"),
    });
    expect(sha256OfFile(image)).toBe(sha256(content));
    const ended = await run([...words, "--emulate", "--verify"], { cwd });
    expect(ended.status).toBe(0);
    expect(documentOf("blockferry.copy", ended.stdout)).toMatchObject({
      offloadedBlocks: 0,
      emulatedBlocks: 100,
      bytesThroughHost: 51200,
      verification: { verdict: "verified" },
      ranges: [{ means: "emulated" }],
    });
    expectImage([[0, 100]], 65536);
  });

  it("only plans with -n", async () => {
    const words = ["copy", "nvme-model:disk.img?mssrl=64", "0+100", "--to", "65536", "-n"];
    expect(await run(words, { cwd })).toMatchObject({
      status: 0,
      stdout:
        "would copy 100 blocks (50 KiB) to 65536: 100 by the device in 1 command, 0 that no command carries; nothing was sent\n",
    });
    const ended = await run([...words, "-o", "json"], { cwd });
    expect(documentOf("blockferry.plan", ended.stdout).commands).toMatchObject([
      {
        ranges: [
          { source: 0, blocks: 64 },
          { source: 64, blocks: 36 },
        ],
      },
    ]);
    expect(sha256OfFile(image)).toBe(sha256(content));
  });

  it("copies on layers above the device", async () => {
    const linear = ["--stack", "linear:0+1000,5000+1000"];
    const words = ["copy", "nvme-model:disk.img", "0+64", "--to", "990", "--verify", "-o", "json"];
    const ended = await run([...words, ...linear], { cwd });
    expect(ended.status).toBe(0);
    expect(documentOf("blockferry.copy", ended.stdout)).toMatchObject({
      device: { stack: [linear[1]], capacityBlocks: 2000 },
      commands: [
        { destination: 990, blocks: 10 },
        { destination: 5000, blocks: 54 },
      ],
      verification: { verdict: "verified" },
    });
    const once = copied(content, [[0, 10]], 990);
    expect(sha256OfFile(image)).toBe(sha256(copied(once, [[10, 54]], 5000)));
  });

  it("copies on a partition of stripes", async () => {
    const stack = ["--stack", "striped:128,0+10000,20000+10000", "--stack", "partition:128+1000"];
    const words = ["copy", "nvme-model:disk.img", "0+128", "--to", "256", "--verify", ...stack];
    expect(await run(words, { cwd })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("verified: 128 blocks"),
    });
    // Block 128 of the stripes is block 20000, block 384 is 20128: second stripe of either row.
    expectImage([[20000, 128]], 20128);
  });

  it("copies between namespaces where a layer joins them", async () => {
    const other = makeImage(join(cwd, "other.img"), MiB);
    const words = ["copy", "nvme-model:disk.img?ns2=other.img", "0+16", "--to", "1024"];
    const stack = ["--stack", "linear:ns1@0+1024,ns2@0+1024"];
    const ended = await run([...words, ...stack, "--verify"], { cwd });
    expect(ended).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("verified: 16 blocks"),
    });
    const after = other.slice();
    after.set(content.subarray(0, 16 * 512));
    expect(sha256OfFile(join(cwd, "other.img"))).toBe(sha256(after));
  });

  it("keeps a device in memory, and one of 4096-byte blocks", async () => {
    const words = ["copy", "nvme-model:?size=1GiB&bs=4096", "0+8", "--to", "512MiB", "--verify"];
    expect(await run(words, { cwd })).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^copied 8 blocks \(32 KiB\) to 131072: /),
    });
  });

  it("makes an image that is not there where create= allows it", async () => {
    const words = ["copy", "nvme-model:new.img?create=1MiB", "0+8", "--to", "64"];
    expect(await run(words, { cwd })).toMatchObject({ status: 0 });
    expect(readFileSync(join(cwd, "new.img"))).toHaveLength(MiB);
  });

  it("tells each range and command as JSON lines", async () => {
    const words = ["copy", "nvme-model:disk.img", "0+8,9+1", "--to", "4096", "-o", "jsonl"];
    const ended = await run(words, { cwd });
    const lines = ended.stdout
      .trimEnd()
      .split("\n")
      .map((line) => copyLine.parse(JSON.parse(line)));
    expect(lines.map(({ type }) => type)).toEqual(["command", "range", "range", "copy"]);
  });

  it("writes a trace that names the device's own means", async () => {
    const words = ["copy", "nvme-model:disk.img", "0+8", "--to", "4096", "--trace", "trace.jsonl"];
    expect(await run(words, { cwd })).toMatchObject({ status: 0 });
    const lines = readFileSync(join(cwd, "trace.jsonl"), "utf8").trimEnd().split("\n");
    const [head, ...events] = lines.map((line) => JSON.parse(line));
    expect(head).toEqual({ schema: { name: "blockferry.trace", version: 1 } });
    const kinds = events.map(({ kind }) => kind);
    for (const kind of [
      "copyStart",
      "bioSubmit",
      "commandIssue",
      "storeCopy",
      "commandComplete",
      "copyEnd",
    ]) {
      expect(kinds).toContain(kind);
    }
  });
});

describe("blockferry info", () => {
  it("tells limits in the device's own names and as queue limits", async () => {
    const uri = "nvme-model:disk.img?mssrl=128&mcl=512&msrc=15";
    const document = documentOf(
      "blockferry.info",
      (await run(["info", uri, "-o", "json"], { cwd })).stdout,
    );
    expect(document).toMatchObject({
      family: "nvme",
      device: { bytesPerBlock: 512, capacityBlocks: 98304 },
      limits: {
        copyShape: "many-to-one",
        copyBlocksMax: 512,
        copyRangesMax: 16,
        copyRangeBlocksMax: 128,
      },
      store: { kind: "file", path: "disk.img" },
    });
    const namespace = document.native.find((part) => part.structure === "nvme-identify-namespace");
    expect(namespace).toMatchObject({
      namespace: 1,
      fields: { nsze: 98304, mssrl: 128, mcl: 512 },
    });
    expect((await run(["info", uri], { cwd })).stdout).toMatch(/copyRangeBlocksMax +128 +64 KiB/);
  });
});

describe("blockferry plan", () => {
  const words = ["plan", "nvme-model:disk.img?mssrl=2048", "0+2048", "--to", "65536"];

  it("prints the exact bytes of command and list", async () => {
    const { stdout } = await run([...words, "-o", "hex"], { cwd });
    const bytes = stdout
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .join(" ");
    const [sqe, list] = [bytes.slice(0, 64 * 3 - 1), bytes.slice(64 * 3).trim()];
    // NVM Command Set 1.2: OPC 19h, NSID 1, SDLBA 10000h at byte 40, NR 0 (0's based) and format 0 in CDW12.
    expect(sqe.slice(0, 2)).toBe("19");
    expect(sqe.slice(4 * 3, 8 * 3 - 1)).toBe("01 00 00 00");
    expect(sqe.slice(40 * 3, 52 * 3 - 1)).toBe("00 00 01 00 00 00 00 00 00 00 00 00");
    // One entry of format 0: SLBA 0 at byte 8, NLB 7FFh (0's based) at byte 16.
    expect(list).toBe(`${"00 ".repeat(16)}ff 07${" 00".repeat(14)}`);
  });

  it("prints the same plan as a line of nvme-cli, whose --blocks are 0's based", async () => {
    expect(await run([...words, "--as", "nvme-cli"], { cwd })).toMatchObject({
      status: 0,
      stdout: "nvme copy /dev/nvme0n1 --sdlba=65536 --slbs=0 --blocks=2047 --format=0\n",
    });
  });

  it("is a document too, and for people", async () => {
    const document = documentOf(
      "blockferry.plan",
      (await run([...words, "-o", "json"], { cwd })).stdout,
    );
    expect(document.commands).toHaveLength(1);
    expect(document.commands[0]).toMatchObject({ destination: 65536, blocks: 2048 });
    expect(document.commands[0].command).toHaveLength(128);
    const { stdout } = await run(words, { cwd });
    expect(stdout).toBe("command 0 to ns1: 2048 blocks to 65536, 1 range: 0+2048\n");
  });

  it("sends nothing", async () => {
    await run(words, { cwd });
    expect(sha256OfFile(image)).toBe(sha256(content));
  });
});

describe("blockferry decode", () => {
  it("explains what plan printed", async () => {
    const planned = await run(["plan", "nvme-model:disk.img", "5+8", "--to", "64", "-o", "hex"], {
      cwd,
    });
    const [command, list] = planned.stdout.split("# command 0: its list of source ranges\n");
    const sqe = await run(["decode", "nvme-sqe", "-", "-o", "json"], { input: command });
    const fields = Object.fromEntries(
      documentOf("blockferry.decode", sqe.stdout).fields.map(({ field, value }) => [field, value]),
    );
    expect(fields).toMatchObject({ nsid: 1, sdlba: 64, nr: 1, desfmt: 0 });
    writeFileSync(join(cwd, "list.hex"), list);
    const ranges = await run(["decode", "nvme-ranges", "@list.hex"], { cwd });
    expect(ranges).toMatchObject({ status: 0, stderr: "" });
    expect(ranges.stdout).toMatch(/\[0\]\.slba +5 /);
    expect(ranges.stdout).toMatch(/\[0\]\.nlb +8 /);
  });

  it("names the rule that bytes break", async () => {
    // FUSE (bits 1:0 of byte 1) may be anything; bits 5:2 are reserved (NVM Express Base 2.2, figure 92).
    const sqe = `193c${"00".repeat(62)}`;
    const ended = await run(["decode", "nvme-copy", sqe, "-o", "json"]);
    expect(ended.status).toBe(97);
    expect(ended.stderr).toContain("FERRY_DECODE_RULE");
    const document = documentOf("blockferry.decode", ended.stdout);
    expect(document).toMatchObject({
      isValid: false,
      violated: expect.stringContaining("reserved"),
    });
    expect(document.fields.filter(({ violated }) => violated !== undefined)).toMatchObject([
      { at: "cdw0[13:10]" },
    ]);
  });

  it("knows every table of the package", async () => {
    const { stdout } = await run(["decode"]);
    for (const name of [
      "nvme-sqe",
      "nvme-ranges",
      "nvme-cqe",
      "nvme-identify-namespace",
      "nvme-identify-controller",
    ]) {
      expect(stdout).toContain(`\n${name} `.trimStart());
    }
  });
});

describe("blockferry list-strategies and completion", () => {
  it("lists strategies", async () => {
    const { status, stdout } = await run(["list-strategies", "-o", "json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).strategies.map(({ name }: { name: string }) => name)).toEqual([
      "source-list",
      "list-token",
      "list-context",
      "plug-pair",
      "payload-token",
      "translate-first",
      "copy-in-out",
      "two-ended-descent",
    ]);
  });

  it("lists their options with values and defaults", async () => {
    const { stdout } = await run(["list-strategies"]);
    expect(stdout).toMatch(/^plug-pair:match +\[owner\] size /m);
    expect(stdout).toMatch(/^list-token:ids +a number, default 2 /m);
  });

  it.each(["bash", "zsh", "fish", "powershell"])("writes a script for %s", async (shell) => {
    const ended = await run(["completion", shell]);
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining("blockferry") });
  });

  it("completes commands, options and names of strategies", async () => {
    expect((await run(["complete", "--", "co"])).stdout).toContain("copy");
    expect((await run(["complete", "--", "copy", "--ver"])).stdout).toContain("--verify");
    expect((await run(["complete", "--", "copy", "--strategy", ""])).stdout).toContain(
      "list-token",
    );
  });
});

describe("blockferry demo", () => {
  it("copies by each strategy, verifies, and leaves nothing behind", async () => {
    const ended = await run(["demo"], { env: { TMPDIR: cwd } });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).toMatch(/^source-list .* 0 B .* yes$/m);
    expect(ended.stdout).toMatch(/^list-token .* 0 B .* yes$/m);
    expect(ended.stdout).toMatch(/^plug-pair .* 0 B .* yes$/m);
    expect(ended.stdout).toMatch(/^two-ended-descent .* 0 B .* yes$/m);
    expect(readdirSync(cwd).filter((name) => name.startsWith("blockferry-demo"))).toEqual([]);
  });
});
