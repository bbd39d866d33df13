import { joinWords, operation, type Pairing, type StrategyEngine, status } from "@blockferry/core";
import {
  destinationPerRange,
  SourcePieces,
  sourcePieceTable,
  submitSources,
  toTop,
} from "@blockferry/core/pairing";
import type { State } from "@blockferry/core/table";
import type { PayloadTokenSettings } from "./options.ts";
import { type CarriedTable, carriedTable, type TokenTable, tokenTable } from "./token-table.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const SOURCE = operation.source;
const DESTINATION = operation.destination;

/** How often a part goes back to the first phase because mappings changed. */
const TRIES_MAX = 4;
/** What a workqueue submits is in no submitter's plug. */
const WORKQUEUE = -1;

/** The strategy at work in one engine. */
export function payloadTokenPairing(
  engine: StrategyEngine,
  state: State,
  settings: PayloadTokenSettings,
): Pairing {
  return new PayloadToken(engine, state, settings);
}

class PayloadToken implements Pairing {
  declare private readonly engine: StrategyEngine;
  declare private readonly tokens: TokenTable;
  declare private readonly carried: CarriedTable;
  declare private readonly pieces: SourcePieces;
  declare private readonly cuts: PayloadTokenSettings["split"];
  declare private readonly generation: PayloadTokenSettings["generation"];
  /** Nothing waits at the bottom. */
  readonly parkedCount = 0;

  constructor(engine: StrategyEngine, state: State, settings: PayloadTokenSettings) {
    this.engine = engine;
    this.tokens = state.table(tokenTable);
    this.carried = state.table(carriedTable);
    this.pieces = new SourcePieces(engine, state.table(sourcePieceTable));
    this.cuts = settings.split;
    this.generation = settings.generation;
  }

  biosOf(ranges: number): number {
    return this.cuts === "entries" ? ranges + 1 : 2 * ranges;
  }

  start(chunk: number): void {
    const { engine } = this;
    const { blocks, lane } = engine.chunks.columns;
    if (this.cuts === "entries") {
      const destination = this.destinationOf(chunk, 0, blocks[chunk]);
      if (destination < 0) engine.failChunk(chunk, status.exhausted);
      else this.begin(destination, 0, lane[chunk]);
      return;
    }
    let destination = destinationPerRange(engine, chunk);
    while (destination >= 0) {
      const following = engine.bios.next[destination];
      this.begin(destination, 0, engine.bios.columns.lane[destination]);
      destination = following;
    }
  }

  private destinationOf(chunk: number, offset: number, blocks: number): number {
    const { engine } = this;
    const bios = engine.bios.columns;
    const bio = engine.allocateBio(chunk, DESTINATION);
    if (bio < 0) return -1;
    bios.offset[bio] = offset;
    bios.blocks[bio] = blocks;
    return bio;
  }

  /**
   * First phase: the sources of a destination bio, or of a part of one, go down. It keeps its chunk open meanwhile, at the
   * top: below a mapping it would be waited for by who suspends that, and its sources held back.
   */
  private begin(destination: number, tries: number, lane: number): void {
    const { engine, tokens } = this;
    const bios = engine.bios.columns;
    const { columns } = tokens;
    const token = tokens.allocate();
    if (token < 0) throw new Error("more tokens than destination bios");
    const handle = tokens.handle(token);
    const chunk = bios.chunk[destination];
    const offset = bios.offset[destination];
    const blocks = bios.blocks[destination];
    columns.chunk[token] = chunk;
    columns.offset[token] = offset;
    columns.blocks[token] = blocks;
    columns.destination[token] = destination;
    columns.missing[token] = blocks;
    columns.pieces[token] = -1;
    columns.mappings[token] = this.generation === "none" ? 0 : engine.mappingGeneration();
    columns.tries[token] = tries;
    columns.unspent[token] = blocks;
    bios.token[destination] = handle;
    toTop(engine, destination);
    const submitted = submitSources(engine, chunk, offset, blocks, handle, lane);
    if (submitted < blocks) this.fail(token, status.exhausted);
  }

  /** A token that will not be filled: sources that still come find it gone. */
  private fail(token: number, value: number): void {
    const destination = this.tokens.columns.destination[token];
    this.pieces.free(this.tokens.columns.pieces[token]);
    this.tokens.free(token);
    this.engine.failBio(destination, value);
  }

  arrive(bio: number): void {
    const { operation: kind, token } = this.engine.bios.columns;
    const slot = this.tokens.slotOf(token[bio]);
    if (slot < 0) this.engine.failBio(bio, status.aborted);
    else if (kind[bio] === SOURCE) this.fill(bio, slot);
    else this.spend(bio, slot);
  }

  /** A source bio is at the bottom: where that is goes into the token, and it ends at once. */
  private fill(bio: number, token: number): void {
    const { engine, tokens } = this;
    const bios = engine.bios.columns;
    const { columns } = tokens;
    const blocks = bios.blocks[bio];
    if (this.cuts === "refuse" && blocks !== columns.blocks[token]) {
      this.fail(token, status.unsupported);
      engine.failBio(bio, status.unsupported);
      return;
    }
    if (this.generation === "filled") this.takeGeneration(token);
    if (this.cuts !== "boundary" || bios.offset[bio] === columns.offset[token]) {
      columns.pieces[token] = this.pieces.add(columns.pieces[token], bio);
    }
    columns.missing[token] -= blocks;
    engine.endBio(bio, SUCCESS);
    if (columns.missing[token] === 0) engine.defer(tokens.handle(token), WORKQUEUE);
  }

