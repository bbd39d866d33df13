import { operation, type Pairing, type StrategyEngine, status } from "@blockferry/core";
import { placeSource, submitSources, toTop } from "@blockferry/core/pairing";
import { RANGE_WORDS } from "@blockferry/core/plan";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const SOURCE = operation.source;
const COPY = operation.copy;

/** The strategy at work in one engine. The token of a bio is the generation of the mappings when it was submitted. */
export function twoEndedDescentPairing(engine: StrategyEngine, isChecked: boolean): Pairing {
  return new TwoEndedDescent(engine, isChecked);
}

class TwoEndedDescent implements Pairing {
  declare private readonly engine: StrategyEngine;
  declare private readonly isChecked: boolean;
  /** Nothing waits at the bottom. */
  readonly parkedCount = 0;

  constructor(engine: StrategyEngine, isChecked: boolean) {
    this.engine = engine;
    this.isChecked = isChecked;
  }

  biosOf(ranges: number): number {
    return ranges;
  }

  private generation(): number {
    return this.isChecked ? this.engine.mappingGeneration() : 0;
  }

  start(chunk: number): void {
    const { engine } = this;
    const { blocks, lane } = engine.chunks.columns;
    const all = blocks[chunk];
    const done = submitSources(engine, chunk, 0, all, this.generation(), lane[chunk]);
    if (done === 0) engine.failChunk(chunk, status.exhausted);
    else if (done < all) engine.account(chunk, done, all - done, status.exhausted);
  }

  arrive(bio: number): void {
    const { operation: kind, token } = this.engine.bios.columns;
    if (kind[bio] === SOURCE) this.turn(bio);
    else if (this.isChecked && token[bio] !== this.generation()) this.descendAgain(bio);
    else this.request(bio);
  }

  /** At the leaf of the source: it becomes the one range of a copy, which goes down from the top. */
  private turn(bio: number): void {
    const { engine } = this;
    const { windows } = engine;
    const bios = engine.bios.columns;
    const window = engine.allocateWindow();
    const at = window * engine.windowRanges * RANGE_WORDS;
    windows[at] = bios.device[bio];
    windows[at + 1] = bios.lbaLow[bio];
    windows[at + 2] = bios.lbaHigh[bio];
    windows[at + 3] = bios.blocks[bio];
    bios.operation[bio] = COPY;
    bios.window[bio] = window;
    bios.ranges[bio] = 1;
    toTop(engine, bio);
    engine.submit(bio);
  }

  /** Mappings have changed: what was found out about the source may be wrong. Each time takes a change of its own. */
  private descendAgain(bio: number): void {
    const { engine } = this;
    const bios = engine.bios.columns;
    engine.freeWindow(bios.window[bio]);
    bios.operation[bio] = SOURCE;
    bios.window[bio] = -1;
    bios.ranges[bio] = 0;
    bios.token[bio] = this.generation();
    placeSource(engine, bio);
    engine.submit(bio);
  }

  private request(bio: number): void {
    const { engine } = this;
    const bios = engine.bios.columns;
    const window = bios.window[bio];
    bios.window[bio] = -1;
    const requests = engine.pair(
      bios.chunk[bio],
      bios.device[bio],
      bios.lbaLow[bio],
      bios.lbaHigh[bio],
      bios.offset[bio],
      window,
      bios.ranges[bio],
      bio,
    );
    if (requests === 0) engine.endBio(bio, SUCCESS);
  }

  requestEnded(bio: number, value: number): void {
    this.engine.endBio(bio, value);
  }

  /** Until it has turned a bio has no destination of which the engine would account the blocks. */
  bioFailed(bio: number, value: number): void {
    const { operation: kind, chunk, offset, blocks } = this.engine.bios.columns;
    if (kind[bio] === SOURCE) this.engine.account(chunk[bio], offset[bio], blocks[bio], value);
  }

  cancel(): void {}

  removed(): void {}
}
