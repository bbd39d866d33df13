import { operation } from "./bio.ts";
import { RANGE_WORDS } from "./plan/index.ts";
import type { StrategyEngine } from "./strategy.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SOURCE = operation.source;
const DESTINATION = operation.destination;
const ROW_WORDS = RANGE_WORDS;

/**
 * What makes and submits a source bio for each range of a chunk, then its destination bio, all with `token`. It returns
 * the blocks of both sides that were submitted: fewer than twice those of the chunk when memory ran out, and then no
 * destination is among them.
 */
export function submitHalves(engine: StrategyEngine): (chunk: number, token: number) => number {
  const chunks = engine.chunks.columns;
  const bios = engine.bios.columns;
  const { windows, windowRanges } = engine;
  return (chunk, token) => {
    const from = chunks.window[chunk] * windowRanges * ROW_WORDS;
    const end = from + chunks.ranges[chunk] * ROW_WORDS;
    let offset = 0;
    for (let at = from; at < end; at += ROW_WORDS) {
      const source = engine.allocateBio(chunk, SOURCE);
      if (source < 0) return offset;
      const blocks = windows[at + 3];
      bios.device[source] = windows[at];
      bios.lbaLow[source] = windows[at + 1];
      bios.lbaHigh[source] = windows[at + 2];
      bios.blocks[source] = blocks;
      bios.offset[source] = offset;
      bios.token[source] = token;
      offset = (offset + blocks) | 0;
      engine.submit(source);
    }
    const destination = engine.allocateBio(chunk, DESTINATION);
    if (destination < 0) return offset;
    bios.lbaLow[destination] = chunks.lbaLow[chunk];
    bios.lbaHigh[destination] = chunks.lbaHigh[chunk];
    bios.blocks[destination] = offset;
    bios.offset[destination] = 0;
    bios.token[destination] = token;
    engine.submit(destination);
    return offset * 2;
  };
}
