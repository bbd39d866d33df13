import { type CopyResult, copy, numberDevices } from "@blockferry/block";
import { FerryError, type PairingStrategy } from "@blockferry/core";
import { exitStatus, exitStatusOfError } from "@blockferry/core/exit-status";
import type { Context } from "../context.ts";
import { colorsFor } from "../output/colors.ts";
import { watchInterruption } from "../output/interruption.ts";
import { type Progress, progressPrinter } from "../output/progress.ts";
import type { Surroundings } from "../output/surroundings.ts";
import { openTraceFile, type TraceFile } from "../output/trace-file.ts";
import { traceFormatOf } from "../output/trace-format.ts";
import type { TracedDevices } from "../output/trace-writer.ts";
import { summarize, writeCopyJson, writeCopyLines, writeCopyText } from "../report/copy-report.ts";
import { strategyByName } from "../strategies.ts";
import { watchCommands } from "../trace/watch-commands.ts";
import { startVerification, type Verification } from "../verify/verify-copy.ts";
import type { CopyCommandOptions } from "./copy-command.ts";
import { adviceLines, type CopyOutcome, exitStatusOfCopy, withOptionHint } from "./copy-outcome.ts";
import { type DeviceRequest, devicePart, openForRequest, totalBlocks } from "./device-request.ts";
import { runDryRun } from "./run-plan.ts";
import { type StoreWatch, watchStore } from "./store-watch.ts";

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

/** Looks at the blocks before the copy; `undefined` where a signal ended the look. */
async function lookBefore(
  { open, request }: DeviceRequest,
  signal: AbortSignal,
): Promise<Verification | undefined> {
  const { to } = request;
  const { bytesPerBlock, capacityBlocks } = to ?? open.device;
  const place = {
    ...request,
    bytesPerBlock,
    capacityBlocks,
    read: open.readStored,
    ...(to === undefined ? {} : { readDestination: open.readStoredOf(to) }),
  };
  try {
    return await startVerification(place, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
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
  const { surroundings } = context;
  const interruption = watchInterruption(surroundings);
  const progress = watchProgress(deviceRequest, options, surroundings);
  try {
    const { abortSignal } = interruption;
    const look = options.verify === true ? await lookBefore(deviceRequest, abortSignal) : undefined;
    const startMs = nowMs();
    const signal = AbortSignal.any([abortSignal, run.storeWatch.failed]);
    const result = await carryOut(run, progress, signal);
    const elapsedMs = nowMs() - startMs;
    progress.end();
    return {
      result,
      elapsedMs,
      signal: interruption.signal,
      verification: await look?.check(result.spans),
      storeFailure: run.storeWatch.failure(),
      peer: deviceRequest.open.peer,
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
  const status = exitStatusOfCopy(outcome);
  const { numbers, to } = deviceRequest.request;
  const storeCopies = storeWatch.copies();
  const summary = summarize(result, {
    exitStatus: status,
    device: devicePart(deviceRequest.open, options.stack),
    ...(to === undefined ? {} : { destinationDevice: to.name }),
    elapsedMs,
    ...(signal === undefined || result.status === "success" ? {} : { signal }),
    ...(storeCopies === undefined ? {} : { storeCopies }),
    ...(verification === undefined ? {} : { verification }),
  });
  const colors = colorsFor(stdout, context.surroundings, context.color);
  writers[options.output](stdout, { result, numbers, summary }, colors);
  for (const line of adviceLines(outcome, options)) stderr.write(`blockferry: ${line}\n`);
  return status;
}

function tracedDevices({ open: { device }, request }: DeviceRequest): TracedDevices {
  const numbered = numberDevices([device, request.to ?? device]);
  return { devices: numbered.map(({ name }) => name), bytesPerBlock: device.bytesPerBlock };
}

function openTrace({ trace: path, traceFormat }: CopyCommandOptions): TraceFile | undefined {
  if (path !== undefined) return openTraceFile(path, traceFormat ?? traceFormatOf(path), nowMs);
  if (traceFormat === undefined) return undefined;
  throw new FerryError("FERRY_OPTION_MISSING", "--trace-format says how, but not where", {
    hint: "name the file with --trace",
  });
}

async function runTraced(
  uri: string,
  ranges: readonly string[],
  options: CopyCommandOptions,
  context: Context,
  trace: TraceFile | undefined,
): Promise<number> {
  const strategy = await strategyByName(options.strategy);
  const storeWatch = watchStore(trace?.sink);
  const { onStoreCopy, onFailure } = storeWatch;
  const timeoutMs = options.timeout * 1000;
  const onCommand = await watchCommands(options.verbose, context.surroundings.stderr);
  const deviceOptions = { ...options, onStoreCopy, onFailure, onCommand, timeoutMs };
  const deviceRequest = await openForRequest(uri, ranges, options, deviceOptions);
  trace?.describe(tracedDevices(deviceRequest));
  try {
    if (options.dryRun === true) return runDryRun(deviceRequest, options, context.surroundings);
    const run = { deviceRequest, strategy, options, context, trace, storeWatch };
    return await copyAndReport(run);
  } finally {
    await deviceRequest.open.close();
  }
}

/** `blockferry copy`. */
export async function runCopy(
  uri: string,
  ranges: readonly string[],
  options: CopyCommandOptions,
  context: Context,
): Promise<number> {
  // A misspelt strategy is told before anything is opened.
  await strategyByName(options.strategy);
  const trace = openTrace(options);
  let status: number;
  try {
    status = await runTraced(uri, ranges, options, context, trace);
  } finally {
    trace?.close();
  }
  const { failure } = trace ?? {};
  if (failure === undefined) return status;
  // The copy is what it is; that its trace is not whole is told beside it.
  context.surroundings.stderr.write(`blockferry: ${failure.message} (${failure.code})\n`);
  return status === exitStatus.success ? exitStatusOfError(failure) : status;
}
