import { notedEngine } from "@blockferry/conformance/strategy-engine";
import { status, strategyOf } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { kind, type PlugPairOptions, plugPair } from "../src/index.ts";

/*
 * Goal: each option does what was posted, defects included, and its manifest owns up to them. Method: a test plays submitters,
 * plugs and queues in the orders of the mails named.
 */
const one = [{ lba: 0, blocks: 8 }];
const other = [{ lba: 100, blocks: 8 }];
const under = (options: PlugPairOptions) => plugPair(options).supports.under;

/** Copies by submitters of their own, plugs in: the halves of each in the order of submission. */
function copies(options: PlugPairOptions, ...lists: (typeof one)[]) {
  const noted = notedEngine(plugPair(options), 3);
  const halves = lists.map((sources, lane) => {
    noted.conditions.plugged.add(lane);
    noted.start(sources, 1000 * (lane + 1), lane);
    return noted.take();
  });
  return { noted, halves };
}

describe("match", () => {
  // Bart Van Assche: 97966085-d7a4-4238-a413-4cdac77af8bd@acm.org, d7ae00c8-c038-4bed-937e-222251bc627a@acm.org. Halves that a
  // stacked device sends on by itself have no plug.
  it("size: an asynchronous stacked device exchanges the sources of two copies", () => {
    const { noted, halves } = copies({ match: "size" }, one, other);
    noted.engine.bios.columns.lane.fill(-1);
    const [[goalA, fromA], [goalB, fromB]] = halves;
    for (const half of [goalA, goalB, fromA, fromB]) noted.pairing.arrive(half);
    expect(
      noted.requests.map(({ chunk, blocks }) => [chunk, blocks[0].from, blocks[0].to]),
    ).toEqual([
      [1, "0:0", "0:2000"],
      [0, "0:100", "0:1000"],
    ]);
    for (const { owner } of noted.requests) noted.pairing.requestEnded(owner, status.success);
    expect(noted.ended).toHaveLength(4);
    expect(under({ match: "size" }).asynchronous).toBe("breaks");
  });

  it("size: flushed plugs do the same without any stacking", () => {
    const { noted, halves } = copies({ match: "size" }, one, other);
    const [[goalA, fromA], [goalB]] = halves;
    noted.pairing.arrive(goalA);
    noted.pairing.unplugged?.(0);
    noted.pairing.arrive(goalB);
    noted.pairing.unplugged?.(1);
    noted.pairing.arrive(fromA);
    expect(noted.requests[0].blocks[0]).toEqual({ from: "0:0", to: "0:2000", place: 0 });
    expect(under({ match: "size" }).plugFlush).toBe("breaks");
  });

  it("owner: neither pairs strangers", () => {
    const { noted, halves } = copies({}, one, other);
    noted.engine.bios.columns.lane.fill(-1);
    const [[goalA, fromA], [goalB, fromB]] = halves;
    for (const half of [goalA, goalB, fromA, fromB]) noted.pairing.arrive(half);
    expect(noted.requests.map(({ blocks }) => [blocks[0].from, blocks[0].to])).toEqual([
      ["0:0", "0:1000"],
      ["0:100", "0:2000"],
    ]);
  });

  it("size: a half of the first kind never attaches, one of another length does not either", () => {
    const { noted, halves } = copies({ match: "size" }, one, [{ lba: 100, blocks: 9 }]);
    noted.engine.bios.columns.lane.fill(-1);
    const [[goalA, fromA], [goalB]] = halves;
    for (const half of [fromA, goalA, goalB]) noted.pairing.arrive(half);
    expect(noted.requests).toEqual([]);
    noted.pairing.dispatching?.(0);
    expect(noted.ended.map((end) => end.status)).toEqual([17, 17, 17]);
  });

  it("size: of a plug the newest half-request for the device is looked at alone", () => {
    const { noted, halves } = copies({ match: "size" }, one, [{ lba: 100, blocks: 9 }]);
    const [[goalA, fromA], [goalB]] = halves;
    noted.engine.bios.columns.lane[goalB] = 0;
    for (const half of [goalA, goalB, fromA]) noted.pairing.arrive(half);
    expect(noted.requests).toEqual([]);
  });
});

