// Goal: a trace file is what its name or --trace-format says. Method: whole lines, on an emulated device in memory.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traceFormatOf } from "../src/output/trace-format.ts";
import { runHere } from "./support/in-process.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "blockferry-trace-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const uri = "nvme-model:?size=16MiB&ns2=memory:16MiB&bs=4096";
const striped = ["--stack", "striped:64,ns1,ns2", "--strategy", "list-token"];

async function traced(file: string, ...words: string[]): Promise<string> {
  const path = join(folder, file);
  const line = ["copy", uri, "0+100,500+20", "--to", "2048", ...striped, "--trace", path, ...words];
  expect(await runHere(line)).toMatchObject({ status: 0, stderr: "" });
  return readFileSync(path, "utf8");
}

const isJsonLines = (text: string): boolean =>
  text.startsWith('{"schema":{"name":"blockferry.trace"');
const isChrome = (text: string): boolean => text.startsWith('{"displayTimeUnit"');
const isBlkparse = (text: string): boolean =>
  text.startsWith("  0,0    0        0     0.000000000");

describe("the format of a trace", () => {
  it.each([
    ["run.json", "chrome"],
    ["RUN.JSON", "chrome"],
    ["a.b/run.txt", "blkparse"],
    ["run.jsonl", "jsonl"],
    ["run.ndjson", "jsonl"],
    ["disk.img.trace", "jsonl"],
    ["a.json/run", "jsonl"],
    [".json", "jsonl"],
  ] as const)("of %s is %s", (path, format) => {
    expect(traceFormatOf(path)).toBe(format);
  });

  it("is told by --trace-format in spite of the name", async () => {
    expect(isJsonLines(await traced("a.json", "--trace-format", "jsonl"))).toBe(true);
    expect(isChrome(await traced("a.jsonl", "--trace-format", "chrome"))).toBe(true);
    expect(isBlkparse(await traced("a.log", "--trace-format", "blkparse"))).toBe(true);
  });

  it("needs a file", async () => {
    const words = ["copy", uri, "0+8", "--to", "64", "--trace-format", "chrome"];
    const ended = await runHere(words);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain("FERRY_OPTION_MISSING");
    const wrong = await runHere([...words.slice(0, -1), "perfetto"]);
    expect(wrong.stderr).toContain("FERRY_OPTION_VALUE");
  });
});

describe("a timeline", () => {
  it("is one JSON document, of the stack by its names", async () => {
    const { traceEvents } = JSON.parse(await traced("run.json"));
    const named = (name: string) =>
      traceEvents
        .filter((event: { name: string }) => event.name === name)
        .map(({ args }: { args: { name: string } }) => args.name);
    expect(named("process_name")).toEqual([
      "submitters",
      expect.stringMatching(/^striped.* \(device 0\)$/),
      expect.stringMatching(/\(device 1\)$/),
      expect.stringMatching(/\(device 2\)$/),
      "stores",
    ]);
    const count = (phase: string) =>
      traceEvents.filter(({ ph }: { ph: string }) => ph === phase).length;
    // Two sources and a destination over stripes, each split once: six bios on two devices each, six arrows.
    expect([count("b"), count("e"), count("s"), count("f")]).toEqual([18, 18, 6, 6]);
    expect(traceEvents.filter(({ args }: { args?: { unended?: true } }) => args?.unended)).toEqual(
      [],
    );
  });

  it("is whole where nothing was copied", async () => {
    const path = join(folder, "none.json");
    const words = ["copy", "nvme-model:no-such.img", "0+8", "--to", "64", "--trace", path];
    expect((await runHere(words)).status).not.toBe(0);
    expect(JSON.parse(readFileSync(path, "utf8")).traceEvents).toEqual([]);
  });
});

describe("text like blkparse's", () => {
  it("counts sectors of the device's blocks", async () => {
    const text = await traced("run.txt");
    expect(isBlkparse(text)).toBe(true);
    const lines = text.split("\n");
    const shown = (action: string) =>
      lines.flatMap((line) => {
        const [device, , , , , letter, ...rest] = line.trim().split(/ +/);
        return letter === action ? [`${device} ${rest.join(" ")}`] : [];
      });
    // Blocks of 4096 bytes are 8 sectors. 2048+120 is 1024+64 of ns1 and 1024+56 of ns2.
    expect(shown("D").sort()).toEqual(["0,1 C 8192 + 512 [copy 0]", "0,2 C 8192 + 448 [copy 0]"]);
  });
});
