import { account, endBio, endChunkIfDone, endCopyIfDone, settle } from "./account.ts";
import { fillWindow, startChunk, startCopy } from "./chunk.ts";
import { endRequestIfDone, quiet } from "./completion.ts";
import type { Engine } from "./engine-state.ts";
import { makeRequest, pair } from "./pair.ts";
import { allocateRequest, insert, unplug } from "./queue.ts";
import { enterDevice } from "./submit.ts";

/**
 * What runs for every copy, bio and request, bound to one engine.
 *
 * V8 compiles a closure for the one object that it captures: with the engine a constant its tables, their columns and
 * their bounds are constants too, and a column is reached by one instruction instead of seven. Hence these are called
 * through the engine, and what is seldom needed stays outside of them.
 */
export interface HotPath {
  /** Fills a window with the next ranges of the caller's list, `room` blocks at most. Returns the number of ranges. */
  fillWindow(copy: number, window: number, room: number): number;
  /** Makes a chunk of the next blocks of a copy. */
  startChunk(copy: number): number;
  /** A submitter goes on: starts chunks while there are blocks left and room for them. */
  startCopy(copy: number): void;
  /** A bio enters the device that it names, and goes down until it waits or has arrived. */
  enterDevice(bio: number): void;
  /** See `StrategyEngine.pair`. */
  pair(
    chunk: number,
    device: number,
    low: number,
    high: number,
    offset: number,
    window: number,
    ranges: number,
    owner: number,
  ): number;
  /** Makes one request of a window and sends it to its queue. */
  makeRequest(
    chunk: number,
    device: number,
    low: number,
    high: number,
    offset: number,
    window: number,
    ranges: number,
    blocks: number,
    owner: number,
  ): void;
  /** Takes a row for a request and fills what all requests share. */
  allocateRequest(device: number, chunk: number, owner: number): number;
  /** Sends a request to its queue, or into its submitter's plug while that is in. */
  insert(request: number): void;
  /** Takes a submitter's plug out, or leaves it in and empties it: its requests go to their queues. */
  unplug(copy: number, isOut: boolean): void;
  /** Accounts blocks of a chunk: they were carried, or refused, or never got as far as a command. */
  account(chunk: number, offset: number, blocks: number, value: number, command: number): void;
  /** Records the final fate of blocks of a copy. */
  settle(
    copy: number,
    offset: number,
    blocks: number,
    emulated: boolean,
    value: number,
    command: number,
  ): void;
  /** One request less goes on at a device: whoever waits for the last one is told. */
  quiet(device: number): void;
  /** Ends a request when the fate of all its blocks is known. */
  endRequestIfDone(request: number): void;
  /** Ends a bio or a split-off part of one. The root ends with its last part. */
  endBio(bio: number, value: number): void;
  /** Ends a chunk when all its bios have ended. */
  endChunkIfDone(chunk: number): void;
  /** Ends a copy when all its blocks are settled and nothing of it is left in the engine. */
  endCopyIfDone(copy: number): void;
}

/** Binds the hot path to an engine. */
export function hotPath(e: Engine): HotPath {
  return {
    fillWindow: fillWindow(e),
    startChunk: startChunk(e),
    startCopy: startCopy(e),
    enterDevice: enterDevice(e),
    pair: pair(e),
    makeRequest: makeRequest(e),
    allocateRequest: allocateRequest(e),
    insert: insert(e),
    unplug: unplug(e),
    account: account(e),
    settle: settle(e),
    quiet: quiet(e),
    endRequestIfDone: endRequestIfDone(e),
    endBio: endBio(e),
    endChunkIfDone: endChunkIfDone(e),
    endCopyIfDone: endCopyIfDone(e),
  };
}
