import { FerryError, isFerryError } from "@blockferry/core";
import {
  checkScenario,
  type Scenario,
  type ScenarioLayer,
  type ScenarioPart,
} from "@blockferry/explorer";
import { parseStackSpec, type StackPart } from "../parse/stack-spec.ts";

/** Bytes of a block in a scenario: one label. */
const BYTES_PER_BLOCK = 4;

/** Blocks of devices and layers, by name. The last one is the topmost. */
type Sizes = Map<string, number>;

function blocksOf(layer: ScenarioLayer, sizes: Sizes, below: string): number {
  const sum = (parts: readonly ScenarioPart[]) => parts.reduce((all, part) => all + part.blocks, 0);
  switch (layer.layer) {
    case "partition":
      return layer.blocks;
    case "linear":
      return sum(layer.parts);
    case "mapping":
      return sum(layer.tables[0]);
    case "striped": {
      const least = Math.min(...layer.on.map((name) => sizes.get(name) ?? 0));
      return Math.floor(least / layer.stripeBlocks) * layer.stripeBlocks * layer.on.length;
    }
    default:
      return sizes.get(layer.on ?? below) ?? 0;
  }
}

function sizesOf(world: Scenario): Sizes {
  const sizes: Sizes = new Map([[world.devices[0].name, world.devices[0].blocks]]);
  let top = world.devices[0].name;
  for (const { name, blocks } of world.devices.slice(1)) sizes.set(name, blocks);
  world.stack?.forEach((layer, i) => {
    const blocks = blocksOf(layer, sizes, top);
    top = layer.name ?? `${layer.layer}${i}`;
    sizes.set(top, blocks);
  });
  return sizes;
}

/** Adds a layer that a user wrote to a world, above all others. */
function addLayer(world: Scenario, text: string): Scenario {
  const spec = parseStackSpec(text, BYTES_PER_BLOCK);
  const stack = [...(world.stack ?? [])];
  const sizes = sizesOf(world);
  const below = stack.at(-1);
  const top =
    below === undefined
      ? world.devices[0].name
      : (below.name ?? `${below.layer}${stack.length - 1}`);
  const partOf = ({ device, range }: StackPart): ScenarioPart => {
    const on = device === "top" ? top : device;
    const blocks = sizes.get(on);
    if (blocks === undefined) {
      throw new FerryError("FERRY_STACK_DEVICE", `"${text}": there is no ${device}`, {
        details: { text, device },
        hint: "the devices of these worlds are top and disk",
      });
    }
    return { on, start: range?.lba ?? 0, blocks: range?.blocks ?? blocks };
  };
  const name = `stack${stack.length}`;
  if (spec.kind === "partition") stack.push({ layer: "partition", name, ...partOf(spec.part) });
  else if (spec.kind === "linear")
    stack.push({ layer: "linear", name, parts: spec.parts.map(partOf) });
  else if (spec.kind === "asynchronous") {
    stack.push({ layer: "asynchronous", name, on: top, workers: spec.workers });
  } else {
    const parts = spec.parts.map((part, i) => ({ name: `${name}part${i}`, ...partOf(part) }));
    for (const part of parts) stack.push({ layer: "partition", ...part });
    const on = parts.map((part) => part.name);
    stack.push({ layer: "striped", name, on, stripeBlocks: spec.stripeBlocks });
  }
  return { ...world, stack };
}

/**
 * A world under a stack as `--stack` writes it.
 *
 * @throws FerryError `FERRY_STACK_…`
 */
export function stackedWorld(world: Scenario, specs: readonly string[]): Scenario {
  const stacked = specs.reduce(addLayer, world);
  const one = { name: "one", strategy: "source-list", expect: { verdict: "clean" } };
  const file = {
    name: "stacked",
    title: "Stacked",
    mails: [],
    story: "",
    world: stacked,
    cases: [one],
  };
  try {
    return checkScenario(file).world;
  } catch (error) {
    if (!isFerryError(error)) throw error;
    throw new FerryError("FERRY_STACK_RANGE", `${specs.join(", ")}: ${error.message}`, {
      cause: error,
      hint: "worlds have 32 blocks, and copies lie in the first 17",
    });
  }
}
