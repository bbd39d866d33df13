import { check, checkSame } from "../check.ts";
import { BLOCKS, checkOk, checkRefused, onBench, range, SMALL } from "./bench.ts";
import { copyRefused, copyWell } from "./copying.ts";
import type { ModelLimits, ModelSuiteOptions, UnitRange } from "./model-suite-options.ts";

/** A limit that is not the least of all, so that it alone decides. */
const FEW_RANGES: ModelLimits = { rangesMax: 3, rangeBlocksMax: 8, blocksMax: 40 };
const SHORT_RANGES: ModelLimits = { rangesMax: 8, rangeBlocksMax: 5, blocksMax: 40 };
const FEW_BLOCKS: ModelLimits = { rangesMax: 8, rangeBlocksMax: 8, blocksMax: 13 };

/** Ranges of `blocks` blocks each, far below the destinations that the tests use. */
const ranges = (count: number, blocks: number): UnitRange[] =>
  Array.from({ length: count }, (_, at) => range((at * (blocks + 1)) % 40, blocks));

/** `blocks` blocks in ranges of at most `each`. */
function inRanges(blocks: number, each: number): UnitRange[] {
  const rest = blocks % each;
  return ranges(Math.ceil(blocks / each), each).map((one, at) =>
    at === Math.floor(blocks / each) ? range(one.lba, rest) : one,
  );
}

function limits(options: ModelSuiteOptions): void {
  const { it } = options;
  const TO = 50;

  it("takes as many ranges as it says, and not one more", () =>
    onBench(options, { limits: FEW_RANGES }, (bench) => {
      const { rangesMax } = bench.driver.limits;
      const most = rangesMax ?? 8;
      copyWell(bench, 0, TO, ranges(most, 1));
      if (rangesMax !== undefined) copyRefused(bench, 0, TO, ranges(most + 1, 1));
    }));

  it("takes ranges as long as it says, and not one block longer", () =>
    onBench(options, { limits: SHORT_RANGES }, (bench) => {
      const { rangeBlocksMax } = bench.driver.limits;
      const most = rangeBlocksMax ?? 20;
      check(most <= 40, `the bench is too small for ranges of ${most} blocks: lower the limit`);
      copyWell(bench, 0, TO, [range(0, most)]);
      if (rangeBlocksMax !== undefined) {
        copyRefused(bench, 0, TO, [range(0, most + 1)]);
        copyRefused(bench, 0, TO, [range(0, 1), range(0, most + 1)]);
      }
    }));

  it("takes as many blocks as it says, and not one more", () =>
    onBench(options, { limits: FEW_BLOCKS }, (bench) => {
      const { blocksMax, rangeBlocksMax } = bench.driver.limits;
      const most = blocksMax ?? 30;
      const each = Math.min(rangeBlocksMax ?? 8, 8);
      check(most <= 40, `the bench is too small for ${most} blocks: lower the limit`);
      copyWell(bench, 0, TO, inRanges(most, each));
      if (blocksMax !== undefined) copyRefused(bench, 0, TO, inRanges(most + 1, each));
    }));
}

