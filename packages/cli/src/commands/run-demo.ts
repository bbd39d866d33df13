import { type CopyResult, copy } from "@blockferry/block";
import type { BlockRange } from "@blockferry/core";
import { exitStatus } from "@blockferry/core/exit-status";
import { type DemoImage, GUARD_BLOCKS, makeDemoImage } from "../demo/demo-image.ts";
import { BYTES_PER_BLOCK } from "../demo/labels.ts";
import { scatteredExtents } from "../demo/scattered-extents.ts";
import { openDevice } from "../open-device.ts";
import { bytesText, durationText } from "../output/bytes-text.ts";
import { type Colors, type ColorWhen, colorsFor } from "../output/colors.ts";
import { type Interruption, watchInterruption } from "../output/interruption.ts";
import type { Surroundings } from "../output/surroundings.ts";
import { textTable } from "../report/text-table.ts";
import { strategyByName } from "../strategies.ts";
import { strategyNames } from "../strategy-names.ts";

const IMAGE_BYTES = 2 ** 30;
const EXTENTS = 512;
// The first half of the image holds the extents, the second one destination for each copy.
const SLOT_BLOCKS = IMAGE_BYTES / 2 / BYTES_PER_BLOCK / EXTENTS;
const FIRST_DESTINATION = IMAGE_BYTES / 2 / BYTES_PER_BLOCK;
const LIMITS = "mssrl=128&mcl=1024&msrc=31";

/** A row of the demonstration: a strategy, or the host's own reads and writes for comparison. */
interface Attempt {
  readonly title: string;
  readonly strategy: string;
  readonly parameters: string;
  readonly stack: readonly string[];
  readonly emulate: boolean;
}

const attempts: readonly Attempt[] = [
  ...strategyNames.map((strategy) => ({
    title: strategy,
    strategy,
    parameters: LIMITS,
    stack: [],
    emulate: false,
  })),
  {
    title: "without Copy: the host",
    strategy: "source-list",
    parameters: "copy=off",
    stack: [],
    emulate: true,
  },
];

interface Outcome {
  readonly attempt: Attempt;
  readonly result: CopyResult;
  readonly elapsedMs: number;
  readonly isVerified: boolean;
}

function destinationOf(attempt: number, blocks: number): number {
  return FIRST_DESTINATION + GUARD_BLOCKS + attempt * (blocks + 2 * GUARD_BLOCKS);
}

function guardsOf(destination: number, blocks: number): BlockRange[] {
  return [
    { lba: destination - GUARD_BLOCKS, blocks: GUARD_BLOCKS },
    { lba: destination + blocks, blocks: GUARD_BLOCKS },
  ];
}

/** Looks at the image itself: destination, sources and guards are labelled as they must be. */
function isImageRight(
  image: DemoImage,
  extents: readonly BlockRange[],
  destination: number,
): boolean {
  let lba = destination;
  for (const extent of extents) {
    if (!image.holds({ lba, blocks: extent.blocks }, "source", extent.lba)) return false;
    if (!image.holds(extent, "source", extent.lba)) return false;
    lba += extent.blocks;
  }
  const guards = guardsOf(destination, lba - destination);
  return guards.every((guard) => image.holds(guard, "guard", guard.lba));
}

async function tryCopy(
  image: DemoImage,
  attempt: Attempt,
  extents: readonly BlockRange[],
  destination: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const { parameters, stack, emulate } = attempt;
  const strategy = await strategyByName(attempt.strategy);
  const path = encodeURIComponent(image.path).replaceAll("%2F", "/");
  const open = await openDevice(`nvme-model:${path}?${parameters}`, { stack });
  try {
    const startMs = performance.now();
    const request = { sources: extents, destination };
    const result = await copy(open.device, request, { strategy, emulate, signal });
    const elapsedMs = performance.now() - startMs;
    const isVerified = result.status === "success" && isImageRight(image, extents, destination);
    return { attempt, result, elapsedMs, isVerified };
  } finally {
    await open.close();
  }
}

