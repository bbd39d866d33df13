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

/** A copy that must be refused, and changes nothing anywhere. */
export function copyRefused(
  bench: Bench,
  unit: number,
  lba: number,
  sources: readonly UnitRange[],
): void {
  const what = requestText(unit, lba, sources);
  checkRefused(bench.driver.copy(unit, lba, sources), what);
  bench.checkImages(what);
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
        copyWell(bench, 0, 50, [range(10, 2), range(30, 3), range(9, 2)]);
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
        else if (overlap === "in-order") copyWell(bench, 0, to, sources);
        else copyAnyhow(bench, to, sources);
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

/** Whether the device must refuse, by its own limits and size. */
function mustRefuse({ driver }: Bench, lba: number, sources: readonly UnitRange[]): boolean {
  const { rangesMax, rangeBlocksMax, blocksMax } = driver.limits;
  const total = blocksOf(sources);
  const any = Number.POSITIVE_INFINITY;
  return (
    sources.length > (rangesMax ?? any) ||
    total > (blocksMax ?? any) ||
    lba + total > BLOCKS ||
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