function addresses(options: ModelSuiteOptions): void {
  const { it, supports } = options;

  it("reaches its last block, and refuses the one behind it: nothing moves", () =>
    onBench(options, {}, (bench) => {
      copyWell(bench, 0, 10, [range(BLOCKS - 4, 4)]);
      copyWell(bench, 0, BLOCKS - 4, [range(0, 4)]);
      copyRefused(bench, 0, 10, [range(BLOCKS - 4, 5)]);
      copyRefused(bench, 0, BLOCKS - 4, [range(0, 5)]);
      copyRefused(bench, 0, 10, [range(0, 2), range(BLOCKS, 1)]);
      copyRefused(bench, 0, BLOCKS, [range(0, 1)]);
      for (const lba of [2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40]) {
        copyRefused(bench, 0, 10, [range(lba, 1)]);
        copyRefused(bench, 0, lba, [range(0, 1)]);
      }
    }));

  it("reads and writes nothing over its end", () =>
    onBench(options, {}, (bench) => {
      const { driver, bytesPerBlock } = bench;
      for (const [lba, blocks] of [
        [BLOCKS, 1],
        [BLOCKS - 1, 2],
        [2 ** 32, 1],
      ] as const) {
        const data = new Uint8Array(blocks * bytesPerBlock).fill(0x33);
        checkRefused(driver.write(0, lba, data), `a write of ${blocks} blocks at ${lba}`);
        checkRefused(driver.read(0, lba, data), `a read of ${blocks} blocks at ${lba}`);
      }
      bench.checkImages("refused reads and writes");
    }));

  const isAtOnce = supports.refusals === "at-once";
  it(isAtOnce ? "refuses a later range at once" : "refuses a later range when its turn comes", () =>
    onBench(options, {}, (bench) => {
      const done = copyRefused(bench, 0, 10, [range(30, 2), range(BLOCKS, 1)]);
      checkSame(done, isAtOnce ? 0 : 2, "blocks that are copied before the refusal");
    }),
  );

  const { emptyRanges } = supports;
  if (emptyRanges === "unwritable") return;
  it(
    emptyRanges === "taken" ? "takes ranges without blocks" : "refuses ranges without blocks",
    () =>
      onBench(options, {}, (bench) => {
        const copy = emptyRanges === "taken" ? copyWell : copyRefused;
        copy(bench, 0, 60, [range(5, 2), range(9, 0), range(1, 1)]);
      }),
  );
}

function medium(options: ModelSuiteOptions): void {
  const { it, supports } = options;

  it("copies nothing to what may not be written", () =>
    onBench(options, { readonlyUnit: 0 }, (bench) => {
      const { driver, bytesPerBlock } = bench;
      copyRefused(bench, 0, 50, [range(0, 3)]);
      checkRefused(driver.write(0, 3, new Uint8Array(bytesPerBlock)), "a write");
      bench.checkImages("a refused write");
      checkOk(driver.read(0, 3, new Uint8Array(bytesPerBlock)), "a read");
      if (supports.crossUnit && supports.units > 1) copyWell(bench, 1, 50, [range(0, 3)]);
    }));

  it("ends a copy whose medium fails with an error, and has copied a leading part or nothing", () =>
    onBench(options, { limits: SMALL }, async (bench) => {
      const { driver, bytesPerBlock: bytes, images, stores } = bench;
      const sources = [range(3, 4), range(20, 4), range(10, 4)];
      const before = images[0].slice();
      for (const failIn of [0, 1, 2]) {
        stores[0].failIn = failIn;
        const answer = driver.copy(0, 60, sources);
        const isLate = stores[0].failIn >= 0;
        stores[0].failIn = undefined;
        if (isLate) checkOk(answer, "a copy that made fewer calls");
        else checkRefused(answer, `a copy whose call ${failIn + 1} failed`);
        checkPrefix(stores[0].image, before, { lba: 60, sources, bytes });
        stores[0].write(0, before);
      }
      checkSame(stores[0].strays, [], "calls outside of the store");
      copyWell(bench, 0, 60, sources);
    }));
}

/** The first blocks of the destination are copied, and nothing else is changed. Returns how many. */
export function checkPrefix(
  image: Uint8Array,
  before: Uint8Array,
  { lba, sources, bytes }: { lba: number; sources: readonly UnitRange[]; bytes: number },
): number {
  const expected = before.slice();
  const lbas = sources.flatMap((one) =>
    Array.from({ length: one.blocks }, (_, at) => one.lba + at),
  );
  const block = (from: Uint8Array, at: number): Uint8Array =>
    from.subarray(at * bytes, (at + 1) * bytes);
  const equals = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, at) => byte === b[at]);
  let copied = 0;
  while (copied < lbas.length && equals(block(image, lba + copied), block(before, lbas[copied]))) {
    expected.set(block(before, lbas[copied]), (lba + copied) * bytes);
    copied += 1;
  }
  for (let at = 0; at * bytes < image.length; at += 1) {
    const isSame = equals(block(image, at), block(expected, at));
    check(isSame, `block ${at} has changed, which is not among the first ${copied} to be copied`);
  }
  return copied;
}

/** What is refused, and that nothing moves. */
export function refusing(options: ModelSuiteOptions): void {
  limits(options);
  addresses(options);
  medium(options);
}
