import type { Store, StoreCopyMeans } from "@blockferry/core";
import type { RandomOptions } from "../random-source.ts";
import type { TestRunner } from "../test-runner.ts";

/** What a store can do beside the contract; the suite tests both the true and the false of each flag. */
export interface StoreManifest {
  /** True: `isAllocated` finds what was never written, and what was deallocated. False: it always says true. */
  readonly findsHoles: boolean;
  /** How copies may be carried out. */
  readonly copyMeans: readonly StoreCopyMeans[];
  /** A capacity in bytes that takes no space until it is written; left out: what is made is taken. */
  readonly sparseBytes?: number;
  /** True: bytes outlive `close`, and `reopen` gives them back. */
  readonly keepsBytes: boolean;
}

/** What a store is opened for. */
export interface ReopenOptions {
  readonly readonly: boolean;
}

export interface StoreSuiteOptions extends TestRunner, RandomOptions {
  readonly supports: StoreManifest;
  /** Makes a new store of so many bytes. The suite closes it. */
  create(bytes: number): Store;
  /** Opens again what a closed store held. Needed where `keepsBytes`. */
  reopen?(closed: Store, options: ReopenOptions): Store;
}
