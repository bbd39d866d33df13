import type { Engine } from "./engine-state.ts";
import { pieceData } from "./piece.ts";

/** The data of a transfer: of the piece that a copy has in hand, or what the engine's user gave. */
export function transferData(e: Engine, root: number): Uint8Array | undefined {
  const copy = e.bios.columns.token[root];
  return copy < 0 ? e.ioData[root] : pieceData(e, copy);
}
