import { CURSOR_WORDS } from "@blockferry/core/plan";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyCommand, decodeSourceRanges } from "../../src/codec/index.ts";
import { complete, copyCommands, namespace, queue, type Source, windowOf } from "./queue.ts";

// Goal: whatever is asked and whatever the limits are, the commands' ranges are the request, block by block and in order,
// and no limit is exceeded.
// Method: commands are decoded by the codec, which is tested against other implementations, and their ranges are joined
// again where they touch.

const bounds = fc.record({
  ranges: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(128, 255, 256)),
  rangeBlocks: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(4096, 65535, 65536)),
  blocks: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(2 ** 31 - 1, 2 ** 32 - 1)),
});
const address = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.integer({ min: 2 ** 32 - 50, max: 2 ** 32 + 50 }),
  fc.integer({ min: 2 ** 31 - 50, max: 2 ** 31 + 50 }),
  fc.maxSafeNat().map((lba) => Math.min(lba, 2 ** 53 - 2_000_000)),
);
const blocks = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(65535, 65536, 65537));
const sourcesOn = (devices: number) =>
  fc.array(fc.record({ device: fc.nat({ max: devices - 1 }), lba: address, blocks }), {
    minLength: 1,
    maxLength: 12,
  });

interface Piece {
  readonly nsid: number;
  readonly lba: number;
  readonly blocks: number;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const whole: Piece[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (last !== undefined && last.nsid === piece.nsid && last.lba + last.blocks === piece.lba) {
      whole[whole.length - 1] = { ...last, blocks: last.blocks + piece.blocks };
    } else whole.push(piece);
  }
  return whole;
}

/** Reads commands back. Also checks what every command must be: well formed, within limits, where the last one ended. */
function readBack(
  sent: ReturnType<typeof copyCommands>,
  nsid: number,
  limits: { readonly ranges: number; readonly rangeBlocks: number; readonly blocks: number },
  destination: number,
) {
  let lba = destination;
  const pieces: Piece[] = [];
  const formats: number[] = [];
  for (const { command, list, ranges, blocks: count } of sent) {
    const decoded = copyCommand.decode(command);
    if (!decoded.ok) throw new Error(decoded.violated);
    const { desfmt, nr } = decoded.value;
    expect(decoded.value).toMatchObject({ nsid, sdlba: lba, nr: ranges });
    const entries = decodeSourceRanges(desfmt, list);
    if (!entries.ok) throw new Error(entries.violated);
    expect(entries.value).toHaveLength(nr);
    expect(nr).toBeLessThanOrEqual(limits.ranges);
    for (const { snsid, slba, nlb } of entries.value) {
      expect(nlb).toBeLessThanOrEqual(limits.rangeBlocks);
      pieces.push({ nsid: desfmt >= 2 ? snsid : nsid, lba: slba, blocks: nlb });
    }
    const total = entries.value.reduce((sum, { nlb }) => sum + nlb, 0);
    expect(total).toBe(count);
    expect(total).toBeLessThanOrEqual(limits.blocks);
    lba += total;
    formats.push(desfmt);
  }
  return { pieces, formats };
}

/** Commands times blocks are kept small enough: a test must end. */
const fits = (sources: readonly Source[], limits: { rangeBlocks: number; blocks: number }) =>
  sources.reduce((sum, one) => sum + one.blocks, 0) / Math.min(limits.rangeBlocks, limits.blocks) <
  200;

