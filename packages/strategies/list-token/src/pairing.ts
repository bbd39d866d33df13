import {
  HalfLists,
  type Pairing,
  type StrategyEngine,
  status,
  submitHalves,
} from "@blockferry/core";
import { takeHome } from "@blockferry/core/pairing";
import type { HalfRequests } from "./half-requests.ts";
import type { ShortIds } from "./short-ids.ts";
import { NOT_PAIRED, RECALLED, type TokenTable } from "./token-table.ts";

// Names of this module's own: V8 takes them for the constants that they are, and what is imported for variables.
const SUCCESS = status.success;
const UNPAIRED = NOT_PAIRED;
const GOES_HOME = RECALLED;

/** What the options add to the pairing by handles. */
export interface ListTokenParts {
  readonly cancels: boolean;
  readonly holds: boolean;
  readonly recalls: boolean;
  /** In place of handles. */
  readonly ids: ShortIds | undefined;
  readonly tags: HalfRequests | undefined;
}

/** The strategy at work in one engine. */
export function listTokenPairing(
  engine: StrategyEngine,
  tokens: TokenTable,
  parts: ListTokenParts,
): Pairing {
  return new ListToken(engine, tokens, parts);
}

/**
 * What runs for every bio is a closure, not a method, and the fields are stored once: V8 compiles a closure for the one
 * object that it captures and takes what is stored once, tables included, for constants.
 */
class ListToken implements Pairing {
  declare private readonly engine: StrategyEngine;
  declare private readonly tokens: TokenTable;
  declare private readonly lists: HalfLists;
  declare private readonly cancels: boolean;
  declare private readonly holds: boolean;
  declare private readonly recalls: boolean;
  declare private readonly ids: ShortIds | undefined;
  declare private readonly tags: HalfRequests | undefined;
  /** Halves that have arrived hold something that they give back. */
  declare private readonly gives: boolean;
  declare private readonly submit: (chunk: number, token: number) => number;
  declare private readonly endBio: (bio: number, status: number) => void;
  declare readonly start: (chunk: number) => void;
  declare readonly arrive: (bio: number) => void;

  constructor(engine: StrategyEngine, tokens: TokenTable, parts: ListTokenParts) {
    this.engine = engine;
    this.tokens = tokens;
    this.lists = new HalfLists(engine);
    this.cancels = parts.cancels;
    this.holds = parts.holds;
    this.recalls = parts.recalls;
    this.ids = parts.ids;
    this.tags = parts.tags;
    this.gives = parts.holds || parts.tags !== undefined;
    this.submit = submitHalves(engine);
    // What an option adds is not asked for each bio: those who do not use it have closures without it.
    this.start = parts.ids === undefined ? this.startByHandle : this.startById;
    this.arrive = parts.tags === undefined ? this.park : this.takeTag;
    this.endBio = this.gives ? this.letGoAndEnd : engine.endBio;
  }

  get parkedCount(): number {
    let count = 0;
    for (const token of this.tokens.rows()) {
      if (token.requests !== NOT_PAIRED) continue;
      const { next } = this.engine.bios;
      for (let bio = token.head; bio >= 0; bio = next[bio]) count++;
    }
    return count;
  }

  biosOf(ranges: number): number {
    return ranges + 1;
  }

  private readonly startByHandle = (chunk: number): void => {
    const { engine, tokens } = this;
    const chunks = engine.chunks.columns;
    const columns = tokens.columns;
    const both = chunks.blocks[chunk] * 2;
    const token = tokens.allocate();
    if (token < 0) {
      engine.failChunk(chunk, status.exhausted);
      return;
    }
    const handle = tokens.handle(token);
    chunks.token[chunk] = handle;
    columns.chunk[token] = chunk;
    columns.blocks[token] = both;
    columns.bios[token] = chunks.ranges[chunk] + 1;
    columns.head[token] = -1;
    columns.moved[token] = 0;
    columns.requests[token] = UNPAIRED;
    columns.status[token] = SUCCESS;
    if (this.submit(chunk, handle) !== both) this.giveUp(chunk);
  };

  private readonly startById = (chunk: number): void => {
    const { ids } = this;
    const { token, blocks } = this.engine.chunks.columns;
    if (ids === undefined) throw new TypeError("there are no ids to pair by");
    token[chunk] = ids.take(chunk);
    if (this.submit(chunk, token[chunk]) !== blocks[chunk] * 2) this.giveUp(chunk);
  };

