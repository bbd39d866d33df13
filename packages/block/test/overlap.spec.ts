import { rangeList, status } from "@blockferry/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockEngine,
  type CopyResult,
  copy,
  copyOn,
  orderPieces,
  pieceKind,
} from "../src/index.ts";
import { testController } from "./support/block-model.ts";
import { settled, strategies } from "./support/scenario.ts";

/*
 * Goal: ranges that overlap their destination end as if all had been read first, with a small buffer, and a copy that stops
 * in the middle has overwritten nothing that is still needed. Method: labels; the reference reads everything first.
 */
const strategy = strategies["source-list"];
const blocks = 24;

const request = fc
  .record({
    sources: fc.array(
      fc.record({ lba: fc.nat(blocks - 1), blocks: fc.integer({ min: 1, max: 8 }) }),
      { minLength: 1, maxLength: 6 },
    ),
    destination: fc.nat(blocks - 1),
  })
  .filter(
    ({ sources, destination }) =>
      sources.every((range) => range.lba + range.blocks <= blocks) &&
      destination + sources.reduce((sum, range) => sum + range.blocks, 0) <= blocks,
  );

describe("the order of pieces", { timeout: 60_000 }, () => {
  it("ends as if every source had been read first", () => {
    fc.assert(
      fc.property(
        request,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 8 }),
        ({ sources, destination }, pieceBlocks, keptBlocksMax) => {
          const order = orderPieces(rangeList(sources), destination, pieceBlocks, keptBlocksMax);
          if (order === undefined) return;
          const labels = Array.from({ length: blocks }, (_, lba) => lba);
          const expected = [...labels];
          const origin = sources.flatMap(({ lba, blocks: length }) =>
            labels.slice(lba, lba + length),
          );
          expected.splice(destination, origin.length, ...origin);
          const kept: number[] = [];
          for (let i = 0; i < order.count; i++) {
            const from = labels.slice(order.source[i], order.source[i] + order.blocks[i]);
            const to = destination + order.offset[i];
            expect(order.blocks[i]).toBeLessThanOrEqual(pieceBlocks);
            expect(order.kept[i] + order.blocks[i]).toBeLessThanOrEqual(
              Math.max(keptBlocksMax, pieceBlocks),
            );
            if (order.kind[i] === pieceKind.keep) kept.splice(order.kept[i], from.length, ...from);
            else if (order.kind[i] === pieceKind.copy) labels.splice(to, from.length, ...from);
            else {
              const held = kept.slice(order.kept[i], order.kept[i] + order.blocks[i]);
              labels.splice(to, held.length, ...held);
            }
          }
          expect(labels).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("needs no more than everything kept", () => {
    fc.assert(
      fc.property(request, ({ sources, destination }) => {
        expect(orderPieces(rangeList(sources), destination, 1, blocks)).toBeDefined();
      }),
    );
  });
});

const swap = {
  sources: [
    { lba: 5, blocks: 5 },
    { lba: 0, blocks: 5 },
  ],
  destination: 0,
};

describe("a copy in a circle", { timeout: 60_000 }, () => {
  it("swaps blocks through a buffer that holds two pieces", async () => {
    const controller = testController([{ blocks: 16 }]);
    const { labels } = controller.units[0];
    const before = labels.slice();
    const result = await copy(controller.devices[0], swap, {
      strategy: strategy(),
      emulate: true,
      buffer: new Uint8Array(10 * 8),
    });
    expect(result).toMatchObject({ status: "success", emulatedBlocks: 10 });
    expect([...labels]).toEqual([
      ...before.slice(5, 10),
      ...before.slice(0, 5),
      ...before.slice(10),
    ]);
  });

  it("is refused where the buffer is too small, before a byte moves", async () => {
    const controller = testController([{ blocks: 16 }]);
    await expect(
      copy(controller.devices[0], swap, {
        strategy: strategy(),
        emulate: true,
        buffer: new Uint8Array(8),
      }),
    ).rejects.toMatchObject({
      code: "FERRY_COPY_OVERLAP_CYCLE",
      hint: expect.stringMatching("buffer"),
    });
    expect(controller.log).toEqual([]);
  });

  it.each([0, 1, 2])("says what failed when command %i fails", async (failing) => {
    const controller = testController([{ blocks: 16 }]);
    const { labels } = controller.units[0];
    const before = labels.slice();
    controller.behaviour.refuse = () =>
      controller.log.length === failing + 1 ? status.unrecoveredRead : undefined;
    const result = await copy(controller.devices[0], swap, {
      strategy: strategy(),
      emulate: true,
      buffer: new Uint8Array(10 * 8),
    });
    expect(result.status).toBe("unrecoveredRead");
    for (const span of result.spans) {
      const origin = before.slice(span.offset === 0 ? 5 : 0, span.offset === 0 ? 10 : 5);
      const now = [...labels.slice(span.offset, span.offset + 5)];
      expect(now).toEqual(
        span.status === "success" ? [...origin] : [...before.slice(span.offset, span.offset + 5)],
      );
    }
    // The first read fails: nothing is written. Later, what is kept is still written.
    expect(result.copiedBlocks).toBe(failing === 0 ? 0 : 5);
  });

  it("loses no block when it is cancelled at any command", async () => {
    await fc.assert(
      fc.asyncProperty(
        request,
        fc.nat(30),
        fc.integer({ min: 2, max: 8 }),
        async (overlapping, cancelAt, bufferBlocks) => {
          const controller = testController([{ blocks }]);
          const { labels } = controller.units[0];
          const before = labels.slice();
          const [device] = controller.devices;
          const engine = blockEngine({ devices: [device], strategy: strategy() });
          const abort = new AbortController();
          controller.behaviour.refuse = () => {
            if (controller.log.length === cancelAt) abort.abort();
            return undefined;
          };
          const outcome = await settled(
            copyOn(engine, device, overlapping, {
              emulate: true,
              buffer: new Uint8Array(bufferBlocks * 8),
              signal: abort.signal,
            }),
            () => false,
          );
          if (outcome?.status === "rejected") {
            expect(outcome.reason).toMatchObject({ code: "FERRY_COPY_OVERLAP_CYCLE" });
            return;
          }
          const origin = overlapping.sources.flatMap((range) =>
            Array.from({ length: range.blocks }, (_, i) => range.lba + i),
          );
          const result = outcome?.value as CopyResult;
          for (const span of result.spans) {
            for (let i = span.offset; i < span.offset + span.blocks; i++) {
              const at = span.status === "success" ? overlapping.destination + i : origin[i];
              expect(labels[at], `block ${i} ${span.status}`).toBe(before[origin[i]]);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a list that is used again", () => {
  it("is read anew by each copy", async () => {
    const controller = testController([{ blocks: 64, limits: { copyShape: undefined } }]);
    const { labels } = controller.units[0];
    const before = labels.slice();
    const list = rangeList([
      { lba: 0, blocks: 2 },
      { lba: 10, blocks: 3 },
    ]);
    const engine = blockEngine({ devices: controller.devices, strategy: strategy() });
    const options = { emulate: true };
    await copyOn(engine, controller.devices[0], { sources: list, destination: 40 }, options);
    list.blocks.set([3, 2]);
    await copyOn(engine, controller.devices[0], { sources: list, destination: 50 }, options);
    expect([...labels.slice(50, 55)]).toEqual([...before.slice(0, 3), ...before.slice(10, 12)]);
  });
});
