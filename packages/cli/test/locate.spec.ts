// Goal: verification finds each block of a stack where the stack says it lies.
// Method: random stacks; for each a plain array that says of every block where it is, made layer by layer by copying.
import { type BlockDevice, linear, partition, striped } from "@blockferry/block";
import fc from "fast-check";
import { expect, it } from "vitest";
import { locate } from "../src/verify/locate.ts";

const CAPACITY = 60;

function bottom(name: string): BlockDevice {
  const limits = { bytesPerBlock: 512, transferBlocksMax: 8 };
  const rest = { target: {}, commandSet: {}, transport: {}, queueDepth: 1 };
  return {
    kind: "bottom",
    name,
    bytesPerBlock: 512,
    capacityBlocks: CAPACITY,
    limits,
    lower: [],
    ...rest,
  } as unknown as BlockDevice;
}

interface Layered {
  readonly device: BlockDevice;
  /** `name@lba` of each block. */
  readonly blocks: readonly string[];
}

function start(name: string): Layered {
  const blocks = Array.from({ length: CAPACITY }, (_, lba) => `${name}@${lba}`);
  return { device: bottom(name), blocks };
}

interface PartSpec {
  readonly which: number;
  readonly first: number;
  readonly length: number;
}

interface LayerSpec {
  readonly kind: string;
  readonly parts: readonly PartSpec[];
  readonly stripeBlocks: number;
}

const part = fc.record({ which: fc.nat(), first: fc.nat(), length: fc.nat() });
const layer = fc.record({
  kind: fc.constantFrom("partition", "linear", "striped"),
  parts: fc.array(part, { minLength: 2, maxLength: 4 }),
  stripeBlocks: fc.integer({ min: 1, max: 5 }),
});

function cut(devices: readonly Layered[], p: PartSpec) {
  const on = devices[p.which % devices.length];
  const first = p.first % on.blocks.length;
  const blocks = 1 + (p.length % (on.blocks.length - first));
  return { on, start: first, blocks };
}

function put(devices: readonly Layered[], spec: LayerSpec): Layered | undefined {
  const parts = spec.parts.map((p) => cut(devices, p));
  const pieces = parts.map((p) => p.on.blocks.slice(p.start, p.start + p.blocks));
  const targets = parts.map((p) => ({ device: p.on.device, start: p.start, blocks: p.blocks }));
  if (spec.kind === "partition") return { device: partition(targets[0]), blocks: pieces[0] };
  if (spec.kind === "linear") return { device: linear({ targets }), blocks: pieces.flat() };
  const { stripeBlocks } = spec;
  const rows = Math.min(...pieces.map((piece) => Math.floor(piece.length / stripeBlocks)));
  if (rows === 0) return undefined;
  const blocks: string[] = [];
  for (let row = 0; row < rows; row++) {
    for (const piece of pieces) {
      blocks.push(...piece.slice(row * stripeBlocks, (row + 1) * stripeBlocks));
    }
  }
  return { device: striped({ devices: targets.map(partition), stripeBlocks }), blocks };
}

it("finds each block of a random stack, and how many follow it", () => {
  fc.assert(
    fc.property(fc.array(layer, { minLength: 1, maxLength: 4 }), (specs) => {
      const devices = [start("a"), start("b")];
      for (const spec of specs) {
        const next = put(devices, spec);
        if (next !== undefined) devices.push(next);
      }
      for (const { device, blocks } of devices) {
        const found = blocks.map((_, lba) => {
          const at = locate(device, lba);
          return { place: `${at.device.name}@${at.lba}`, at };
        });
        expect(found.map(({ place }) => place)).toEqual(blocks);
        const wrongRuns = found.filter(({ at }, lba) =>
          Array.from({ length: Math.min(at.blocks, blocks.length - lba) }).some(
            (_, i) => blocks[lba + i] !== `${at.device.name}@${at.lba + i}`,
          ),
        );
        expect(wrongRuns).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
});
