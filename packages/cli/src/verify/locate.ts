import type { BlockDevice } from "@blockferry/block";

/** Where a block lies at the bottom of a stack, and how many blocks follow it there without a gap. */
export interface Location {
  readonly device: BlockDevice;
  readonly lba: number;
  readonly blocks: number;
}

/**
 * Finds a block at the bottom of a stack from the stack's description alone. The engine's own remapping is not used:
 * verification must not share its mistakes.
 */
export function locate(device: BlockDevice, lba: number): Location {
  if (device.kind === "bottom") return { device, lba, blocks: device.capacityBlocks - lba };
  if (device.kind === "striped") {
    const { stripeBlocks, lower } = device;
    const stripe = Math.floor(lba / stripeBlocks);
    const inStripe = lba % stripeBlocks;
    const row = Math.floor(stripe / lower.length);
    const below = locate(lower[stripe % lower.length], row * stripeBlocks + inStripe);
    return { ...below, blocks: Math.min(below.blocks, stripeBlocks - inStripe) };
  }
  if (device.kind === "asynchronous") return locate(device.lower[0], lba);
  let offset = lba;
  const parts = device.kind === "mapping" ? device.tables[0] : device.parts;
  for (const part of parts) {
    if (offset < part.blocks) {
      const below = locate(part.device, part.start + offset);
      return { ...below, blocks: Math.min(below.blocks, part.blocks - offset) };
    }
    offset -= part.blocks;
  }
  throw new RangeError(`${lba} is not on ${device.name}`);
}