function outcomeTable(outcomes: readonly Outcome[], colors: Colors): string[] {
  const columns = [
    { head: "strategy", align: "left" },
    { head: "ranges", align: "right" },
    { head: "commands", align: "right" },
    { head: "copied", align: "right" },
    { head: "through the host", align: "right" },
    { head: "time", align: "right" },
    { head: "verified", align: "left" },
  ] as const;
  const rows = outcomes.map(({ attempt, result, elapsedMs, isVerified }) => [
    attempt.title,
    String(EXTENTS),
    String(result.cost.commands),
    bytesText(result.copiedBlocks * BYTES_PER_BLOCK),
    bytesText(result.bytesThroughHost),
    durationText(elapsedMs),
    isVerified ? "yes" : "NO",
  ]);
  const [head, ...lines] = textTable(columns, rows);
  const painted = lines.map((line, i) =>
    outcomes[i].isVerified
      ? line.replace(/yes$/, colors.good("yes"))
      : line.replace(/NO$/, colors.bad("NO")),
  );
  return [colors.strong(head), ...painted];
}

const next = `
"verified" means: each block of the destination, each source and the guard blocks around the destination
were read from the image itself, past the device, and carry the label that was written there.

Try next:
  blockferry copy 'nvme-model:?size=1GiB' 0+2048,8192+64 --to 65536 --verify
  blockferry copy 'nvme-model:disk.img?create=1GiB&mssrl=128&mcl=512&msrc=15' 0+2048 --to 65536 -o json
  blockferry copy 'nvme-model:?size=1GiB&fault=unrecovered-read,at=1000' 0+2048 --to 65536
  blockferry plan 'nvme-model:?size=1GiB' 0+2048 --to 65536 -o hex
  blockferry info 'nvme-model:?size=1GiB'
In a clone write "npx blockferry" for "blockferry".
`;

async function runAttempts(image: DemoImage, interruption: Interruption): Promise<Outcome[]> {
  const extents = scatteredExtents(EXTENTS, SLOT_BLOCKS);
  const blocks = extents.reduce((sum, extent) => sum + extent.blocks, 0);
  for (const extent of extents) image.label("source", extent);
  const outcomes: Outcome[] = [];
  for (const [i, attempt] of attempts.entries()) {
    const destination = destinationOf(i, blocks);
    for (const guard of guardsOf(destination, blocks)) image.label("guard", guard);
    const { abortSignal } = interruption;
    outcomes.push(await tryCopy(image, attempt, extents, destination, abortSignal));
    // Lets a signal in between two copies.
    await new Promise((resolve) => setImmediate(resolve));
    if (abortSignal.aborted) break;
  }
  return outcomes;
}

/** `blockferry demo`. */
export async function runDemo(surroundings: Surroundings, color: ColorWhen): Promise<number> {
  const { stdout, stderr } = surroundings;
  const colors = colorsFor(stdout, surroundings, color);
  const interruption = watchInterruption(surroundings);
  const image = makeDemoImage(IMAGE_BYTES);
  try {
    stdout.write(
      `An emulated NVMe namespace of ${bytesText(IMAGE_BYTES)} over a sparse image (${LIMITS.replaceAll("&", " ")}).\n` +
        `${EXTENTS} scattered extents are gathered into one place by each strategy:\n\n`,
    );
    const outcomes = await runAttempts(image, interruption);
    if (interruption.signal !== undefined) {
      stderr.write("blockferry: interrupted; nothing is left behind\n");
      return interruption.signal === "SIGINT" ? exitStatus.interrupted : exitStatus.terminated;
    }
    stdout.write(`${outcomeTable(outcomes, colors).join("\n")}\n`);
    const isGood = outcomes.every(({ isVerified }) => isVerified);
    stdout.write(isGood ? next : `\n${colors.bad("NOT VERIFIED")}\n`);
    return isGood ? exitStatus.success : exitStatus.miscompare;
  } finally {
    interruption.end();
    image.remove();
  }
}
