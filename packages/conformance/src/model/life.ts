import { check, checkSame } from "../check.ts";
import { answerText, checkOk, onBench, range, SMALL } from "./bench.ts";
import { copyWell } from "./copying.ts";
import type { ModelSuiteOptions } from "./model-suite-options.ts";
import { checkPrefix } from "./refusing.ts";

const sources = [range(3, 4), range(20, 4), range(10, 4)];
const BLOCKS_IN_ALL = 12;
const TO = 60;

function reset(options: ModelSuiteOptions): void {
  const { it } = options;

  it("keeps its blocks over a reset", () =>
    onBench(options, {}, (bench) => {
      const { driver, bytesPerBlock } = bench;
      copyWell(bench, 0, TO, sources);
      driver.model.reset();
      driver.model.reset();
      bench.checkImages("a reset");
      const data = new Uint8Array(bytesPerBlock);
      const first = driver.read(0, TO, data);
      // One refusal may tell of the reset.
      checkOk(first.ok ? first : driver.read(0, TO, data), "a read after a reset");
      copyWell(bench, 0, TO + BLOCKS_IN_ALL, sources);
    }));

  it("has copied a leading part or nothing when it resets itself within a copy", () =>
    onBench(options, { limits: SMALL }, (bench) => {
      const { driver, bytesPerBlock: bytes, images, stores } = bench;
      if (driver.resetWithin === undefined) {
        const answer = driver.copy(0, TO, sources);
        checkSame(answer.outcome, "completed", "a copy of a device that never resets itself");
        return;
      }
      const before = images[0].slice();
      for (const blocks of [0, 1, 4, 6, BLOCKS_IN_ALL - 1]) {
        driver.resetWithin(blocks);
        const answer = driver.copy(0, TO, sources);
        checkSame(answer.outcome, "reset", `a reset after ${blocks} blocks: ${answerText(answer)}`);
        const copied = checkPrefix(stores[0].image, before, { lba: TO, sources, bytes });
        check(copied <= blocks, `${copied} blocks copied by a device reset after ${blocks}`);
        stores[0].write(0, before);
        const probe = new Uint8Array(bytes);
        driver.read(0, 0, probe);
      }
      copyWell(bench, 0, TO, sources);
    }));
}

/** A model's life: reset, and its end. */
export function life(options: ModelSuiteOptions): void {
  const { it } = options;
  reset(options);

  it("closes its stores, and closes again without harm", () =>
    onBench(options, {}, ({ driver, stores }) => {
      driver.model.close();
      driver.model.close();
      for (const [unit, { isClosed }] of stores.entries()) {
        check(isClosed, `the store of unit ${unit} is open after close`);
      }
    }));
}
