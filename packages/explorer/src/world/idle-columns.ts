import type { Scenario } from "../scenario.ts";

/**
 * Columns that do not count in a fingerprint of a world, because they follow from what does: from which copy of the scenario
 * it is, from the fate of its blocks, from where in its request a command begins, from the links of a list.
 */
const always = {
  copy: [
    ...["source", "device", "lba", "blocks", "first", "count", "range", "rangeOffset"],
    ...["issued", "copied", "emulated", "failed", "plugTail", "residueTail"],
  ],
  chunk: ["device", "lba", "lane", "blocks", "ranges", "accounted"],
  device: ["waitTail", "backlogTail"],
  queue: ["tail"],
  engine: ["waitTail", "context"],
  step: ["copy"],
  lane: ["head", "tail"],
  command0: ["blocks", "ranges", "firstRange", "firstOffset", "waits"],
};
/** The same where nothing goes through the host. */
const withoutHost = {
  ...always,
  copy: [
    ...always.copy,
    ...["residues", "residueHead", "residueTail", "pieceOffset", "pieceBlocks"],
  ],
  flight0: ["dataAt", "dataWords", "toHost"],
};

/** Besides, where bios and requests stay as they were made: what they carry follows from their chunk and their place in it. */
const uncut = {
  bio: ["device", "lba", "blocks", "root", "pieces", "ranges", "lane"],
  request: ["device", "lba", "blocks", "ranges", "parent"],
  window: ["ranges"],
};

/** True where no bio is split or remapped, and no part of a request is sent again. */
function staysWhole({ stack = [], devices, happens = {}, retriesMax, pieces }: Scenario): boolean {
  return (
    stack.length === 0 &&
    devices.length === 1 &&
    pieces === undefined &&
    happens.limitChange === undefined &&
    happens.requeue === undefined &&
    retriesMax === 0
  );
}

/** Columns that do not count in a fingerprint of a world, by table. */
export function idleColumns(scenario: Scenario): Readonly<Record<string, readonly string[]>> {
  if (scenario.emulate === true) return always;
  return staysWhole(scenario) ? { ...withoutHost, ...uncut } : withoutHost;
}
