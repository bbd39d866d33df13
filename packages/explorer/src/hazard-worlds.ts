import type { HazardName } from "@blockferry/core";
import type { Scenario, ScenarioDevice, ScenarioLayer, ScenarioTask } from "./scenario.ts";

/** A small world in which a hazard is met by every copy, or may befall any. */
export interface HazardWorld {
  readonly world: Scenario;
  /**
   * What the hazard itself takes away: copies that end refused in one run beyond the faults that happened in it, at most, as
   * measured with one bio that carries the list of sources.
   */
  readonly refusedBeyondFaults: number;
}

/** Blocks of the topmost device of a hazard's world. Copies lie in the first 17. */
export const HAZARD_WORLD_BLOCKS = 32;

const disk: ScenarioDevice = { name: "disk", blocks: HAZARD_WORLD_BLOCKS };
const other: ScenarioDevice = { name: "other", blocks: HAZARD_WORLD_BLOCKS };

function copyOf(
  sources: readonly (readonly [number, number])[],
  destination: number,
): ScenarioTask {
  return { copies: [{ sources, destination }] };
}

/** Two submitters whose copies are of one size: halves of both may be taken for each other's. */
const twoTasks: readonly ScenarioTask[] = [copyOf([[0, 2]], 8), copyOf([[4, 2]], 12)];
const threeTasks: readonly ScenarioTask[] = [...twoTasks, copyOf([[2, 2]], 10)];

/** Parts of four blocks each, in an order that leaves no two of them neighbours. */
const scattered: ScenarioLayer = {
  layer: "linear",
  parts: [20, 4, 28, 12, 0, 24, 8, 16].map((start) => ({ on: "disk", start, blocks: 4 })),
};

function on(device: ScenarioDevice, rest: Partial<Scenario> = {}): Scenario {
  return { devices: [device], tasks: twoTasks, ...rest };
}

function survivable(world: Scenario): HazardWorld {
  return { world, refusedBeyondFaults: 0 };
}

/** Two halves of a device, one behind the other and moved. */
const moved: ScenarioLayer = {
  layer: "linear",
  parts: [
    { on: "disk", start: 24, blocks: 8 },
    { on: "disk", start: 0, blocks: 24 },
  ],
};

const partition: ScenarioLayer = { layer: "partition", start: 4, blocks: HAZARD_WORLD_BLOCKS };
const wide: ScenarioDevice = { ...disk, blocks: HAZARD_WORLD_BLOCKS + 4 };

/** The same blocks in one place, and after a change of tables in another. */
const remapped: ScenarioLayer = {
  layer: "mapping",
  tables: [0, HAZARD_WORLD_BLOCKS].map((start) => [
    { on: "disk", start, blocks: HAZARD_WORLD_BLOCKS },
  ]),
};

/** The world of each hazard. Source: the objection in `hazards` of the core, each with as little else as can be. */
export const hazardWorlds: Readonly<Record<HazardName, HazardWorld>> = {
  concurrency: survivable(on(disk, { tasks: threeTasks })),
  linear: survivable(on(disk, { stack: [moved] })),
  partition: survivable(on(wide, { stack: [partition] })),
  crossDevice: survivable({
    devices: [disk, other],
    stack: [
      {
        layer: "linear",
        parts: [
          { on: "disk", start: 0, blocks: 8 },
          { on: "other", start: 0, blocks: 24 },
        ],
      },
    ],
    tasks: twoTasks,
  }),
  multipleSources: survivable(
    on(disk, {
      tasks: [
        copyOf(
          [
            [0, 1],
            [2, 1],
          ],
          8,
        ),
        copyOf(
          [
            [4, 1],
            [6, 1],
          ],
          12,
        ),
      ],
    }),
  ),
  split: survivable(
    on(disk, { stack: [scattered], tasks: [copyOf([[3, 2]], 11), copyOf([[7, 2]], 15)] }),
  ),
  splitApart: survivable(
    on(disk, { stack: [scattered], tasks: [copyOf([[3, 3]], 10), copyOf([[7, 3]], 14)] }),
  ),
  asynchronous: survivable(on(disk, { stack: [{ layer: "asynchronous", workers: 2 }] })),
  plugFlush: survivable(on(disk, { happens: { plugFlush: 1 } })),
  noMerges: survivable(on({ ...disk, merges: false })),
  elevator: survivable(on({ ...disk, elevator: true })),
  queueDepthOne: survivable(on({ ...disk, queueDepth: 1 })),
  reload: survivable(
    on({ ...disk, blocks: 2 * HAZARD_WORLD_BLOCKS }, { stack: [remapped], happens: { reload: 1 } }),
  ),
  limitChange: survivable(on(disk, { happens: { limitChange: 1 } })),
  mapFailure: survivable(on(wide, { stack: [partition], happens: { mapFailure: 1 } })),
  allocationFailure: survivable(on(disk, { happens: { allocationFailure: 1 } })),
  cancel: survivable(on(disk, { happens: { cancel: 1 } })),
  freeze: survivable(on(disk, { happens: { freeze: 1 } })),
  // A device that is gone carries neither copy.
  removal: { world: on(disk, { happens: { removal: 1 } }), refusedBeyondFaults: 1 },
  requeue: survivable(on(disk, { happens: { requeue: 1 } })),
  deviceError: survivable(on(disk, { happens: { deviceError: 1 } })),
  timeout: survivable(on(disk, { happens: { timeout: 1 } })),
  duplicateCompletion: survivable(on(disk, { happens: { duplicateCompletion: 1 } })),
  reset: survivable(on(disk, { happens: { reset: 1 } })),
};
