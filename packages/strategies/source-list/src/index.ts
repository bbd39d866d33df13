/**
 * Pairing strategy `source-list`: one bio carries a list of source ranges and one destination, so there is nothing to pair.
 *
 * Asked for by Damien Le Moal (`de54c406-9270-4145-ab96-5fc3dd51765e@kernel.org`) and posted by Keith Busch
 * (`20250521223107.709131-1-kbusch@meta.com`).
 *
 * ```
 * chunk ── copy bio: destination + [source, source, …]
 *            │  remap: the destination as any bio, and every range of the list
 *            │  split: the list is cut with the destination
 *            ▼
 *          bottom queue ── one request
 * ```
 *
 * When it cannot work: under a layer that remaps the destination of a bio and does not walk its list (partition code,
 * each device mapper target), the copy would read from the wrong place.
 *
 * @packageDocumentation
 */
import {
  operation,
  type Pairing,
  type PairingStrategy,
  type StrategyEngine,
  type StrategyKind,
  status,
  verdicts,
} from "@blockferry/core";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const COPY = operation.copy;

function pairing(engine: StrategyEngine): Pairing {
  const bios = engine.bios.columns;
  const chunks = engine.chunks.columns;
  return {
    parkedCount: 0,
    biosOf: () => 1,
    start(chunk) {
      const bio = engine.allocateBio(chunk, COPY);
      if (bio < 0) {
        engine.failChunk(chunk, status.exhausted);
        return;
      }
      bios.lbaLow[bio] = chunks.lbaLow[chunk];
      bios.lbaHigh[bio] = chunks.lbaHigh[chunk];
      bios.blocks[bio] = chunks.blocks[chunk];
      bios.offset[bio] = 0;
      bios.window[bio] = chunks.window[chunk];
      bios.ranges[bio] = chunks.ranges[chunk];
      // Requests made of this bio or of a part of it that have not ended.
      bios.token[bio] = 0;
      chunks.window[chunk] = -1;
      engine.submit(bio);
    },
    arrive(bio) {
      const window = bios.window[bio];
      bios.window[bio] = -1;
      const requests = engine.pair(
        bios.chunk[bio],
        bios.device[bio],
        bios.lbaLow[bio],
        bios.lbaHigh[bio],
        bios.offset[bio],
        window,
        bios.ranges[bio],
        bio,
      );
      bios.token[bio] = requests;
      if (requests === 0) engine.endBio(bio, 0);
    },
    requestEnded(bio, value) {
      if (--bios.token[bio] === 0) engine.endBio(bio, value);
    },
    bioFailed() {},
    cancel() {},
    removed() {},
  };
}

/** One bio with a list of sources. */
export function sourceList(): PairingStrategy {
  return {
    name: "source-list",
    supports: { under: verdicts({}), isolated: true },
    owners: "row:bio",
    declare() {},
    attach: pairing,
  };
}

/** `source-list` by name. */
export const kind: StrategyKind = {
  name: "source-list",
  summary: "one bio carries the list of sources and the destination",
  options: {},
  make: sourceList,
};
