import { engineDefects } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import * as z from "zod/mini";
import { type Happening, happeningNames, type Scenario } from "../scenario.ts";
import type { ScenarioFile } from "../scenario-file.ts";
import { buildDevices } from "../world/layout.ts";

const count = z.int().check(z.gte(1));
const place = z.int().check(z.gte(0));

/** Blocks of a device at most: a block is a word of every state. */
const DEVICE_BLOCKS_MAX = 512;
const COPY_BLOCKS_MAX = 32;
const TASKS_MAX = 64;
const HAPPENINGS_MAX = 8;

const part = z.strictObject({ on: z.string(), start: place, blocks: count });
const parts = z.array(part).check(z.minLength(1));

const device = z.strictObject({
  name: z.string().check(z.minLength(1)),
  blocks: count.check(z.lte(DEVICE_BLOCKS_MAX)),
  queueDepth: z.optional(count.check(z.lte(64))),
  controller: z.optional(place.check(z.lte(7))),
  merges: z.optional(z.boolean()),
  elevator: z.optional(z.boolean()),
  copy: z.optional(
    z.nullable(
      z.strictObject({
        blocks: z.optional(count),
        ranges: z.optional(count),
        rangeBlocks: z.optional(count),
        crossDevice: z.optional(z.boolean()),
      }),
    ),
  ),
});

const name = z.optional(z.string());
const layer = z.discriminatedUnion("layer", [
  z.strictObject({
    layer: z.literal("partition"),
    name,
    on: name,
    start: place,
    blocks: count,
    walksSources: z.optional(z.boolean()),
  }),
  z.strictObject({ layer: z.literal("linear"), name, parts }),
  z.strictObject({
    layer: z.literal("striped"),
    name,
    on: z.array(z.string()).check(z.minLength(1)),
    stripeBlocks: count,
  }),
  z.strictObject({
    layer: z.literal("mapping"),
    name,
    tables: z.array(parts).check(z.minLength(1)),
  }),
  z.strictObject({ layer: z.literal("asynchronous"), name, on: name, workers: count }),
]);

const task = z.strictObject({
  copies: z
    .array(
      z.strictObject({
        sources: z.array(z.tuple([place, count])).check(z.minLength(1)),
        destination: place,
      }),
    )
    .check(z.minLength(1)),
  atOnce: z.optional(z.boolean()),
});

const happens = z.partialRecord(
  z.enum(happeningNames as [Happening, ...Happening[]]),
  place.check(z.lte(HAPPENINGS_MAX)),
);

const worldShape = {
  devices: z.array(device).check(z.minLength(1)),
  stack: z.optional(z.array(layer)),
  tasks: z.array(task).check(z.minLength(1), z.maxLength(TASKS_MAX)),
  emulate: z.optional(z.boolean()),
  happens: z.optional(happens),
  faultsMax: z.optional(place.check(z.lte(HAPPENINGS_MAX))),
  chunkBlocks: z.optional(count),
  pieces: z.optional(place.check(z.lte(64))),
  retriesMax: z.optional(place.check(z.lte(8))),
  checksAnswers: z.optional(z.boolean()),
  cutsRanges: z.optional(z.boolean()),
  reversesCopies: z.optional(z.boolean()),
  defects: z.optional(z.array(z.enum(engineDefects))),
};

const violationKind = z.enum([
  "stranger",
  "wrong-block",
  "wrong-place",
  "guard",
  "not-copied",
  "wait",
  "twice",
  "leak",
  "unaccounted",
  "defect",
]);

const scenarioCase = z.strictObject({
  name: z.string().check(z.minLength(1)),
  strategy: z.string().check(z.minLength(1)),
  world: z.optional(z.partial(z.strictObject(worldShape))),
  expect: z.strictObject({
    verdict: z.enum(["clean", "violation"]),
    kind: z.optional(violationKind),
    movesMax: z.optional(count),
    refuses: z.optional(z.boolean()),
    newer: z.optional(z.boolean()),
  }),
});

