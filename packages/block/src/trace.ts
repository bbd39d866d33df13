import { joinWords } from "@blockferry/core";
import type { Engine, HardwareQueue } from "./engine-state.ts";

/** Traces a bio at the place where it is. */
export function traceBio(e: Engine, kind: number, bio: number, detail: number): void {
  const bios = e.bios.columns;
  const lba = joinWords(bios.lbaLow[bio], bios.lbaHigh[bio]);
  e.trace?.(kind, bio, bios.device[bio], lba, bios.blocks[bio], detail);
}

/** Traces a request, whose first block is at `lba`. */
export function traceRequest(
  e: Engine,
  kind: number,
  request: number,
  lba: number,
  detail: number,
): void {
  const { device, blocks } = e.requests.columns;
  e.trace?.(kind, request, device[request], lba, blocks[request], detail);
}

/** Traces a command, whose first block is at `lba`. */
export function traceCommand(
  e: Engine,
  hardware: HardwareQueue,
  kind: number,
  slot: number,
  lba: number,
  detail: number,
): void {
  const { request, blocks } = hardware.commands.columns;
  e.trace?.(kind, slot, e.requests.columns.device[request[slot]], lba, blocks[slot], detail);
}
