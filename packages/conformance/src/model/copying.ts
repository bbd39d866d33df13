import { checkBytes } from "../check.ts";
import { forEachSeed, type RandomSource } from "../random-source.ts";
import {
  type Bench,
  BLOCKS,
  blocksOf,
  checkOk,
  checkRefused,
  isOverlapping,
  onBench,
  range,
  requestText,
} from "./bench.ts";
import type { ModelSuiteOptions, UnitRange } from "./model-suite-options.ts";

const RANDOM_CASES = 40;
const REQUESTS = 12;

/** A copy that must succeed; afterwards every block of every unit is as it must be. */
export function copyWell(
  bench: Bench,
  unit: number,
  lba: number,
  sources: readonly UnitRange[],
): void {
  const what = requestText(unit, lba, sources);
  checkOk(bench.driver.copy(unit, lba, sources), what);
  bench.copyPlainly(unit, lba, sources);
  bench.checkImages(what);
}

/** The first `blocks` blocks of some ranges. */
function leading(sources: readonly UnitRange[], blocks: number): UnitRange[] {
  let left = blocks;
  return sources.map((source) => {
    const taken = Math.min(left, source.blocks);
    left -= taken;
    return { ...source, blocks: taken };
  });
}

const isInside = (lba: number, blocks: number): boolean => blocks === 0 || lba + blocks <= BLOCKS;

/** Takes over into the images as much of a copy, from its beginning on, as the store of its unit shows. */
function takeLeadingPart(
  bench: Bench,
  unit: number,
  lba: number,
  sources: readonly UnitRange[],
): number {
  const { images, stores } = bench;
  const before = images[unit].slice();
  for (let blocks = blocksOf(sources); blocks > 0; blocks -= 1) {
    const part = leading(sources, blocks);
    if (!isInside(lba, blocks) || part.some((one) => !isInside(one.lba, one.blocks))) continue;
    bench.copyPlainly(unit, lba, part);
    if (images[unit].every((byte, at) => byte === stores[unit].image[at])) return blocks;
    images[unit].set(before);
  }
  return 0;
}

/** A copy that must be refused, and changes nothing anywhere; but for ranges before the one whose turn it was. */
export function copyRefused(
  bench: Bench,
  unit: number,
  lba: number,
  sources: readonly UnitRange[],
): number {
  const what = requestText(unit, lba, sources);
  checkRefused(bench.driver.copy(unit, lba, sources), what);
  const inTurn = bench.supports.refusals === "in-turn";
  const done = inTurn ? takeLeadingPart(bench, unit, lba, sources) : 0;
  bench.checkImages(what);
  return done;
}

/** Reads by the device what its images hold. */
function checkReads(bench: Bench, lba: number, blocks: number): void {
  const { driver, bytesPerBlock, images } = bench;
  images.forEach((image, unit) => {
    const data = new Uint8Array(blocks * bytesPerBlock).fill(0xee);
    checkOk(driver.read(unit, lba, data), `a read of unit ${unit}`);
    const expected = image.subarray(lba * bytesPerBlock, (lba + blocks) * bytesPerBlock);
    checkBytes(data, expected, `a read of unit ${unit} at ${lba}`, bytesPerBlock);
  });
}

