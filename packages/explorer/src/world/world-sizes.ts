import type { EngineBounds } from "@blockferry/block";
import type { State, TableDefinition } from "@blockferry/core/table";
import type { Scenario } from "../scenario.ts";
import type { WorldCopy } from "./copies.ts";

/** What the largest of the copies takes at one time. */
interface CopySizes {
  readonly bios: number;
  readonly blocks: number;
  readonly pieces: number;
  readonly ranges: number;
}

/** Bios that a copy may have at one time, and blocks of the largest copy. */
export function copySizes(scenario: Scenario, copies: readonly WorldCopy[]): CopySizes {
  const blocks = Math.max(...copies.map((copy) => copy.blocks));
  const ranges = Math.max(...copies.map((copy) => copy.count));
  const cuts = scenario.happens?.limitChange !== undefined || (scenario.stack?.length ?? 0) > 0;
  const several = scenario.devices.length > 1 ? ranges : 0;
  const pieces = scenario.pieces ?? (cuts ? 2 * blocks : several);
  const chunks = Math.ceil(blocks / (scenario.chunkBlocks ?? blocks));
  return { bios: chunks * (ranges + 2 + 2 * pieces), blocks, pieces, ranges };
}

/** Bounds of an engine for `rows` copies at one time: no more than they need, since every row is part of every state. */
export function boundsOf(
  scenario: Scenario,
  copies: readonly WorldCopy[],
  rows: number,
): EngineBounds {
  const { blocks, pieces, ranges } = copySizes(scenario, copies);
  const chunkBlocks = scenario.chunkBlocks ?? blocks;
  const chunks = Math.ceil(blocks / chunkBlocks) * rows;
  return { copies: rows, chunks, chunkBlocks, ranges, pieces, transfers: 0 };
}

/** Memory for a copy through the host, a row of a table. */
export type BufferColumns = { readonly words: number };

/** The memory of the copy in a row of the engine. */
export function memoryOf(
  state: State,
  buffers: TableDefinition<BufferColumns>,
  copy: number,
): Uint8Array {
  const { words } = state.table(buffers).columns;
  const length = buffers.columns.words * 4;
  return new Uint8Array(words.buffer, words.byteOffset + copy * length, length);
}