  /** Takes a token under which halves wait that have the id of this chunk's; -1 when there is none. */
  private openById(chunk: number): number {
    const { tokens } = this;
    const { blocks, ranges } = this.engine.chunks.columns;
    const token = tokens.allocate();
    if (token < 0) return token;
    const {
      chunk: owner,
      blocks: missing,
      bios,
      head,
      moved,
      requests,
      status: statuses,
    } = tokens.columns;
    owner[token] = chunk;
    head[token] = -1;
    moved[token] = 0;
    requests[token] = NOT_PAIRED;
    statuses[token] = SUCCESS;
    missing[token] = blocks[chunk] * 2;
    bios[token] = ranges[chunk] + 1;
    return token;
  }

  /** There is no memory for one more half: those that are on their way find their token gone. */
  private giveUp(chunk: number): void {
    const { token } = this.engine.chunks.columns;
    if (this.ids === undefined) this.tokens.free(this.tokens.slotOf(token[chunk]));
    token[chunk] = -1;
    this.engine.failChunk(chunk, status.exhausted);
  }

  private readonly takeTag = (bio: number): void => {
    if (this.tags?.take(bio)) this.park(bio);
  };

  private readonly park = (bio: number): void => {
    const { engine, tokens, ids } = this;
    const bios = engine.bios.columns;
    const columns = tokens.columns;
    const token = ids === undefined ? tokens.slotOf(bios.token[bio]) : this.tokenById(ids, bio);
    if (token < 0) {
      if (this.tags !== undefined) this.tags.give(bios.device[bio]);
      engine.failBio(bio, status.aborted);
      return;
    }
    engine.bios.next[bio] = columns.head[token];
    columns.head[token] = bio;
    if (bios.device[bio] !== engine.chunks.columns.device[columns.chunk[token]])
      this.hasMoved(token, bio);
    if (this.holds) engine.holdQueue(bios.device[bio]);
    engine.parked(bio);
    columns.bios[token]--;
    const left = columns.blocks[token] - bios.blocks[bio];
    columns.blocks[token] = left;
    if (left === 0) this.pair(token);
  };

  /** A half has arrived elsewhere than its copy was submitted to. */
  private hasMoved(token: number, bio: number): void {
    const { moved } = this.tokens.columns;
    if (moved[token] === RECALLED) takeHome(this.engine, bio);
    else moved[token] = 1;
  }

  /** The token that a half finds by its id, or that others will find it by; -1 for a half whose copy was given up. */
  private tokenById(ids: ShortIds, bio: number): number {
    const { engine, tokens } = this;
    const chunk = engine.bios.columns.chunk[bio];
    if (engine.chunks.columns.token[chunk] < 0) return -1;
    let token = ids.find(bio);
    if (token < 0) token = this.openById(chunk);
    if (token < 0) this.giveUpWaiting(chunk, status.exhausted);
    else if (tokens.columns.chunk[token] !== chunk) tokens.columns.moved[token] = 1;
    return token;
  }

  /** All blocks of both sides are there. */
  private readonly pair = (token: number): void => {
    const { engine, tokens } = this;
    const columns = tokens.columns;
    const chunk = columns.chunk[token];
    const chunks = engine.chunks.columns;
    const window = chunks.window[chunk];
    // No half was split, none was moved: the chunk's own window is what they would make again.
    if (columns.bios[token] !== 0 || columns.moved[token] !== 0) {
      if (columns.moved[token] === GOES_HOME) this.submitAgain(token);
      else this.pairPieces(token, window);
      return;
    }
    chunks.window[chunk] = -1;
    const requests = engine.pair(
      chunk,
      chunks.device[chunk],
      chunks.lbaLow[chunk],
      chunks.lbaHigh[chunk],
      0,
      window,
      chunks.ranges[chunk],
      token,
    );
    columns.requests[token] = requests;
    if (requests === 0) this.endAll(token);
  };

  /** Makes requests of the halves of both sides, cut where either side was cut. */
  private pairPieces(token: number, window: number): void {
    const { lists } = this;
    const columns = this.tokens.columns;
    lists.sort(columns.head[token]);
    if (lists.sourceBlocks !== lists.destinationBlocks) {
      // Strangers met under one id, and they are all of one side.
      columns.head[token] = lists.join();
      this.fail(token, status.aborted);
      return;
    }
    this.engine.chunks.columns.window[columns.chunk[token]] = -1;
    const requests = lists.pair(window, token);
    columns.requests[token] = requests;
    columns.head[token] = lists.join();
    if (requests === 0) this.endAll(token);
  }

