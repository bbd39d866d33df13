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
 * Christoph Hellwig asked for bios of one range each that the block layer merges, because completions of extents hang off
 * bios (`aDB6Hdp9ZQ1gX5gr@infradead.org`): `bio: "per-range"`. They meet in the submitter's plug; without a plug, or when the
 * queue does not merge, each is a request of its own.
 *
 * As posted, sources that are added to a bio are joined by the length of the wrong one (`bvec_try_merge_copy_src`): a range
 * that does not follow is taken for one that does (`sources: "posted"`).
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
  type StrategyOption,
  status,
  verdicts,
} from "@blockferry/core";
import { joinSources } from "./join-sources.ts";
import { mergeTable } from "./merge-table.ts";
import { PerRange } from "./per-range.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const COPY = operation.copy;

/** Which of the ways, the first of each being the default. */
export interface SourceListOptions {
  /** One bio with all ranges, or one for each that are merged into requests. */
  readonly bio?: "whole" | "per-range" | undefined;
  /** Whether sources that follow each other are joined: not (`kept`), rightly (`joined`), or as `posted`. */
  readonly sources?: "kept" | "joined" | "posted" | undefined;
}

const optionsInWords: Readonly<Record<keyof SourceListOptions, StrategyOption>> = {
  bio: {
    meaning: "one bio with all ranges (whole), or one for each that are merged (per-range)",
    values: ["whole", "per-range"],
    default: "whole",
  },
  sources: {
    meaning:
      "whether sources that follow each other are joined: not (kept), rightly (joined), by the " +
      "length of the wrong one (posted)",
    values: ["kept", "joined", "posted"],
    default: "kept",
  },
};

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
export function sourceList(options: SourceListOptions = {}): PairingStrategy {
  const { bio = "whole", sources = "kept" } = options;
  const whole = bio === "whole";
  const prepare =
    (engine: StrategyEngine) =>
    (chunk: number): void => {
      if (sources !== "kept") joinSources(engine, chunk, sources === "posted");
    };
  return {
    name: "source-list",
    supports: {
      under: verdicts(sources === "posted" ? { multipleSources: "breaks" } : {}),
      isolated: true,
    },
    ...(whole
      ? { owners: "row:bio" }
      : {
          rowsOf: (ranges) => ({ bios: ranges + 1, windows: ranges + 2, requests: ranges }),
          tokens: "handle:merged-copy",
          owners: "row:merged-copy",
        }),
    declare(state, capacity) {
      if (!whole) state.add(mergeTable, capacity.bios);
    },
    attach(engine, state) {
      if (whole) return sources === "kept" ? pairing(engine) : joined(engine, prepare(engine));
      return new PerRange(engine, state.table(mergeTable), prepare(engine));
    },
  };
}

/** The way with one bio, after sources were joined. */
function joined(engine: StrategyEngine, prepare: (chunk: number) => void): Pairing {
  const whole = pairing(engine);
  return {
    ...whole,
    start(chunk) {
      prepare(chunk);
      whole.start(chunk);
    },
  };
}

/** `source-list` by name. */
export const kind: StrategyKind = {
  name: "source-list",
  summary: "one bio carries the list of sources and the destination",
  options: optionsInWords,
  make: (options) => sourceList(options as SourceListOptions),
};