// Bart Van Assche on QUEUE_FLAG_NOMERGES: eda6c198-3a29-4da4-94db-305cfe28d3d6@acm.org.
describe("at", () => {
  it("plug: a queue that does not merge does not pair, and each half is refused", () => {
    const { noted, halves } = copies({}, one);
    noted.conditions.merges = false;
    for (const half of halves[0]) noted.pairing.arrive(half);
    noted.pairing.unplugged?.(0);
    noted.pairing.dispatching?.(0);
    expect(noted.requests).toEqual([]);
    expect(noted.ended).toHaveLength(2);
    expect(under({}).noMerges).toBe("refuses");
  });

  it("entry: it pairs all the same", () => {
    const { noted, halves } = copies({ at: "entry" }, one);
    noted.conditions.merges = false;
    for (const half of halves[0]) noted.pairing.arrive(half);
    expect(noted.requests).toHaveLength(1);
    expect(under({ at: "entry" }).noMerges).toBe("survives");
  });

  it("entry: what has left the plug is not found", () => {
    const { noted, halves } = copies({ at: "entry" }, one);
    noted.pairing.arrive(halves[0][0]);
    noted.pairing.unplugged?.(0);
    noted.pairing.arrive(halves[0][1]);
    expect(noted.requests).toEqual([]);
  });

  it("plug: an elevator pairs in the plug, and not what has left it", () => {
    const { noted, halves } = copies({}, one, other);
    noted.conditions.elevator = true;
    for (const half of halves[0]) noted.pairing.arrive(half);
    expect(noted.requests).toHaveLength(1);
    noted.pairing.arrive(halves[1][0]);
    noted.pairing.unplugged?.(1);
    noted.pairing.arrive(halves[1][1]);
    expect(noted.requests).toHaveLength(1);
  });
});

describe("oversize", () => {
  // v20 02/12: bio_split_copy() returns an error, and nobody ends the bio.
  it("lost: a half that was split never ends", () => {
    const { noted, halves } = copies({ oversize: "lost" }, one);
    const [goal, source] = halves[0];
    for (const half of [goal, noted.split(goal, 4), source]) noted.pairing.arrive(half);
    noted.pairing.unplugged?.(0);
    noted.pairing.dispatching?.(0);
    expect(noted.ended).toEqual([{ bio: source, failed: true, status: status.aborted }]);
    expect(under({ oversize: "lost" }).split).toBe("breaks");
  });

  it("refused: it fails in all its parts", () => {
    const { noted, halves } = copies({ oversize: "refused" }, one);
    const [goal] = halves[0];
    const rest = noted.split(goal, 4);
    for (const half of [goal, rest]) noted.pairing.arrive(half);
    expect(noted.ended).toEqual([
      { bio: goal, failed: true, status: status.limitExceeded },
      { bio: rest, failed: true, status: status.limitExceeded },
    ]);
    expect(under({ oversize: "refused" }).split).toBe("refuses");
  });
});

describe("third", () => {
  // As posted a pair is as long as its bios together, so that a source of that length attaches to it.
  const long = [{ lba: 100, blocks: 16 }];

  it("attached: a third bio makes a request of a pair that the driver refuses", () => {
    const { noted, halves } = copies({ match: "size", third: "attached" }, one, long);
    const [[goalA, fromA], [goalB, fromB]] = halves;
    noted.pairing.arrive(goalB);
    noted.pairing.unplugged?.(1);
    for (const half of [goalA, fromA]) noted.pairing.arrive(half);
    noted.pairing.unplugged?.(0);
    noted.pairing.arrive(fromB);
    expect(noted.pairing.parkedCount).toBe(4);
    noted.pairing.dispatching?.(0);
    expect(noted.requests).toEqual([]);
    expect(noted.ended).toHaveLength(4);
  });

  it("attached: a pair that is left alone is sent when the queue runs", () => {
    const { noted, halves } = copies({ third: "attached" }, one);
    for (const half of halves[0]) noted.pairing.arrive(half);
    expect(noted.requests).toEqual([]);
    noted.pairing.unplugged?.(0);
    noted.pairing.dispatching?.(0);
    expect(noted.requests).toHaveLength(1);
  });

  it("attached: a pair goes with either of its copies", () => {
    const { noted, halves } = copies({ match: "size", third: "attached" }, one, long);
    const [[goalA, fromA], [, fromB]] = halves;
    noted.engine.bios.columns.lane.fill(-1);
    for (const half of [goalA, fromA, fromB]) noted.pairing.arrive(half);
    noted.pairing.cancel(1, status.cancelled);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([goalA, fromA, fromB]);
  });

  it("refused: a pair takes no more bios", () => {
    const { noted, halves } = copies({ match: "size" }, one, long);
    noted.engine.bios.columns.lane.fill(-1);
    for (const half of [...halves[0], halves[1][1]]) noted.pairing.arrive(half);
    expect(noted.requests).toHaveLength(1);
    expect(noted.pairing.parkedCount).toBe(1);
  });
});