  readonly requestEnded = (token: number, value: number): void => {
    const columns = this.tokens.columns;
    if (value !== SUCCESS && columns.status[token] === SUCCESS) columns.status[token] = value;
    if (--columns.requests[token] === 0) this.endAll(token);
  };

  /** Ends every half of a token that was paired. */
  private readonly endAll = (token: number): void => {
    const { tokens } = this;
    const { next } = this.engine.bios;
    const { head, status: statuses } = tokens.columns;
    const value = statuses[token];
    let bio = head[token];
    tokens.free(token);
    while (bio >= 0) {
      const following = next[bio];
      this.endBio(bio, value);
      bio = following;
    }
  };

  private readonly letGoAndEnd = (bio: number, value: number): void => {
    this.letGo(bio);
    this.engine.endBio(bio, value);
  };

  /** Gives back what a half that has arrived holds. */
  private letGo(bio: number): void {
    const { device } = this.engine.bios.columns;
    if (this.holds) this.engine.releaseQueue(device[bio]);
    if (this.tags !== undefined) this.tags.give(device[bio]);
  }

  /** Ends every parked half of a token that will not be paired any more. */
  private fail(token: number, value: number): void {
    const { engine, ids } = this;
    const { next } = engine.bios;
    let bio = this.tokens.columns.head[token];
    this.tokens.free(token);
    while (bio >= 0) {
      const following = next[bio];
      if (ids !== undefined) engine.chunks.columns.token[engine.bios.columns.chunk[bio]] = -1;
      if (this.gives) this.letGo(bio);
      engine.failBio(bio, value);
      bio = following;
    }
  }

  private failUnpaired(token: number, value: number): void {
    if (token >= 0 && this.tokens.columns.requests[token] === NOT_PAIRED) this.fail(token, value);
  }

  /** No half of a chunk that is not paired yet will be. */
  private giveUpWaiting(chunk: number, value: number): void {
    const { ids } = this;
    const { token } = this.engine.chunks.columns;
    if (ids === undefined) {
      this.failUnpaired(this.tokens.slotOf(token[chunk]), value);
      return;
    }
    token[chunk] = -1;
    for (let one = ids.waitingFor(chunk); one >= 0; one = ids.waitingFor(chunk)) {
      this.fail(one, value);
    }
  }

  bioFailed(bio: number, value: number): void {
    if (this.cancels) this.giveUpWaiting(this.engine.bios.columns.chunk[bio], value);
  }

  cancel(chunk: number, value: number): void {
    this.giveUpWaiting(chunk, value);
  }

  removed(device: number): void {
    const { engine, tags } = this;
    const { next } = engine.bios;
    const { device: at, chunk } = engine.bios.columns;
    const { head } = this.tokens.columns;
    for (let token = 0; token < this.tokens.capacity; token++) {
      if (!this.tokens.isLive(token)) continue;
      let bio = head[token];
      while (bio >= 0 && at[bio] !== device) bio = next[bio];
      if (bio >= 0) this.failUnpaired(token, status.removed);
    }
    if (tags === undefined) return;
    for (let bio = tags.takeOut(device); bio >= 0; bio = tags.takeOut(device)) {
      this.giveUpWaiting(chunk[bio], status.removed);
      engine.failBio(bio, status.removed);
    }
  }

  /**
   * Who suspends a mapping waits for what is below it. What waits for a partner that is held above goes back up, and so does
   * what is still on its way below; with the last of them all go down once more.
   */
  holding(): void {
    if (!this.recalls) return;
    const { engine, tokens } = this;
    const { next } = engine.bios;
    const { head, moved, requests } = tokens.columns;
    for (let token = 0; token < tokens.capacity; token++) {
      if (!tokens.isLive(token) || requests[token] !== NOT_PAIRED) continue;
      moved[token] = RECALLED;
      for (let bio = head[token]; bio >= 0; bio = next[bio]) takeHome(engine, bio);
    }
  }

  /** All halves of a token are back where its copy was submitted. */
  private submitAgain(token: number): void {
    const { engine } = this;
    const { next } = engine.bios;
    const columns = this.tokens.columns;
    columns.moved[token] = 1;
    let bio = columns.head[token];
    columns.head[token] = -1;
    while (bio >= 0) {
      const following = next[bio];
      columns.bios[token]++;
      columns.blocks[token] += engine.bios.columns.blocks[bio];
      engine.submit(bio);
      bio = following;
    }
  }

  /** Tags of a device are free again. */
  resume(device: number): void {
    const { tags } = this;
    if (tags === undefined) return;
    tags.handOut(device);
    for (let bio = tags.next(device); bio >= 0; bio = tags.next(device)) this.park(bio);
  }
}