/** A scenario file. Unknown fields are refused. */
export const scenarioSchema: z.ZodMiniType<ScenarioFile> = z.strictObject({
  name: z.string().check(z.regex(/^[a-z0-9-]+$/)),
  title: z.string().check(z.minLength(1)),
  mails: z.array(z.strictObject({ id: z.string(), by: z.string(), date: z.string() })),
  story: z.string(),
  slow: z.optional(z.boolean()),
  world: z.strictObject(worldShape),
  cases: z.array(scenarioCase).check(z.minLength(1)),
}) as unknown as z.ZodMiniType<ScenarioFile>;

/** Where in a document something is: keys and indices. */
export type DocumentPath = readonly (string | number)[];

function refuse(code: string, path: DocumentPath, message: string, hint: string): never {
  const where = path.length === 0 ? "the scenario" : path.join(".");
  throw new FerryError(code, `${where}: ${message}`, { details: { path }, hint });
}

/** Checks that copies lie on the topmost device, and that none touches another's destination. */
function checkCopies(world: Scenario, base: DocumentPath): void {
  const top = buildDevices(world, () => noTransport);
  const written = new Map<number, string>();
  const read = new Map<number, string>();
  const eachRange = (visit: (lba: number, path: DocumentPath, isDestination: boolean) => void) => {
    world.tasks.forEach((one, t) => {
      one.copies.forEach((copy, c) => {
        const path = [...base, "tasks", t, "copies", c];
        let blocks = 0;
        copy.sources.forEach(([lba, length], s) => {
          for (let i = 0; i < length; i++) visit(lba + i, [...path, "sources", s], false);
          blocks += length;
        });
        if (blocks > COPY_BLOCKS_MAX) {
          const hint = "a block is a word of every state: copy fewer";
          refuse("FERRY_SCENARIO_BOUNDS", path, `${blocks} blocks of ${COPY_BLOCKS_MAX}`, hint);
        }
        for (let i = 0; i < blocks; i++)
          visit(copy.destination + i, [...path, "destination"], true);
      });
    });
  };
  eachRange((lba, path, isDestination) => {
    if (lba >= top.capacityBlocks) {
      const hint = `it has ${top.capacityBlocks} blocks`;
      refuse("FERRY_SCENARIO_COPY", path, `block ${lba} is not on ${top.name}`, hint);
    }
    const other = isDestination ? (written.get(lba) ?? read.get(lba)) : written.get(lba);
    if (other !== undefined) {
      const hint = "destinations touch nothing else: what is right would depend on the order";
      refuse("FERRY_SCENARIO_COPY", path, `block ${lba} is also in ${other}`, hint);
    }
    (isDestination ? written : read).set(lba, path.join("."));
  });
}

const noTransport = {
  name: "none",
  supports: { queueDepthMax: 64 },
  execute: () => Promise.reject(new Error("nothing is sent here")),
  connect: () => {
    throw new Error("nothing is sent here");
  },
  close: () => Promise.resolve(),
};

function pathOf(error: unknown, base: DocumentPath): never {
  if (error instanceof FerryError && typeof error.details.path === "string") {
    const inner = error.details.path
      .split(".")
      .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const path = [...base, ...inner];
    throw new FerryError(error.code, `${[...base, error.message].join(".")}`, {
      details: { path },
    });
  }
  throw error;
}

/**
 * Checks a scenario that came from outside.
 *
 * @throws FerryError `FERRY_SCENARIO_INVALID` (not of the form), `…_STACK` (no such stack), `…_COPY` (copies that lie
 * nowhere or touch each other), `…_BOUNDS` (too large to explore); `details.path` says where
 */
export function checkScenario(value: unknown): ScenarioFile {
  const parsed = scenarioSchema.safeParse(value, { error: z.locales.en().localeError });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    const path = [...issue.path, ...unknown].map((key) =>
      typeof key === "symbol" ? String(key) : key,
    );
    refuse("FERRY_SCENARIO_INVALID", path, issue.message, "see the guide to scenario files");
  }
  const file = parsed.data;
  const worlds: [Scenario, DocumentPath][] = [[file.world, ["world"]]];
  file.cases.forEach((one, i) => {
    if (one.world !== undefined)
      worlds.push([{ ...file.world, ...one.world }, ["cases", i, "world"]]);
  });
  for (const [world, base] of worlds) {
    try {
      checkCopies(world, base);
    } catch (error) {
      pathOf(error, base);
    }
  }
  return file;
}