describe("commands of a copy", () => {
  it("are the request, in order, within limits: one namespace", () => {
    fc.assert(
      fc.property(bounds, sourcesOn(1), address, (limits, sources, destination) => {
        fc.pre(fits(sources, limits));
        const own = queue([namespace({ nsid: 3, ...limits })]);
        const sent = copyCommands(own, 0, sources, destination);
        const { pieces, formats } = readBack(sent, 3, limits, destination);
        const asked = sources.map((one) => ({ nsid: 3, lba: one.lba, blocks: one.blocks }));
        expect(joined(pieces)).toEqual(joined(asked));
        expect(new Set(formats)).toEqual(new Set([0]));
      }),
    );
  });

  it.each([
    ["mixed", {}],
    ["kept apart", { separateSourceNamespaces: true }],
  ])("are the request, in order, within limits: several namespaces, %s", (_, options) => {
    fc.assert(
      fc.property(bounds, sourcesOn(3), address, (limits, sources, destination) => {
        fc.pre(fits(sources, limits));
        const nsids = [3, 0xfffffffe, 9];
        const own = queue(
          nsids.map((nsid) => namespace({ nsid, cross: 2, ...limits })),
          options,
        );
        const sent = copyCommands(own, 0, sources, destination);
        const { pieces, formats } = readBack(sent, 3, limits, destination);
        const asked = sources.map((one) => ({ ...one, nsid: nsids[one.device] }));
        expect(joined(pieces)).toEqual(
          joined(asked.map(({ nsid, lba, blocks: count }) => ({ nsid, lba, blocks: count }))),
        );
        // Format 2h exactly where a source is in another namespace: its overlap rule is stricter.
        let at = 0;
        for (const [i, { ranges }] of sent.entries()) {
          const named = pieces.slice(at, at + ranges).map(({ nsid }) => nsid);
          expect(formats[i]).toBe(named.every((nsid) => nsid === 3) ? 0 : 2);
          if ("separateSourceNamespaces" in options) expect(new Set(named).size).toBe(1);
          at += ranges;
        }
      }),
    );
  });

  it("name their sources where there is no other format", () => {
    const own = queue([namespace({ nsid: 3, same: 2, cross: 2 })]);
    const [{ command, list }] = copyCommands(own, 0, [{ lba: 5, blocks: 4 }], 0);
    expect(command[49]).toBe(2);
    expect(decodeSourceRanges(2, list)).toMatchObject({ value: [{ snsid: 3, slba: 5, nlb: 4 }] });
  });

  it("that failed have copied the blocks of the ranges below DW0", () => {
    fc.assert(
      fc.property(bounds, sourcesOn(1), (limits, sources) => {
        const own = queue([namespace(limits)]);
        const { encoder, memory } = own;
        const window = windowOf(sources);
        const count = sources.length;
        const cursor = new Int32Array(CURSOR_WORDS);
        for (let commands = 0; cursor[0] < count && commands < 5; commands++) {
          const [range, offset] = cursor;
          const ranges = encoder.copy(0, 0, 0, 0, window, 0, count, cursor, 0);
          const entries = decodeSourceRanges(0, memory.listBytes[0].slice(0, ranges * 32));
          if (!entries.ok) throw new Error(entries.violated);
          let total = 0;
          for (const [dw0, { nlb }] of entries.value.slice(0, 10).entries()) {
            complete(own, 0, { code: 0x281, dw0 });
            expect(encoder.blocksDone(0, 0, window, 0, count, range, offset)).toBe(total);
            total += nlb;
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("reach", () => {
  const own = namespace({ nsid: 1, cross: 2 });
  const reaches = (...targets: Parameters<typeof queue>[0]) => queue(targets).encoder.reaches(0, 1);

  it("is a namespace itself, and others of the same format", () => {
    expect(queue([own]).encoder.reaches(0, 0)).toBe(true);
    expect(reaches(own, namespace({ nsid: 2, cross: 2 }))).toBe(true);
    expect(reaches(namespace({ nsid: 1 }), namespace({ nsid: 2 }))).toBe(false);
    expect(reaches(own, namespace({ nsid: 2, bytesPerBlock: 4096 }))).toBe(false);
    expect(reaches(own, namespace({ nsid: 2, metadataBytes: 8 }))).toBe(false);
  });

  it("includes protection information that the controller makes or strips", () => {
    const formatted = namespace({ nsid: 2, cross: 2, protection: { type: 1 } });
    expect(reaches(formatted, namespace({ nsid: 3 }))).toBe(true);
    expect(reaches(own, formatted)).toBe(true);
    const longer = namespace({ nsid: 2, cross: 2, protection: { type: 1, metadataBytes: 16 } });
    expect(reaches(longer, namespace({ nsid: 3 }))).toBe(false);
    const third = namespace({ nsid: 4, cross: 2, protection: { type: 3 } });
    expect(reaches(third, formatted)).toBe(false);
    // Type 3 passes protection information as it is, so that there is nobody to make it.
    expect(reaches(third, namespace({ nsid: 3 }))).toBe(false);
  });

  it("is nothing unknown", () => {
    expect(queue([own]).encoder.reaches(0, 5)).toBe(false);
    expect(queue([own]).encoder.reaches(5, 0)).toBe(false);
  });
});
