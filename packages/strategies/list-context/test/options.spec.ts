import { notedEngine } from "@blockferry/conformance/strategy-engine";
import { status, strategyOf } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { kind, type ListContextOptions, listContext } from "../src/index.ts";

/*
 * Goal: each option does what was posted or feared, and its manifest owns up to it. Method: a test plays the stack, with the
 * shortest orders that show it.
 */
const one = [{ lba: 0, blocks: 8 }];
const other = [{ lba: 100, blocks: 8 }];
const under = (options: ListContextOptions) => listContext(options).supports.under;

/** One copy of eight blocks to 50, its halves taken. */
function copied(options: ListContextOptions, chunks = 2) {
  const noted = notedEngine(listContext(options), chunks);
  const chunk = noted.start(one, 50);
  const [source, target] = noted.take();
  return { noted, chunk, source, target };
}

describe("count", () => {
  it("blocks: sides cut at different places are paired", () => {
    const { noted, source, target } = copied({});
    const halves = [source, target, noted.split(source, 3), noted.split(target, 5)];
    for (const half of halves) noted.pairing.arrive(half);
    expect(
      noted.requests.flatMap(({ blocks }) => blocks).map(({ from, to }) => [from, to]),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => [`0:${i}`, `0:${50 + i}`]));
    expect(under({}).splitApart).toBe("survives");
  });

  it("pieces: sides cut at the same places are paired", () => {
    const { noted, source, target } = copied({ count: "pieces" });
    const halves = [source, target, noted.split(source, 3), noted.split(target, 3)];
    for (const half of halves) noted.pairing.arrive(half);
    expect(noted.requests.flatMap(({ blocks }) => blocks).map(({ to }) => to)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => `0:${50 + i}`),
    );
    expect(under({ count: "pieces" }).split).toBe("survives");
  });

  it("pieces: sides cut at different places are refused", () => {
    const { noted, source, target } = copied({ count: "pieces" });
    const halves = [source, target, noted.split(source, 3), noted.split(target, 5)];
    for (const half of halves) noted.pairing.arrive(half);
    expect(noted.requests).toEqual([]);
    expect(new Set(noted.ended.map((end) => end.status))).toEqual(new Set([status.aborted]));
    expect(noted.ended).toHaveLength(4);
    expect(under({ count: "pieces" }).splitApart).toBe("refuses");
  });

  it("halves: a split is not seen, and parts that come in another order make a wrong copy", () => {
    const { noted, source, target } = copied({ count: "halves" });
    const tail = noted.split(target, 4);
    const head = source;
    noted.split(source, 4);
    noted.pairing.arrive(head);
    noted.pairing.arrive(tail);
    // Blocks 0 to 3 of the source, where blocks 4 to 7 belong.
    expect(noted.requests[0].blocks[0]).toEqual({ from: "0:0", to: "0:54", place: 4 });
  });

  it("halves: parts of different lengths are refused, and so are those that come later", () => {
    const { noted, source, target } = copied({ count: "halves" });
    const rest = noted.split(target, 5);
    for (const half of [source, target, rest]) noted.pairing.arrive(half);
    expect(noted.requests).toEqual([]);
    expect(noted.ended.map((end) => end.status)).toEqual([17, 17, 17]);
  });

  it("halves: what comes after its context was paired fails, and then the context goes", () => {
    const { noted, source, target } = copied({ count: "halves" });
    const rests = [noted.split(source, 4), noted.split(target, 4)];
    for (const half of [source, target, ...rests]) noted.pairing.arrive(half);
    expect(noted.requests[0].blocks).toHaveLength(4);
    expect(noted.ended.map(({ bio }) => bio)).toEqual(rests);
    noted.pairing.requestEnded(noted.requests[0].owner, status.success);
    expect(noted.ended).toHaveLength(4);
    expect(noted.state.tables.find(({ name }) => name === "list-context")?.used).toBe(0);
  });
});

describe("cancel", () => {
  it("none: a half whose partner failed waits for ever", () => {
    const { noted, source, target } = copied({ cancel: "none" });
    noted.fail(target, status.unmapped);
    noted.pairing.arrive(source);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([target]);
    expect(noted.pairing.parkedCount).toBe(1);
    expect(under({ cancel: "none" }).mapFailure).toBe("breaks");
  });
});