// v20 03/12: blkdev_copy_offload_src_endio() stores min(copied, offset) without a lock.
describe("report", () => {
  /** Two chunks of one copy, at blocks 0 and 8 of it, paired. */
  function failing(report: NonNullable<PlugPairOptions["report"]>) {
    const { noted, halves } = copies({ report }, one, other);
    noted.engine.chunks.columns.offset[1] = 8;
    for (const half of halves.flat()) noted.pairing.arrive(half);
    const end = (i: number): void =>
      noted.pairing.requestEnded(noted.requests[i].owner, status.writeFault);
    return { noted, end };
  }

  it("accounted: says nothing of its own", () => {
    const { noted, end } = failing("accounted");
    end(0);
    expect(noted.reported).toBeUndefined();
  });

  it("min-offset: says where the first failure is", () => {
    const { noted, end } = failing("min-offset");
    end(1);
    expect(noted.reported).toBe(8);
    end(0);
    expect(noted.reported).toBe(0);
    expect(noted.ended).toHaveLength(4);
  });

  it("min-offset-unlocked: the later store wins, and says more than was copied", () => {
    const { noted, end } = failing("min-offset-unlocked");
    end(0);
    end(1);
    expect(noted.ended).toEqual([]);
    const [first, second] = noted.deferred;
    noted.pairing.resume?.(first);
    noted.pairing.resume?.(second);
    expect(noted.reported).toBe(8);
    expect(noted.ended).toHaveLength(4);
    expect(under({ report: "min-offset-unlocked" }).deviceError).toBe("breaks");
  });

  it("min-offset: halves that fail on their way count as well", () => {
    const { noted, halves } = copies({ report: "min-offset" }, one);
    noted.fail(halves[0][0], status.unmapped);
    expect(noted.reported).toBe(0);
  });

  it("min-offset-unlocked: so do halves that are refused, in a step of their own", () => {
    const { noted, halves } = copies({ report: "min-offset-unlocked" }, one);
    noted.pairing.arrive(halves[0][0]);
    noted.pairing.unplugged?.(0);
    noted.pairing.dispatching?.(0);
    expect(noted.ended).toEqual([]);
    noted.pairing.resume?.(noted.deferred[0]);
    expect(noted.ended.map(({ failed }) => failed)).toEqual([true]);
  });
});

// v20 03/12: after ENOMEM the submitter's own reference is never dropped.
it("enomem=hang: the submitter of a chunk without memory waits for ever", () => {
  const noted = notedEngine(plugPair({ enomem: "hang" }));
  noted.conditions.memory = 1;
  noted.start(one, 50);
  expect([noted.failedChunks, noted.submitted, noted.ended]).toEqual([[], [], []]);
  expect(under({ enomem: "hang" }).allocationFailure).toBe("breaks");
});

it("is made by name, with its options as words", () => {
  expect(strategyOf(kind, "plug-pair").supports).toEqual(plugPair().supports);
  const text =
    "plug-pair:first=source,at=entry,match=size,oversize=lost,report=min-offset-unlocked";
  expect(strategyOf(kind, `${text},third=attached,enomem=hang`).supports).toEqual(
    plugPair({
      first: "source",
      at: "entry",
      match: "size",
      oversize: "lost",
      report: "min-offset-unlocked",
      third: "attached",
      enomem: "hang",
    }).supports,
  );
});
