import { type NotedEngine, notedEngine } from "@blockferry/conformance/strategy-engine";
import { status, strategyOf } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { kind, type ListTokenOptions, listToken } from "../src/index.ts";

/*
 * Goal: each option does what was talked about on the list, defects included, and its manifest owns up to them. Method: a
 * test plays the stack; the orders of steps are those of the mails named.
 */
const one = [{ lba: 0, blocks: 4 }];
const other = [{ lba: 100, blocks: 4 }];

/** The halves of a new copy: source, destination. */
function halves(noted: NotedEngine, sources: typeof one, destination: number): [number, number] {
  noted.start(sources, destination);
  const [source, target] = noted.take();
  return [source, target];
}

const under = (options: ListTokenOptions) => listToken(options).supports.under;

describe("cancel", () => {
  it("partner: what waits fails with the half that failed", () => {
    const noted = notedEngine(listToken());
    const [source, target] = halves(noted, one, 50);
    noted.pairing.arrive(source);
    noted.fail(target, status.unmapped);
    expect(noted.ended.map(({ bio }) => bio).sort()).toEqual([source, target].sort());
    expect(under({}).mapFailure).toBe("survives");
  });

  it("none: a half whose partner failed waits for ever", () => {
    const noted = notedEngine(listToken({ cancel: "none" }));
    const [source, target] = halves(noted, one, 50);
    noted.pairing.arrive(source);
    noted.fail(target, status.unmapped);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([target]);
    expect(noted.pairing.parkedCount).toBe(1);
    expect(under({ cancel: "none" }).mapFailure).toBe("breaks");
  });

  it("none: the submitter still ends what waits", () => {
    const noted = notedEngine(listToken({ cancel: "none" }));
    const chunk = noted.start(one, 50);
    noted.pairing.arrive(noted.take()[0]);
    noted.pairing.cancel(chunk, status.cancelled);
    expect(noted.pairing.parkedCount).toBe(0);
  });
});

// Scope and reuse of an id: asked of Christoph Hellwig's copy_id (ZIKphgDavKVPREnw@infradead.org).
describe("id", () => {
  it("global: with its id given out anew a half meets a stranger's", () => {
    const noted = notedEngine(listToken({ id: "global", ids: 2 }), 3);
    const [source] = halves(noted, one, 50);
    halves(noted, other, 60);
    const [, third] = halves(noted, other, 70);
    noted.pairing.arrive(source);
    noted.pairing.arrive(third);
    expect(noted.requests.map(({ blocks }) => blocks[0])).toEqual([
      { from: "0:0", to: "0:70", place: 0 },
    ]);
    expect(under({ id: "global" }).concurrency).toBe("breaks");
  });

  it("global: copies that have ids of their own are paired rightly", () => {
    const noted = notedEngine(listToken({ id: "global", ids: 2 }));
    const [source, target] = halves(noted, one, 50);
    const [stranger, goal] = halves(noted, other, 60);
    for (const half of [source, goal, stranger, target]) noted.pairing.arrive(half);
    expect(noted.requests.map(({ blocks }) => blocks[0])).toEqual([
      { from: "0:100", to: "0:60", place: 0 },
      { from: "0:0", to: "0:50", place: 0 },
    ]);
    for (const { owner } of noted.requests) noted.pairing.requestEnded(owner, status.success);
    expect(noted.ended).toHaveLength(4);
  });

  it("global: a half that comes after its copy was given up fails", () => {
    const noted = notedEngine(listToken({ id: "global" }));
    const [source, target] = halves(noted, one, 50);
    noted.fail(source, status.unmapped);
    noted.pairing.arrive(target);
    expect(noted.ended.at(-1)).toEqual({ bio: target, failed: true, status: status.aborted });
    expect(noted.pairing.parkedCount).toBe(0);
  });

  it("global: two sources of two copies are refused, not paired", () => {
    const noted = notedEngine(listToken({ id: "global", ids: 1 }));
    const [source] = halves(noted, one, 50);
    const [stranger] = halves(noted, other, 60);
    noted.pairing.arrive(source);
    noted.pairing.arrive(stranger);
    expect(noted.requests).toEqual([]);
    expect(noted.ended.map((end) => end.status)).toEqual([status.aborted, status.aborted]);
  });

  it("queue: halves that arrive at different devices never meet", () => {
    const noted = notedEngine(listToken({ id: "queue" }));
    const [source, target] = halves(noted, one, 50);
    noted.remap(source, 1, 0);
    noted.remap(target, 2, 0);
    noted.pairing.arrive(source);
    noted.pairing.arrive(target);
    expect([noted.requests.length, noted.ended.length, noted.pairing.parkedCount]).toEqual([
      0, 0, 2,
    ]);
    expect(under({ id: "queue" }).crossDevice).toBe("breaks");
  });

  it("queue: halves of copies on two devices have one id where they meet", () => {
    const noted = notedEngine(listToken({ id: "queue" }));
    const [source] = halves(noted, one, 50);
    const { start } = noted.pairing;
    noted.pairing.start = (chunk) => {
      noted.engine.chunks.columns.device[chunk] = 1;
      start(chunk);
    };
    const [, target] = halves(noted, other, 60);
    noted.remap(source, 2, 0);
    noted.remap(target, 2, 0);
    noted.pairing.arrive(source);
    noted.pairing.arrive(target);
    expect(noted.requests[0].blocks[0]).toEqual({ from: "2:0", to: "2:60", place: 0 });
  });

  it("queue: a device that goes takes what waits for it along, and its partners elsewhere", () => {
    const noted = notedEngine(listToken({ id: "queue" }));
    const [source, target] = halves(noted, one, 50);
    noted.remap(source, 1, 0);
    noted.pairing.arrive(source);
    noted.pairing.removed(1);
    noted.pairing.arrive(target);
    expect(noted.ended.map((end) => end.status)).toEqual([status.removed, status.aborted]);
  });
});

