import fc from "fast-check";
import { type BlockDevice, linear, partition, striped } from "../../src/index.ts";

/*
 * Random stacks over the units of a controller, no block of which shows at two places, and where each of their blocks lies:
 * written down block by block, so that nothing of the engine's own arithmetic is repeated here.
 */
export type StackShape =
  | {
      readonly kind: "extent";
      readonly unit: number;
      readonly gap: number;
      readonly blocks: number;
    }
  | {
      readonly kind: "linear";
      readonly parts: readonly { of: StackShape; skip: number; cut: number }[];
    }
  | { readonly kind: "striped"; readonly of: readonly StackShape[]; readonly stripeBlocks: number };

export interface Place {
  readonly unit: number;
  readonly lba: number;
}

export interface Stack {
  readonly device: BlockDevice;
  /** Where each block of the device lies. */
  readonly places: readonly Place[];
}

const extent: fc.Arbitrary<StackShape> = fc.record({
  kind: fc.constant("extent" as const),
  unit: fc.nat(2),
  gap: fc.nat(3),
  blocks: fc.integer({ min: 4, max: 40 }),
});

/** Shapes of stacks, at most three layers of them. */
export const stackShape: fc.Arbitrary<StackShape> = fc.letrec<{ shape: StackShape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    extent,
    fc.record({
      kind: fc.constant("linear" as const),
      parts: fc.array(fc.record({ of: tie("shape"), skip: fc.nat(5), cut: fc.nat(5) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    fc.record({
      kind: fc.constant("striped" as const),
      of: fc.array(tie("shape"), { minLength: 1, maxLength: 3 }),
      stripeBlocks: fc.integer({ min: 1, max: 6 }),
    }),
  ),
})).shape;

/** Builds a shape out of blocks that are not used yet; `used` counts them by unit. `undefined` when a unit is full. */
export function buildStack(
  shape: StackShape,
  controller: { readonly devices: readonly BlockDevice[] },
  used: number[],
): Stack | undefined {
  if (shape.kind === "extent") {
    const unit = shape.unit % controller.devices.length;
    const device = controller.devices[unit];
    const start = used[unit] + shape.gap;
    if (start + shape.blocks > device.capacityBlocks) return undefined;
    used[unit] = start + shape.blocks;
    return {
      device: partition({ device, start, blocks: shape.blocks }),
      places: Array.from({ length: shape.blocks }, (_, i) => ({ unit, lba: start + i })),
    };
  }
  const below = (shape.kind === "linear" ? shape.parts.map(({ of }) => of) : shape.of).map((each) =>
    buildStack(each, controller, used),
  );
  if (!below.every((each) => each !== undefined)) return undefined;
  if (shape.kind === "linear") {
    const parts = below.map(({ device, places }, i) => {
      const start = Math.min(shape.parts[i].skip, places.length - 1);
      const blocks = Math.max(1, places.length - start - shape.parts[i].cut);
      return { target: { device, start, blocks }, places: places.slice(start, start + blocks) };
    });
    return {
      device: linear({ targets: parts.map(({ target }) => target) }),
      places: parts.flatMap(({ places }) => places),
    };
  }
  const { stripeBlocks } = shape;
  const rows = Math.min(...below.map(({ places }) => Math.floor(places.length / stripeBlocks)));
  if (rows === 0) return undefined;
  const places: Place[] = [];
  for (let row = 0; row < rows; row++) {
    for (const each of below) {
      places.push(...each.places.slice(row * stripeBlocks, (row + 1) * stripeBlocks));
    }
  }
  return { device: striped({ devices: below.map(({ device }) => device), stripeBlocks }), places };
}