describe("hold", () => {
  it("queue: what waits holds its queue until it ends", () => {
    const { noted, source, target } = copied({ hold: "queue" });
    noted.pairing.arrive(source);
    expect(noted.held).toEqual([1, 0, 0, 0]);
    noted.fail(target, status.unmapped);
    expect(noted.held).toEqual([0, 0, 0, 0]);
    noted.start(other, 60);
    for (const half of noted.take()) noted.pairing.arrive(half);
    expect(noted.held).toEqual([2, 0, 0, 0]);
    noted.pairing.requestEnded(noted.requests[0].owner, status.success);
    expect(noted.held).toEqual([0, 0, 0, 0]);
    expect(under({ hold: "queue" }).freeze).toBe("breaks");
  });
});

describe("held", () => {
  it("recalled: all halves go back to where their copy was submitted, and down once more", () => {
    const { noted, source, target } = copied({});
    const rest = noted.split(target, 5);
    for (const half of [source, target, rest]) noted.remap(half, 1, 1000);
    noted.pairing.arrive(target);
    noted.pairing.holding?.(3);
    noted.pairing.arrive(rest);
    expect([target, rest].map(noted.rangeOf)).toEqual([
      { device: 0, lba: 50, blocks: 5, offset: 0 },
      { device: 0, lba: 55, blocks: 3, offset: 5 },
    ]);
    noted.pairing.arrive(source);
    expect(noted.requests).toEqual([]);
    for (const half of noted.take()) noted.pairing.arrive(half);
    expect(noted.requests.flatMap(({ blocks }) => blocks).map(({ to }) => to)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => `0:${50 + i}`),
    );
    for (const { owner } of noted.requests) noted.pairing.requestEnded(owner, status.success);
    expect(noted.state.tables.find(({ name }) => name === "list-context")?.used).toBe(0);
  });

  it.each(["pieces", "halves"] as const)("recalled: %s are counted again", (count) => {
    const { noted, source, target } = copied({ count });
    noted.pairing.arrive(source);
    noted.pairing.holding?.(3);
    noted.pairing.arrive(target);
    for (const half of noted.take()) noted.pairing.arrive(half);
    expect(noted.requests[0].blocks).toHaveLength(8);
  });

  it.each<ListContextOptions>([{ held: "stays" }, { hold: "queue" }])(
    "%j: a parked half stays, and keeps waiting who waits for it",
    (options) => {
      const { noted, source } = copied(options);
      noted.pairing.arrive(source);
      noted.pairing.holding?.(3);
      expect([noted.submitted, noted.pairing.parkedCount]).toEqual([[], 1]);
      expect(under(options).reload).toBe("breaks");
    },
  );
});

// "makes lifetime management of BIO complicated, especially during failure cases":
// 20240624103212.2donuac5apwwqaor@nj.shetty.
describe("lifetime", () => {
  it("failure: a half that comes late is lost with the context that it points to", () => {
    const { noted, source, target } = copied({ lifetime: "failure" });
    noted.fail(target, status.unmapped);
    noted.pairing.arrive(source);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([target]);
    expect(under({ lifetime: "failure" }).mapFailure).toBe("breaks");
  });

  it("failure: or it is paired with a stranger, who has the row by then", () => {
    const { noted, source, target } = copied({ lifetime: "failure" });
    noted.fail(target, status.unmapped);
    noted.start(other, 60);
    const [, stranger] = noted.take();
    noted.pairing.arrive(source);
    noted.pairing.arrive(stranger);
    expect(noted.requests[0].blocks[0]).toEqual({ from: "0:0", to: "0:60", place: 0 });
  });

  it("failure: a cancelled copy ends what waits, once", () => {
    const { noted, chunk, source } = copied({ lifetime: "failure" });
    noted.pairing.arrive(source);
    noted.pairing.cancel(chunk, status.cancelled);
    noted.pairing.cancel(chunk, status.cancelled);
    expect(noted.ended.map(({ bio }) => bio)).toEqual([source]);
  });
});

it("is made by name, with its options as words", () => {
  expect(strategyOf(kind, "list-context").supports).toEqual(listContext().supports);
  const named = strategyOf(
    kind,
    "list-context:count=halves,cancel=none,hold=queue,lifetime=failure",
  );
  expect(named.supports).toEqual(
    listContext({ count: "halves", cancel: "none", hold: "queue", lifetime: "failure" }).supports,
  );
});
