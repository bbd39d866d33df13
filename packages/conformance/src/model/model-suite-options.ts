import type { CommandQueueKind, DeviceModel, ModelOutcome, Store } from "@blockferry/core";
import type { RandomOptions } from "../random-source.ts";
import type { TestRunner } from "../test-runner.ts";

/**
 * What becomes of a copy onto its own sources.
 *
 * - `refused`: it ends with an error and changes nothing.
 * - `in-order`: ranges are copied one after the other, each as if it were read first.
 * - `snapshot`: all ranges are copied as if they were read before the first is written.
 * - `unspecified`: the standard leaves it open; only blocks of the destination may change.
 */
export type OverlapRule = "refused" | "in-order" | "snapshot" | "unspecified";

/**
 * What becomes of a range of no blocks among others.
 *
 * - `taken`: it moves nothing and is no error.
 * - `refused`: the copy ends with an error and changes nothing.
 * - `unwritable`: commands have no words for it.
 */
export type EmptyRangeRule = "taken" | "refused" | "unwritable";

/**
 * When a range is refused that is not the first.
 *
 * - `at-once`: before anything moves.
 * - `in-turn`: when its turn comes; the ranges before it are copied.
 */
export type RefusalRule = "at-once" | "in-turn";

/** What a model can do; the suite tests both the true and the false of each flag. */
export interface ModelAbilities {
  /** Devices behind one model: namespaces, logical units. */
  readonly units: number;
  /** True: a copy may have sources on other units. */
  readonly crossUnit: boolean;
  readonly overlap: OverlapRule;
  readonly emptyRanges: EmptyRangeRule;
  readonly refusals: RefusalRule;
  /** True: a copy may name blocks as its sources more than once. False: it is refused. */
  readonly repeatsSources: boolean;
}

/** What a model is made of, for one test. */
export interface ModelShape {
  /** One for each unit, all of one size. The suite looks into them. */
  readonly stores: readonly Store[];
  readonly bytesPerBlock: number;
  /** Limits of one copy command, or what comes nearest. */
  readonly limits: ModelLimits;
}

/** What one copy command carries; `undefined`: the device has no such limit. */
export interface ModelLimits {
  readonly rangesMax: number | undefined;
  readonly rangeBlocksMax: number | undefined;
  readonly blocksMax: number | undefined;
}

export interface UnitRange {
  readonly unit: number;
  readonly lba: number;
  readonly blocks: number;
}

/** What the host sees of a command's end. */
export interface ModelAnswer {
  readonly outcome: ModelOutcome;
  /** True: carried out, all of it. */
  readonly ok: boolean;
  /** The device's status in words, for messages. */
  readonly status: string;
}

/** Bytes of one command, for the tests that bend them. */
export interface RawCommand {
  readonly queue: CommandQueueKind;
  readonly command: Uint8Array;
  readonly dataOut?: Uint8Array | undefined;
  readonly dataInBytes?: number | undefined;
}

/** A model, and how to speak to it: bytes that are made by the standard, not by the package's own host side. */
export interface ModelDriver {
  readonly model: DeviceModel;
  /** Limits in force. */
  readonly limits: ModelLimits;
  /** Reads blocks into `data`, which is as long as they are. */
  read(unit: number, lba: number, data: Uint8Array): ModelAnswer;
  write(unit: number, lba: number, data: Uint8Array): ModelAnswer;
  /** Copies ranges, one behind the other, to a place on `unit`: with one command. */
  copy(unit: number, lba: number, sources: readonly UnitRange[]): ModelAnswer;
  /** Has the device reset itself within the next copy, when so many blocks are moved. */
  resetWithin?(blocks: number): void;
  /** A few well-formed commands of every kind that the model knows. */
  readonly examples: readonly RawCommand[];
}

export interface ModelSuiteOptions extends TestRunner, RandomOptions {
  readonly supports: ModelAbilities;
  /** Makes a model over these stores. The suite closes it. */
  open(shape: ModelShape): ModelDriver | Promise<ModelDriver>;
  /** Block sizes to test; default 512 and 4096. */
  readonly blockSizes?: readonly number[];
}
