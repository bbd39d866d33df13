import type { CopyResult } from "@blockferry/block";
import { FerryError, isFerryError } from "@blockferry/core";
import { exitStatus, exitStatusOf } from "@blockferry/core/exit-status";
import type { KnownPeer } from "../device/scheme.ts";
import type { Interruption } from "../output/interruption.ts";
import { refusalAdvice } from "../report/refusal-advice.ts";
import type { VerificationPart } from "../schema/copy-document.ts";
import type { CopyCommandOptions } from "./copy-command.ts";
import type { StoreFailure } from "./store-watch.ts";

const emulateHint = "--emulate copies through the host what the device will not take";
const overlapHint =
  "--emulate copies overlapping ranges through the host, in an order that is safe";

const optionHints: Readonly<Record<string, string>> = {
  FERRY_COPY_OVERLAP: overlapHint,
  FERRY_COPY_UNSUPPORTED: emulateHint,
};

/** An error of the engine with a hint that names the option which helps. */
export function withOptionHint(error: unknown): unknown {
  if (!isFerryError(error)) return error;
  const hint = optionHints[error.code];
  if (hint === undefined) return error;
  const { code, message, cause, details } = error;
  return new FerryError(code, message, { cause, details, hint });
}

/** What is known when a copy has ended. */
export interface CopyOutcome {
  readonly result: CopyResult;
  readonly signal: Interruption["signal"];
  readonly verification: VerificationPart | undefined;
  readonly storeFailure: StoreFailure | undefined;
  /** What the device is known to do otherwise than its standard says. */
  readonly peer?: KnownPeer | undefined;
}

/** The exit status that a copy earned. */
export function exitStatusOfCopy(outcome: CopyOutcome): number {
  const { result, signal, verification, storeFailure } = outcome;
  if (verification?.verdict === "mismatch") return exitStatus.miscompare;
  if (result.status === "success") return exitStatus.success;
  if (signal === "SIGINT") return exitStatus.interrupted;
  if (signal === "SIGTERM") return exitStatus.terminated;
  if (storeFailure !== undefined) return storeFailure.exitStatus;
  const failed = result.commands.find((command) => command.status === result.status);
  return exitStatusOf(result.status, failed?.deviceStatus);
}

function failureLines({ text, hint }: StoreFailure): string[] {
  return hint === undefined ? [text] : [text, hint];
}

/** What a device that refused is known to say in a way of its own. */
function deviationLines({ result, peer }: CopyOutcome): string[] {
  const isRefused = result.commands.some(({ deviceStatus }) => deviceStatus !== undefined);
  if (peer === undefined || !isRefused) return [];
  return peer.deviations.map((deviation) => `${peer.name} is known for this: it ${deviation}`);
}

/** What to say on standard error about a copy that is not whole. */
export function adviceLines(outcome: CopyOutcome, options: CopyCommandOptions): string[] {
  const { result, signal, verification, storeFailure } = outcome;
  if (verification?.verdict === "mismatch") {
    return ["the blocks are not what the copy says (FERRY_VERIFY_MISMATCH)"];
  }
  if (result.status === "success") return [];
  if (signal !== undefined) return [`${signal}: the same line again completes the copy`];
  const lines = storeFailure === undefined ? [] : failureLines(storeFailure);
  const isRefusal = ["unsupported", "unreachable", "notFast", "incompatible", "overlap"];
  if (isRefusal.includes(result.status) && options.emulate !== true) {
    lines.push(`not everything could be copied by the device; ${emulateHint}`);
  }
  const todo = storeFailure === undefined ? refusalAdvice(result.status) : undefined;
  if (todo !== undefined) lines.push(todo);
  return [...lines, ...deviationLines(outcome)];
}
