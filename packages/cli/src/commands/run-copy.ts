import { type CopyResult, copy } from "@blockferry/block";
import type { PairingStrategy } from "@blockferry/core";
import type { Context } from "../context.ts";
import type { OpenDevice } from "../open-device.ts";
import { colorsFor } from "../output/colors.ts";
import { watchInterruption } from "../output/interruption.ts";
import { type Progress, progressPrinter } from "../output/progress.ts";
import type { Surroundings } from "../output/surroundings.ts";
import { openTraceFile, type TraceFile } from "../output/trace-file.ts";
import { summarize, writeCopyJson, writeCopyLines, writeCopyText } from "../report/copy-report.ts";
import { strategyByName } from "../strategies.ts";
import { startVerification, type Verification } from "../verify/verify-copy.ts";
import type { CopyCommandOptions } from "./copy-command.ts";
import { adviceLines, type CopyOutcome, exitStatusOfCopy, withOptionHint } from "./copy-outcome.ts";
import {
  type DeviceRequest,
  devicePart,
  type ListRequest,
  openForRequest,
  totalBlocks,
} from "./device-request.ts";
import { runDryRun } from "./run-plan.ts";
import { type StoreWatch, storeFailure, watchStore } from "./store-watch.ts";

const writers = {
  json: writeCopyJson,
  jsonl: writeCopyLines,
  normal: writeCopyText,
  hex: writeCopyText,
};

const nowMs = (): number => performance.now();

/** All that goes with one copy. */
interface CopyRun {
  readonly deviceRequest: DeviceRequest;
  readonly strategy: PairingStrategy;
  readonly options: CopyCommandOptions;
  readonly context: Context;
  readonly trace: TraceFile | undefined;
  readonly storeWatch: StoreWatch;
}

function verificationOf(open: OpenDevice, request: ListRequest): Verification {
  const { bytesPerBlock, capacityBlocks } = open.device;
  return startVerification({ ...request, bytesPerBlock, capacityBlocks, read: open.readStored });
}

function watchProgress(
  { open, request }: DeviceRequest,
  options: CopyCommandOptions,
  surroundings: Surroundings,
): Progress {
  const progress = progressPrinter({
    stderr: surroundings.stderr,
    bytesPerBlock: open.device.bytesPerBlock,
    totalBlocks: totalBlocks(request.sources),
    isOn: options.progress === true,
    nowMs,
  });
  const off = surroundings.onSignal("SIGUSR1", progress.print);
  return {
    ...progress,
    end() {
      off();
      progress.end();
    },
  };
}

async function carryOut(
  run: CopyRun,
  progress: Progress,
  signal: AbortSignal,
): Promise<CopyResult> {
  const { deviceRequest, strategy, options, trace } = run;
  try {
    return await copy(deviceRequest.open.device, deviceRequest.request, {
      strategy,
      emulate: options.emulate === true,
      signal,
      timeoutMs: options.timeout * 1000,
      retriesMax: options.retries,
      onProgress: progress.update,
      trace: trace?.sink,
    });
  } catch (error) {
    throw withOptionHint(error);
  }
}

/** Copies between two looks of the verification. */
async function copyBetweenLooks(
  run: CopyRun,
): Promise<CopyOutcome & { readonly elapsedMs: number }> {
  const { deviceRequest, options, context } = run;
  const { open, request } = deviceRequest;
  const { surroundings } = context;
  const interruption = watchInterruption(surroundings);
  const progress = watchProgress(deviceRequest, options, surroundings);
  try {
    const look = options.verify === true ? verificationOf(open, request) : undefined;
    const startMs = nowMs();
    const result = await carryOut(run, progress, interruption.abortSignal);
    const elapsedMs = nowMs() - startMs;
    progress.end();
    return {
      result,
      elapsedMs,
      signal: interruption.signal,
      verification: look?.check(result.spans),
      storeFailure: storeFailure(open.storeErrors),
    };
  } finally {
    progress.end();
    interruption.end();
  }
}

async function copyAndReport(run: CopyRun): Promise<number> {
  const { deviceRequest, options, context, storeWatch } = run;
  const { stdout, stderr } = context.surroundings;
  const outcome = await copyBetweenLooks(run);
  const { result, signal, verification, elapsedMs } = outcome;
  const exitStatus = exitStatusOfCopy(outcome);
  const storeCopies = storeWatch.copies();
  const summary = summarize(result, {
    exitStatus,
    device: devicePart(deviceRequest.open, options.stack),
    elapsedMs,
    ...(signal === undefined || result.status === "success" ? {} : { signal }),
    ...(storeCopies === undefined ? {} : { storeCopies }),
    ...(verification === undefined ? {} : { verification }),
  });
  const colors = colorsFor(stdout, context.surroundings, context.color);
  writers[options.output](stdout, { result, summary }, colors);
  for (const line of adviceLines(outcome, options)) stderr.write(`blockferry: ${line}\n`);
  return exitStatus;
}

/** `blockferry copy`. */
export async function runCopy(
  uri: string,
  ranges: readonly string[],
  options: CopyCommandOptions,
  context: Context,
): Promise<number> {
  // A misspelt strategy is told before anything is opened.
  const strategy = await strategyByName(options.strategy);
  const trace = options.trace === undefined ? undefined : openTraceFile(options.trace, nowMs);
  const storeWatch = watchStore(trace?.sink);
  const { onStoreCopy } = storeWatch;
  try {
    const deviceRequest = await openForRequest(uri, ranges, options.to, {
      ...options,
      onStoreCopy,
    });
    try {
      if (options.dryRun === true) return runDryRun(deviceRequest, options, context.surroundings);
      const run = { deviceRequest, strategy, options, context, trace, storeWatch };
      return await copyAndReport(run);
    } finally {
      await deviceRequest.open.close();
    }
  } finally {
    trace?.close();
  }
}
