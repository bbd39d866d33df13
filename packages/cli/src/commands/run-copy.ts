import { type CopyResult, copy } from "@blockferry/block";
import { FerryError, isFerryError } from "@blockferry/core";
import { exitStatus, exitStatusOf } from "@blockferry/core/exit-status";
import type { OpenDevice } from "../open-device.ts";
import { type Interruption, watchInterruption } from "../output/interruption.ts";
import { type Progress, progressPrinter } from "../output/progress.ts";
import type { Surroundings } from "../output/surroundings.ts";
import { openTraceFile } from "../output/trace-file.ts";
import { summarize, writeCopyJson, writeCopyLines, writeCopyText } from "../report/copy-report.ts";
import type { VerificationPart } from "../schema/copy-document.ts";
import { strategyByName } from "../strategies.ts";
import { startVerification, type Verification } from "../verify/verify-copy.ts";
import type { CopyCommandOptions } from "./copy-command.ts";
import {
  type DeviceRequest,
  devicePart,
  type ListRequest,
  openForRequest,
  totalBlocks,
} from "./device-request.ts";
import { runDryRun } from "./run-plan.ts";

const writers = {
  json: writeCopyJson,
  jsonl: writeCopyLines,
  normal: writeCopyText,
  hex: writeCopyText,
};

const nowMs = (): number => performance.now();

function verificationOf(open: OpenDevice, request: ListRequest): Verification {
  const { bytesPerBlock, capacityBlocks } = open.device;
  return startVerification({ ...request, bytesPerBlock, capacityBlocks, read: open.readStored });
}

/** Hints that name options of the command line. */
function withOptionHint(error: unknown): unknown {
  if (!isFerryError(error)) return error;
  const hints: Readonly<Record<string, string>> = {
    FERRY_COPY_OVERLAP:
      "--emulate copies overlapping ranges through the host, in an order that is safe",
    FERRY_COPY_UNSUPPORTED: "--emulate copies through the host what the device will not take",
  };
  const hint = hints[error.code];
  if (hint === undefined) return error;
  return new FerryError(error.code, error.message, {
    cause: error.cause,
    details: error.details,
    hint,
  });
}

interface CarryOut {
  readonly deviceRequest: DeviceRequest;
  readonly options: CopyCommandOptions;
  readonly progress: Progress;
  readonly interruption: Interruption;
}

async function carryOut({
  deviceRequest,
  options,
  progress,
  interruption,
}: CarryOut): Promise<CopyResult> {
  const { open, request } = deviceRequest;
  const strategy = await strategyByName(options.strategy);
  const trace = options.trace === undefined ? undefined : openTraceFile(options.trace, nowMs);
  try {
    return await copy(open.device, request, {
      strategy,
      emulate: options.emulate === true,
      signal: interruption.abortSignal,
      timeoutMs: options.timeout * 1000,
      retriesMax: options.retries,
      onProgress: (now) => progress.update(now),
      ...(trace === undefined ? {} : { trace: trace.sink }),
    });
  } catch (error) {
    throw withOptionHint(error);
  } finally {
    trace?.close();
  }
}

function statusOf(
  result: CopyResult,
  signal: Interruption["signal"],
  verification: VerificationPart | undefined,
): number {
  if (verification?.verdict === "mismatch") return exitStatus.miscompare;
  if (result.status === "success") return exitStatus.success;
  if (signal === "SIGINT") return exitStatus.interrupted;
  if (signal === "SIGTERM") return exitStatus.terminated;
  const failed = result.commands.find((command) => command.status === result.status);
  return exitStatusOf(result.status, failed?.deviceStatus);
}

/** What to do about a copy that is not whole. */
function advice(
  result: CopyResult,
  options: CopyCommandOptions,
  signal: string | undefined,
): string {
  if (signal !== undefined) return "interrupted; the same line again completes it";
  const isRefusal = ["unsupported", "unreachable", "notFast", "incompatible", "overlap"];
  if (isRefusal.includes(result.status) && options.emulate !== true) {
    return "hint: --emulate copies through the host what the device will not take";
  }
  return "";
}

function watchProgress(
  deviceRequest: DeviceRequest,
  options: CopyCommandOptions,
  surroundings: Surroundings,
): { readonly progress: Progress; end(): void } {
  const progress = progressPrinter({
    stderr: surroundings.stderr,
    bytesPerBlock: deviceRequest.open.device.bytesPerBlock,
    totalBlocks: totalBlocks(deviceRequest.request.sources),
    isOn: options.progress === true,
    nowMs,
  });
  const off = surroundings.onSignal("SIGUSR1", () => progress.print());
  return {
    progress,
    end() {
      off();
      progress.end();
    },
  };
}

async function copyAndReport(
  deviceRequest: DeviceRequest,
  options: CopyCommandOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { open, request } = deviceRequest;
  const interruption = watchInterruption(surroundings);
  const watch = watchProgress(deviceRequest, options, surroundings);
  try {
    const verification = options.verify === true ? verificationOf(open, request) : undefined;
    const startMs = nowMs();
    const result = await carryOut({
      deviceRequest,
      options,
      progress: watch.progress,
      interruption,
    });
    const elapsedMs = nowMs() - startMs;
    watch.end();
    const { signal } = interruption;
    const verdict = verification?.check(result.spans);
    const status = statusOf(result, signal, verdict);
    const summary = summarize(result, {
      exitStatus: status,
      device: devicePart(open, options.stack),
      elapsedMs,
      ...(signal === undefined || result.status === "success" ? {} : { signal }),
      ...(verdict === undefined ? {} : { verification: verdict }),
    });
    writers[options.output](surroundings.stdout, { result, summary });
    const text = result.status === "success" ? "" : advice(result, options, signal);
    if (text !== "") surroundings.stderr.write(`blockferry: ${text}\n`);
    return status;
  } finally {
    watch.end();
    interruption.end();
  }
}

/** `blockferry copy`. */
export async function runCopy(
  uri: string,
  ranges: readonly string[],
  options: CopyCommandOptions,
  surroundings: Surroundings,
): Promise<number> {
  // A misspelt strategy is told before anything is opened.
  await strategyByName(options.strategy);
  const deviceRequest = await openForRequest(uri, ranges, options.to, options);
  try {
    if (options.dryRun === true) return runDryRun(deviceRequest, options, surroundings);
    return await copyAndReport(deviceRequest, options, surroundings);
  } finally {
    await deviceRequest.open.close();
  }
}
