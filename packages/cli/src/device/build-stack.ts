import { asynchronous, type BlockDevice, linear, partition, striped } from "@blockferry/block";
import { FerryError } from "@blockferry/core";
import { parseStackSpec, type StackPart } from "../parse/stack-spec.ts";

interface Part {
  readonly device: BlockDevice;
  readonly start: number;
  readonly blocks: number;
}

function resolvePart(
  part: StackPart,
  top: BlockDevice,
  namespaces: ReadonlyMap<string, BlockDevice>,
  text: string,
): Part {
  const device = part.device === "top" ? top : namespaces.get(part.device);
  if (device === undefined) {
    throw new FerryError("FERRY_STACK_DEVICE", `"${text}": there is no ${part.device}`, {
      details: { text, device: part.device },
      hint: `known: top, ${[...namespaces.keys()].join(", ")}`,
    });
  }
  const { lba, blocks } = part.range ?? { lba: 0, blocks: device.capacityBlocks };
  if (lba + blocks > device.capacityBlocks) {
    throw new FerryError(
      "FERRY_STACK_RANGE",
      `"${text}": ${lba}+${blocks} ends behind ${device.name}, which has ${device.capacityBlocks} blocks`,
      { details: { text, lba, blocks, capacityBlocks: device.capacityBlocks } },
    );
  }
  return { device, start: lba, blocks };
}

function asDevice(part: Part): BlockDevice {
  const isWhole = part.start === 0 && part.blocks === part.device.capacityBlocks;
  return isWhole ? part.device : partition(part);
}

/**
 * Puts layers on namespaces, the first at the bottom. The result is the topmost device.
 *
 * @param namespaces by name (`ns1`, …); the first one is where the stack begins
 * @throws FerryError `FERRY_STACK_…`
 */
export function buildStack(
  namespaces: ReadonlyMap<string, BlockDevice>,
  specs: readonly string[],
): BlockDevice {
  let top = [...namespaces.values()][0];
  for (const text of specs) {
    const spec = parseStackSpec(text, top.bytesPerBlock);
    const resolve = (part: StackPart) => resolvePart(part, top, namespaces, text);
    try {
      if (spec.kind === "partition") top = partition(resolve(spec.part));
      else if (spec.kind === "asynchronous") {
        top = asynchronous({ device: top, workers: spec.workers });
      } else if (spec.kind === "linear") top = linear({ targets: spec.parts.map(resolve) });
      else {
        const devices = spec.parts.map(resolve).map(asDevice);
        top = striped({ devices, stripeBlocks: spec.stripeBlocks });
      }
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new FerryError("FERRY_STACK_RANGE", `"${text}": ${cause.message}`, { cause });
    }
  }
  return top;
}
