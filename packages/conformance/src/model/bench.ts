import type { Store } from "@blockferry/core";
import { check, checkBytes, checkSame, shown } from "../check.ts";
import type {
  ModelAbilities,
  ModelAnswer,
  ModelDriver,
  ModelLimits,
  ModelSuiteOptions,
  UnitRange,
} from "./model-suite-options.ts";
import { label, type WatchedStore, watchedStore } from "./watched-store.ts";

/** Blocks of each unit. */
export const BLOCKS = 96;

export const SMALL: ModelLimits = { rangesMax: 4, rangeBlocksMax: 8, blocksMax: 20 };

/** A model on the bench: its stores, and plain images of what they must hold. */
export interface Bench {
  readonly driver: ModelDriver;
  readonly bytesPerBlock: number;
  readonly stores: readonly WatchedStore[];
  readonly images: readonly Uint8Array[];
  readonly supports: ModelAbilities;
  /** Does to the images what a copy does: range after range, or all of them read first. */
  copyPlainly(unit: number, lba: number, sources: readonly UnitRange[]): void;
  /** The stores hold what the images hold, in every block of every unit. */
  checkImages(what: string): void;
}

export interface BenchOptions {
  readonly bytesPerBlock?: number;
  readonly limits?: ModelLimits;
  readonly readonlyUnit?: number;
}

export const answerText = ({ outcome, status }: ModelAnswer): string =>
  outcome === "completed" ? status : outcome;

export function checkOk(answer: ModelAnswer, what: string): void {
  const isDone = answer.outcome === "completed" && answer.ok;
  check(isDone, `${what} ended with ${answerText(answer)}`);
}

export function checkRefused(answer: ModelAnswer, what: string): void {
  const isRefused = answer.outcome === "completed" && !answer.ok;
  check(isRefused, `${what} ended with ${answerText(answer)}, not with a refusal`);
}

function benchOf(
  driver: ModelDriver,
  supports: ModelAbilities,
  stores: readonly WatchedStore[],
  bytes: number,
): Bench {
  const images = stores.map(({ image }) => image.slice());
  return {
    driver,
    supports,
    stores,
    images,
    bytesPerBlock: bytes,
    copyPlainly(unit, lba, sources) {
      const origins = supports.overlap === "snapshot" ? images.map((one) => one.slice()) : images;
      let to = lba * bytes;
      for (const source of sources) {
        const from = origins[source.unit];
        const held = from.slice(source.lba * bytes, (source.lba + source.blocks) * bytes);
        images[unit].set(held, to);
        to += held.length;
      }
    },
    checkImages(what) {
      stores.forEach(({ image, strays }, unit) => {
        checkSame(strays, [], `${what}: calls outside of the store of unit ${unit}`);
        checkBytes(image, images[unit], `${what}: unit ${unit}`, bytes);
      });
    },
  };
}

/** Puts a model with labelled blocks on the bench, and closes it behind the test. */
export async function onBench(
  { open, supports }: ModelSuiteOptions,
  { bytesPerBlock = 512, limits = SMALL, readonlyUnit }: BenchOptions,
  body: (bench: Bench) => void | Promise<void>,
): Promise<void> {
  const stores = Array.from({ length: supports.units }, (_, unit) => {
    const store = watchedStore(BLOCKS * bytesPerBlock, unit === readonlyUnit);
    label(store, unit, bytesPerBlock);
    return store;
  });
  const driver = await open({ stores: stores as readonly Store[], bytesPerBlock, limits });
  try {
    await body(benchOf(driver, supports, stores, bytesPerBlock));
  } finally {
    driver.model.close();
  }
}

export const range = (lba: number, blocks: number, unit = 0): UnitRange => ({ unit, lba, blocks });

/** A request in words, for messages. */
export const requestText = (unit: number, lba: number, sources: readonly UnitRange[]): string =>
  `a copy to block ${lba} of unit ${unit} of ${shown(sources)}`;

/** Blocks of sources in all. */
export const blocksOf = (sources: readonly UnitRange[]): number =>
  sources.reduce((sum, { blocks }) => sum + blocks, 0);

/** True if the destination lies on one of the sources. */
export function isOverlapping(unit: number, lba: number, sources: readonly UnitRange[]): boolean {
  const end = lba + blocksOf(sources);
  return sources.some((one) => one.unit === unit && one.lba < end && lba < one.lba + one.blocks);
}
