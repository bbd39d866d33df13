import { operation } from "@blockferry/core";
import type { NotedEngine, PairedBlock } from "./noted-engine.ts";

/** A number below `n`, as a test draws it. */
export type Pick = (n: number) => number;

/** Takes the submitted bios, cuts them at random places, moves them to other devices, and puts them in random order. */
export function scatter(noted: NotedEngine, pick: Pick): number[] {
  const halves = noted.take();
  for (let i = 0; i < halves.length; i++) {
    const { blocks } = noted.rangeOf(halves[i]);
    if (blocks > 1 && pick(2) === 0) halves.push(noted.split(halves[i], 1 + pick(blocks - 1)));
  }
  for (const half of halves) noted.remap(half, 1 + pick(3), pick(5) * 2 ** 31);
  return halves
    .map((half) => ({ half, order: pick(1000) }))
    .sort((a, b) => a.order - b.order)
    .map(({ half }) => half);
}

/** The pairs that the halves of one chunk make, block by block, as they lie before they arrive. */
export function pairsOf(noted: NotedEngine, halves: readonly number[]): PairedBlock[] {
  const placesOf = (kind: number): string[] => {
    const places: string[] = [];
    for (const half of halves) {
      if (noted.engine.bios.columns.operation[half] !== kind) continue;
      const { device, lba, blocks, offset } = noted.rangeOf(half);
      for (let i = 0; i < blocks; i++) places[offset + i] = `${device}:${lba + i}`;
    }
    return places;
  };
  const to = placesOf(operation.destination);
  return placesOf(operation.source).map((from, place) => ({ from, to: to[place], place }));
}