describe("hold", () => {
  it("none: what waits does not keep a queue from being frozen", () => {
    const noted = notedEngine(listToken());
    const [source] = halves(noted, one, 50);
    noted.pairing.arrive(source);
    expect(noted.held).toEqual([0, 0, 0, 0]);
    expect(under({}).freeze).toBe("survives");
  });

  it("queue: what waits holds its queue until it ends", () => {
    const noted = notedEngine(listToken({ hold: "queue" }));
    const [source, target] = halves(noted, one, 50);
    noted.pairing.arrive(source);
    expect(noted.held).toEqual([1, 0, 0, 0]);
    noted.pairing.arrive(target);
    noted.pairing.requestEnded(noted.requests[0].owner, status.success);
    expect(noted.held).toEqual([0, 0, 0, 0]);
    const [lone] = halves(noted, other, 60);
    noted.pairing.arrive(lone);
    noted.pairing.removed(0);
    expect(noted.held).toEqual([0, 0, 0, 0]);
    expect(under({ hold: "queue" }).freeze).toBe("breaks");
  });
});

describe("held", () => {
  it("recalled: all halves go back to where their copy was submitted, and down once more", () => {
    const noted = notedEngine(listToken());
    const [source, target] = halves(noted, [{ lba: 7, blocks: 8 }], 50);
    const rest = noted.split(source, 3);
    for (const half of [source, rest, target]) noted.remap(half, 1, 1000);
    noted.pairing.arrive(source);
    noted.pairing.holding?.(3);
    noted.pairing.arrive(rest);
    expect([source, rest].map(noted.rangeOf)).toEqual([
      { device: 0, lba: 7, blocks: 3, offset: 0 },
      { device: 0, lba: 10, blocks: 5, offset: 3 },
    ]);
    expect([noted.submitted, noted.pairing.parkedCount]).toEqual([[], 2]);
    noted.pairing.arrive(target);
    expect(noted.requests).toEqual([]);
    const again = noted.take();
    expect(again.map((half) => noted.rangeOf(half).lba).sort()).toEqual([10, 50, 7]);
    for (const half of again) noted.pairing.arrive(half);
    expect(
      noted.requests.flatMap(({ blocks }) => blocks).map(({ from, to }) => [from, to]),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => [`0:${7 + i}`, `0:${50 + i}`]));
    expect(under({}).reload).toBe("survives");
  });

  it("recalled: what is paired stays", () => {
    const noted = notedEngine(listToken());
    for (const half of halves(noted, one, 50)) noted.pairing.arrive(half);
    noted.pairing.holding?.(3);
    expect(noted.submitted).toEqual([]);
    noted.pairing.requestEnded(noted.requests[0].owner, status.success);
    expect(noted.ended).toHaveLength(2);
  });

  it.each<ListTokenOptions>([
    { held: "stays" },
    { hold: "queue" },
    { id: "global" },
    { requests: "both" },
  ])("%j: a parked half stays, and keeps waiting who waits for it", (options) => {
    const noted = notedEngine(listToken(options));
    const [source] = halves(noted, one, 50);
    noted.pairing.arrive(source);
    noted.pairing.holding?.(3);
    expect([noted.submitted, noted.pairing.parkedCount]).toEqual([[], 1]);
    expect(under(options).reload).toBe("breaks");
  });
});