  /** The driver fills in the generation. Pieces of several make a token that is stale from the beginning. */
  private takeGeneration(token: number): void {
    const { mappings, missing, blocks } = this.tokens.columns;
    const generation = this.engine.mappingGeneration();
    if (missing[token] === blocks[token]) mappings[token] = generation;
    else if (mappings[token] !== generation) mappings[token] = -1;
  }

  /** The workqueue: the second phase of a token that is full. */
  resume(handle: number): void {
    const { engine } = this;
    const { columns } = this.tokens;
    const token = this.tokens.slotOf(handle);
    if (token < 0) return;
    const destination = columns.destination[token];
    if (this.cuts === "boundary") this.cut(token);
    columns.destination[token] = -1;
    engine.bios.columns.lane[destination] = WORKQUEUE;
    engine.submit(destination);
  }

  /** A token that holds less than was asked for: what lies beyond the boundary becomes a part of its own. */
  private cut(token: number): void {
    const { engine } = this;
    const bios = engine.bios.columns;
    const { columns } = this.tokens;
    const destination = columns.destination[token];
    const held = this.pieces.blocksOf(columns.pieces[token]);
    const beyond = columns.blocks[token] - held;
    if (beyond === 0) return;
    const chunk = columns.chunk[token];
    const offset = columns.offset[token] + held;
    bios.blocks[destination] = held;
    columns.blocks[token] = held;
    columns.unspent[token] = held;
    const rest = this.destinationOf(chunk, offset, beyond);
    if (rest < 0) engine.account(chunk, offset, beyond, status.exhausted);
    else this.begin(rest, columns.tries[token], WORKQUEUE);
  }

  /** A destination bio, or a part of one, is at the bottom. */
  private spend(bio: number, token: number): void {
    const { engine } = this;
    const { columns } = this.tokens;
    const blocks = engine.bios.columns.blocks[bio];
    columns.unspent[token] -= blocks;
    const isStale =
      this.generation !== "none" && columns.mappings[token] !== engine.mappingGeneration();
    if (isStale) this.repeat(bio, token, columns.tries[token] + 1);
    else if (this.cuts === "entries" || blocks === columns.blocks[token]) this.carry(bio, token);
    // A part that is smaller than its token can be tried by itself, and then it is as large.
    else if (this.cuts === "boundary") this.repeat(bio, token, columns.tries[token]);
    else {
      engine.failBio(bio, status.unsupported);
      this.endIfSpent(token);
    }
  }

  /** Takes a part back to the first phase. */
  private repeat(bio: number, token: number, tries: number): void {
    this.endIfSpent(token);
    if (tries > TRIES_MAX) this.engine.failBio(bio, status.aborted);
    else this.begin(bio, tries, WORKQUEUE);
  }

  /** Makes requests of a part of the destination and its part of the token. */
  private carry(bio: number, token: number): void {
    const { engine, pieces } = this;
    const bios = engine.bios.columns;
    const { columns } = this.carried;
    const carried = this.carried.allocate();
    if (carried < 0) throw new Error("more parts carried than destination bios");
    columns.bio[carried] = bio;
    columns.requests[carried] = 0;
    columns.status[carried] = SUCCESS;
    let left = bios.blocks[bio];
    let offset = bios.offset[bio];
    let lba = joinWords(bios.lbaLow[bio], bios.lbaHigh[bio]);
    while (left > 0) {
      const window = engine.allocateWindow();
      const ranges = pieces.fill(window, this.tokens.columns.pieces[token], offset, left);
      const { filled } = pieces;
      columns.requests[carried] += engine.pair(
        bios.chunk[bio],
        bios.device[bio],
        lba | 0,
        (lba / 2 ** 32) | 0,
        offset,
        window,
        ranges,
        carried,
      );
      left -= filled;
      offset += filled;
      lba += filled;
    }
    this.endIfSpent(token);
    if (columns.requests[carried] === 0) this.endCarried(carried);
  }

  requestEnded(carried: number, value: number): void {
    const { requests, status: statuses } = this.carried.columns;
    if (value !== SUCCESS && statuses[carried] === SUCCESS) statuses[carried] = value;
    if (--requests[carried] === 0) this.endCarried(carried);
  }

  private endCarried(carried: number): void {
    const { bio, status: statuses } = this.carried.columns;
    this.carried.free(carried);
    this.engine.endBio(bio[carried], statuses[carried]);
  }

  /** Forgets a token that is spent. */
  private endIfSpent(token: number): void {
    if (this.tokens.columns.unspent[token] !== 0) return;
    this.pieces.free(this.tokens.columns.pieces[token]);
    this.tokens.free(token);
  }

  bioFailed(bio: number, value: number): void {
    const { operation: kind, blocks, token } = this.engine.bios.columns;
    const slot = this.tokens.slotOf(token[bio]);
    if (slot < 0) return;
    if (kind[bio] === SOURCE) {
      this.fail(slot, value);
      return;
    }
    this.tokens.columns.unspent[slot] -= blocks[bio];
    this.endIfSpent(slot);
  }

  /** Bios on their way are rejected there, and nothing else waits. */
  cancel(): void {}

  removed(): void {}
}
