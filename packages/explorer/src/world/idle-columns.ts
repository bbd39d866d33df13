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

/** Columns that do not count in a fingerprint, by table. `emulates`: copies may go through the host. */
export function idleColumns(emulates: boolean): Readonly<Record<string, readonly string[]>> {
  return emulates ? always : withoutHost;
}