describe("bound", () => {
  it("refuses a copy for which there is no token", () => {
    const noted = notedEngine(listToken({ bound: 1 }));
    noted.start(one, 50);
    const chunk = noted.start(other, 60);
    expect(noted.failedChunks).toEqual([{ chunk, status: status.exhausted }]);
    expect(noted.submitted).toHaveLength(2);
  });

  it("is no more than there are chunks", () => {
    const noted = notedEngine(listToken({ bound: 9 }), 2);
    for (const place of [50, 60]) noted.start(one, place);
    expect(noted.failedChunks).toEqual([]);
  });
});

// "Option (1) could result in a deadlock because the source and destination bio both would have to be converted into a
// request": d4946174-32e1-47f0-b448-38377dae0600@acm.org.
describe("requests", () => {
  it("both: with one tag the second half waits for what the first holds", () => {
    const noted = notedEngine(listToken({ requests: "both" }));
    noted.conditions.tags = 1;
    const [source, target] = halves(noted, one, 50);
    noted.pairing.arrive(source);
    noted.pairing.arrive(target);
    expect([noted.requests, noted.ended, noted.deferred]).toEqual([[], [], []]);
    expect(under({ requests: "both" }).queueDepthOne).toBe("breaks");
  });

  it("both: two tags are held by the sources of two copies", () => {
    const noted = notedEngine(listToken({ requests: "both" }));
    noted.conditions.tags = 2;
    const [source, target] = halves(noted, one, 50);
    const [stranger, goal] = halves(noted, other, 60);
    for (const half of [source, stranger, target, goal]) noted.pairing.arrive(half);
    expect([noted.requests, noted.ended, noted.deferred]).toEqual([[], [], []]);
  });

  it("both: tags that are given back go to the half that waited longest", () => {
    const noted = notedEngine(listToken({ requests: "both" }));
    noted.conditions.tags = 2;
    const [source, target] = halves(noted, one, 50);
    const [stranger, goal] = halves(noted, other, 60);
    for (const half of [source, target, stranger, goal]) noted.pairing.arrive(half);
    expect(noted.requests).toHaveLength(1);
    noted.pairing.requestEnded(noted.requests[0].owner, status.success);
    expect(noted.deferred).toEqual([0]);
    noted.pairing.resume?.(0);
    expect(noted.requests[1].blocks[0]).toEqual({ from: "0:100", to: "0:60", place: 0 });
  });

  it("both: a cancelled copy gives its tag back, and its other half ends with it", () => {
    const noted = notedEngine(listToken({ requests: "both" }));
    noted.conditions.tags = 1;
    const chunk = noted.start(one, 50);
    const [source, target] = noted.take();
    noted.pairing.arrive(source);
    noted.pairing.arrive(target);
    noted.pairing.cancel(chunk, status.cancelled);
    noted.pairing.resume?.(0);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([source, target]);
  });

  it("both: what waits for a tag goes with its device", () => {
    const noted = notedEngine(listToken({ requests: "both" }));
    noted.conditions.tags = 1;
    const [source, target] = halves(noted, one, 50);
    noted.pairing.arrive(source);
    noted.pairing.arrive(target);
    noted.pairing.removed(0);
    expect(noted.ended.map((end) => [end.bio, end.status])).toEqual([
      [source, status.removed],
      [target, status.removed],
    ]);
  });
});

describe("list-token by name", () => {
  it("takes its options as words", () => {
    expect(strategyOf(kind, "list-token").supports).toEqual(listToken().supports);
    const named = strategyOf(
      kind,
      "list-token:id=global,ids=1,cancel=none,hold=queue,requests=both",
    );
    expect(named.supports).toEqual(
      listToken({ id: "global", ids: 1, cancel: "none", hold: "queue", requests: "both" }).supports,
    );
  });

  it("refuses counts that are none", () => {
    expect(() => listToken({ bound: 0 })).toThrow(RangeError);
    expect(() => listToken({ ids: 1.5 })).toThrow(RangeError);
  });
});
