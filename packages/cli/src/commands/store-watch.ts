import { isFerryError, type StoreCopyMeans, type TraceSink, traceKind } from "@blockferry/core";
import { exitStatusOfError } from "@blockferry/core/exit-status";
import type { SchemeOptions } from "../device/scheme.ts";

const meansNumber: Readonly<Record<StoreCopyMeans, number>> = {
  memory: 0,
  clone: 1,
  "kernel-copy": 2,
  "read-write": 3,
};

/** Counts, and traces, how an emulated device carried out copies inside its store. */
export interface StoreWatch {
  readonly onStoreCopy: NonNullable<SchemeOptions["onStoreCopy"]>;
  /** Blocks by means; `undefined` where there were none. */
  copies(): Readonly<Record<string, number>> | undefined;
}

export function watchStore(trace: TraceSink | undefined): StoreWatch {
  const blocksByMeans: Partial<Record<StoreCopyMeans, number>> = {};
  return {
    onStoreCopy(means, blocks, namespace, destination) {
      blocksByMeans[means] = (blocksByMeans[means] ?? 0) + blocks;
      trace?.(traceKind.storeCopy, namespace, -1, destination, blocks, meansNumber[means]);
    },
    copies: () => (Object.keys(blocksByMeans).length === 0 ? undefined : { ...blocksByMeans }),
  };
}

/** The failure of a store that made a device report a media status. */
export interface StoreFailure {
  readonly text: string;
  readonly exitStatus: number;
}

export function storeFailure(errors: readonly unknown[]): StoreFailure | undefined {
  const error = errors[0];
  if (error === undefined) return undefined;
  const message = error instanceof Error ? error.message : String(error);
  const code = isFerryError(error) ? ` (${error.code})` : "";
  return { text: `${message}${code}`, exitStatus: exitStatusOfError(error) };
}
