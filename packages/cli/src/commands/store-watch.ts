import { isFerryError, type StoreCopyMeans, type TraceSink, traceKind } from "@blockferry/core";
import { exitStatusOfError } from "@blockferry/core/exit-status";
import type { SchemeOptions } from "../device/scheme.ts";

const meansNumber: Readonly<Record<StoreCopyMeans, number>> = {
  memory: 0,
  clone: 1,
  "kernel-copy": 2,
  "read-write": 3,
  device: 4,
};

/** What failed behind a command whose own status says less: the store of an emulated device, or the way to a real one. */
export interface StoreFailure {
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly exitStatus: number;
}

/** What happens behind the commands of a copy while it runs. */
export interface StoreWatch extends Required<Pick<SchemeOptions, "onStoreCopy" | "onFailure">> {
  /** Blocks copied inside the store, by means; `undefined` where there were none. */
  copies(): Readonly<Record<string, number>> | undefined;
  /** Aborted by a failure: an image that is full or gone does not take the rest either. */
  readonly failed: AbortSignal;
  /** The first failure. */
  failure(): StoreFailure | undefined;
}

function failureOf(error: unknown): StoreFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = isFerryError(error) ? ` (${error.code})` : "";
  const hint = isFerryError(error) ? error.hint : undefined;
  const text = `${message}${code}`;
  const status = exitStatusOfError(error);
  return { text, ...(hint === undefined ? {} : { hint }), exitStatus: status };
}

export function watchStore(trace: TraceSink | undefined): StoreWatch {
  const blocksByMeans: Partial<Record<StoreCopyMeans, number>> = {};
  const controller = new AbortController();
  let failure: StoreFailure | undefined;
  return {
    onStoreCopy(means, blocks, namespace, destination) {
      blocksByMeans[means] = (blocksByMeans[means] ?? 0) + blocks;
      trace?.(traceKind.storeCopy, namespace, -1, destination, blocks, meansNumber[means]);
    },
    onFailure(error) {
      if (failure !== undefined) return;
      failure = failureOf(error);
      // Not within the command that failed: the device answers it first.
      setImmediate(() => controller.abort());
    },
    copies: () => (Object.keys(blocksByMeans).length === 0 ? undefined : { ...blocksByMeans }),
    failed: controller.signal,
    failure: () => failure,
  };
}
