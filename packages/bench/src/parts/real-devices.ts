import { spawnSync } from "node:child_process";
import { copy } from "@blockferry/block";
import { sourceList } from "@blockferry/strategy-source-list";
import { openDevice } from "blockferry";
import { interleave } from "../measure/rounds.ts";
import { type Row, row } from "../report/document.ts";
import type { Part, PartContext } from "./part.ts";

const MiB = 2 ** 20;
const BYTES_PER_BLOCK = 512;
/** Blocks of a source range: as large as the devices' limits allow (MSSRL of the lab's namespace). */
const RANGE_BLOCKS = 2048;
/** Source ranges of an NVMe command (MSRC of the lab's namespace, 0's based: 63). */
const COMMAND_RANGES = 64;

/** Runs a shell script, whose `$1` is the disk. Returns seconds. */
function seconds(script: string, path: string): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync("sh", ["-ec", script, "sh", path], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${script}: ${stderr.trim()}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** A copy by this library, in this process. Returns seconds, without those of opening the device and starting a thread. */
async function ours(path: string, blocks: number, destination: number): Promise<number> {
  const { device, close } = await openDevice(path);
  try {
    const strategy = sourceList();
    await copy(device, { sources: [{ lba: 0, blocks: 8 }], destination }, { strategy });
    const start = process.hrtime.bigint();
    const result = await copy(device, { sources: [{ lba: 0, blocks }], destination }, { strategy });
    const used = Number(process.hrtime.bigint() - start) / 1e9;
    if (result.status !== "success") throw new Error(`${path}: the copy ended: ${result.status}`);
    if (result.bytesThroughHost !== 0) throw new Error(`${path}: bytes went through the host`);
    return used;
  } finally {
    await close();
  }
}

/** `nvme copy` of the same range, in commands as large as the limits allow. */
function nvmeCopies(blocks: number, destination: number): string {
  const lines: string[] = [];
  const commandBlocks = RANGE_BLOCKS * COMMAND_RANGES;
  for (let at = 0; at < blocks; at += commandBlocks) {
    const count = Math.min(commandBlocks, blocks - at) / RANGE_BLOCKS;
    const starts = Array.from({ length: count }, (_, index) => at + index * RANGE_BLOCKS);
    const lengths = starts.map(() => RANGE_BLOCKS - 1);
    const place = `--sdlba=${destination + at}`;
    lines.push(`nvme copy "$1" ${place} --slbs=${starts} --blocks=${lengths} >/dev/null`);
  }
  return lines.join("\n");
}

interface Family {
  readonly name: string;
  readonly path: string;
  /** Tools that carry the same range, by name: what a shell is told. */
  tools(blocks: number, destination: number): Readonly<Record<string, string>>;
  /** One command of few blocks, by the family's own tool, so often. */
  loop(times: number): string;
}

const dd = (blocks: number, destination: number): string => {
  const [count, seek] = [blocks, destination].map((one) => (one * BYTES_PER_BLOCK) / MiB);
  const places = `if="$1" of="$1" bs=1M count=${count} seek=${seek}`;
  return `dd ${places} iflag=direct oflag=direct conv=notrunc status=none`;
};

const nvme = (path: string): Family => ({
  name: "NVMe Copy, QEMU",
  path,
  tools: (blocks, destination) => ({
    "nvme copy": nvmeCopies(blocks, destination),
    "dd bs=1M direct": dd(blocks, destination),
  }),
  loop: (times) =>
    `for i in $(seq ${times}); do nvme copy "$1" --sdlba=4096 --slbs=0 --blocks=7 >/dev/null; done`,
});

const scsi = (path: string): Family => ({
  name: "EXTENDED COPY, LIO",
  path,
  tools: (blocks, destination) => {
    const places = `if="$1" of="$1" bs=512 seek=${destination} count=${blocks}`;
    return {
      sg_xcopy: `sg_xcopy ${places} >/dev/null 2>&1`,
      sg_dd: `sg_dd ${places} bpt=2048 blk_sgio=1 >/dev/null 2>&1`,
      "dd bs=1M direct": dd(blocks, destination),
    };
  },
  loop: (times) =>
    `for i in $(seq ${times}); do sg_xcopy if="$1" of="$1" bs=512 seek=4096 count=8 >/dev/null 2>&1; done`,
});

/** The same range by ours and by each tool: times as fast as the tool. */
async function measureRange(context: PartContext, family: Family, mib: number): Promise<void> {
  const { path, name } = family;
  const blocks = (mib * MiB) / BYTES_PER_BLOCK;
  const tools = Object.entries(family.tools(blocks, blocks));
  context.progress(`${name}, ${mib} MiB`);
  const contestants = Object.fromEntries(
    tools.map(([tool, script]) => [tool, () => seconds(script, path)]),
  );
  const { medians, ratio } = await interleave(
    { offload: () => ours(path, blocks, blocks), ...contestants },
    context.rounds,
  );
  for (const [tool] of tools) {
    context.add(
      row({
        part: name,
        what: `${mib} MiB, times as fast`,
        unit: "s",
        ours: medians.offload,
        peerName: tool,
        peer: medians[tool as keyof typeof medians],
        ratio: ratio(tool as keyof typeof medians, "offload"),
      }),
    );
  }
}

/** Many small commands: what the host's path costs for each, beside the tool in a loop. */
async function measureCommands(context: PartContext, family: Family): Promise<Row> {
  const { path, name } = family;
  const commands = context.quick ? 20 : 50;
  const tool = name.startsWith("NVMe") ? "nvme copy in a loop" : "sg_xcopy in a loop";
  context.progress(`${name}, ${commands} commands`);
  const { device, close } = await openDevice(path);
  const one = async (): Promise<number> => {
    const start = process.hrtime.bigint();
    for (let index = 0; index < commands; index++) {
      const request = { sources: [{ lba: 0, blocks: 8 }], destination: 4096 };
      const result = await copy(device, request, { strategy: sourceList() });
      if (result.status !== "success") throw new Error(`${path}: ${result.status}`);
    }
    return Number(process.hrtime.bigint() - start) / 1e9 / commands;
  };
  try {
    const loop = (): number => seconds(family.loop(commands), path) / commands;
    const { medians, ratio } = await interleave({ ours: one, loop }, context.rounds);
    return row({
      ...{ part: name, what: "a command of 8 blocks, times as fast", unit: "s" },
      ...{ ours: medians.ours, peerName: tool, peer: medians.loop, ratio: ratio("loop", "ours") },
    });
  } finally {
    await close();
  }
}

/** Real disks, given by the environment: `npm run bench:lab` gives those of a guest. */
export const realDevices: Part = {
  name: "real",
  title:
    "offload by real devices beside other tools: BENCH_NVME=/dev/nvmeXnY, BENCH_SCSI=/dev/sdX, to be overwritten",
  async run(context) {
    const { BENCH_NVME, BENCH_SCSI } = process.env;
    const families = [
      ...(BENCH_NVME === undefined ? [] : [nvme(BENCH_NVME)]),
      ...(BENCH_SCSI === undefined ? [] : [scsi(BENCH_SCSI)]),
    ];
    if (families.length === 0) context.skip("real devices: npm run bench:lab has them");
    for (const family of families) {
      for (const mib of context.quick ? [64] : [64, 512]) {
        await measureRange(context, family, mib);
      }
      context.add(await measureCommands(context, family));
    }
  },
};