function moving(options: ModelSuiteOptions): void {
  const { it, blockSizes = [512, 4096], supports } = options;

  for (const bytesPerBlock of blockSizes) {
    it(`reads, writes, and reads after a copy, in blocks of ${bytesPerBlock} bytes`, () =>
      onBench(options, { bytesPerBlock }, (bench) => {
        const { driver, images } = bench;
        checkReads(bench, 0, 1);
        checkReads(bench, BLOCKS - 3, 3);
        const data = new Uint8Array(2 * bytesPerBlock).map((_, at) => at * 7 + 1);
        checkOk(driver.write(0, 10, data), "a write");
        images[0].set(data, 10 * bytesPerBlock);
        data.fill(0xdd); // the device must not have kept it
        bench.checkImages("a write");
        copyWell(bench, 0, 50, [range(10, 2), range(30, 3), range(8, 2)]);
        checkReads(bench, 48, 8);
        copyWell(bench, 0, BLOCKS - 1, [range(0, 1)]);
        copyWell(bench, 0, 0, [range(BLOCKS - 1, 1)]);
        checkReads(bench, 0, 1);
      }));
  }

  if (supports.units > 1) {
    it(supports.crossUnit ? "copies across units" : "refuses sources on other units", () =>
      onBench(options, {}, (bench) => {
        const sources = [range(3, 2, 1), range(70, 1, 0)];
        if (!supports.crossUnit) copyRefused(bench, 0, 40, sources);
        else {
          copyWell(bench, 0, 40, sources);
          copyWell(bench, 1, 3, [range(40, 3, 0)]);
        }
      }),
    );
  }

  it(
    supports.repeatsSources ? "copies a source twice" : "refuses a source that is named twice",
    () =>
      onBench(options, {}, (bench) => {
        const copy = supports.repeatsSources ? copyWell : copyRefused;
        copy(bench, 0, 50, [range(10, 3), range(12, 2)]);
        copy(bench, 0, 60, [range(10, 2), range(10, 2)]);
      }),
  );

  const { overlap } = supports;
  const title = overlap === "unspecified" ? "keeps to the destination" : `is ${overlap}`;
  it(`onto its own sources: ${title}`, () =>
    onBench(options, {}, (bench) => {
      for (const [to, sources] of [
        [12, [range(10, 5)]],
        [8, [range(10, 5)]],
        [10, [range(10, 5)]],
        [30, [range(40, 3), range(28, 4)]],
      ] as const) {
        if (overlap === "refused") copyRefused(bench, 0, to, sources);
        else if (overlap === "unspecified") copyAnyhow(bench, to, sources);
        else copyWell(bench, 0, to, sources);
      }
    }));
}

/** A copy with whatever end; blocks outside of the destination must not change. */
function copyAnyhow(bench: Bench, lba: number, sources: readonly UnitRange[]): void {
  const { driver, bytesPerBlock: bytes, images, stores } = bench;
  driver.copy(0, lba, sources);
  const [from, to] = [lba * bytes, (lba + blocksOf(sources)) * bytes];
  images[0].set(stores[0].image.subarray(from, to), from);
  bench.checkImages(requestText(0, lba, sources));
}

function randomRequest(random: RandomSource, { units, crossUnit }: ModelSuiteOptions["supports"]) {
  const unit = random.below(units);
  const sources = Array.from({ length: random.between(1, 6) }, () =>
    range(random.below(BLOCKS + 2), random.between(1, 10), crossUnit ? random.below(units) : unit),
  );
  return { unit, lba: random.below(BLOCKS + 1), sources };
}

/** True if a block is among the sources twice. */
const areRepeated = (sources: readonly UnitRange[]): boolean =>
  sources.some((one, at) =>
    sources
      .slice(0, at)
      .some(
        (other) =>
          other.unit === one.unit &&
          other.lba < one.lba + one.blocks &&
          one.lba < other.lba + other.blocks,
      ),
  );

/** Whether the device must refuse, by its own limits and size. */
function mustRefuse(
  { driver, supports }: Bench,
  lba: number,
  sources: readonly UnitRange[],
): boolean {
  const { rangesMax, rangeBlocksMax, blocksMax } = driver.limits;
  const total = blocksOf(sources);
  const any = Number.POSITIVE_INFINITY;
  return (
    sources.length > (rangesMax ?? any) ||
    total > (blocksMax ?? any) ||
    lba + total > BLOCKS ||
    (!supports.repeatsSources && areRepeated(sources)) ||
    sources.some((one) => one.blocks > (rangeBlocksMax ?? any) || one.lba + one.blocks > BLOCKS)
  );
}

function anyRequest(options: ModelSuiteOptions): void {
  const { it, supports } = options;

  it("does what plain buffers do, or refuses what it must, whatever is asked", () =>
    forEachSeed(options, RANDOM_CASES, (random) => {
      const limits = {
        rangesMax: random.between(1, 6),
        rangeBlocksMax: random.between(1, 12),
        blocksMax: random.between(1, 24),
      };
      return onBench(options, { limits }, (bench) => {
        for (let count = 0; count < REQUESTS; count += 1) {
          const { unit, lba, sources } = randomRequest(random, supports);
          const overlaps = isOverlapping(unit, lba, sources);
          if (overlaps && supports.overlap === "unspecified") continue;
          const refused =
            mustRefuse(bench, lba, sources) || (overlaps && supports.overlap === "refused");
          if (refused) copyRefused(bench, unit, lba, sources);
          else copyWell(bench, unit, lba, sources);
        }
      });
    }));
}

/** What copies move, and that they move nothing else. */
export function copying(options: ModelSuiteOptions): void {
  moving(options);
  anyRequest(options);
}
