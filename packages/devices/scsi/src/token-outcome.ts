import { type DeviceStatus, type Status, status } from "@blockferry/core";
import { type Answer, answerOf, describeAnswer, meaningOfAnswer, senseOf } from "./answer.ts";
import type { Meaning, SenseMeaning } from "./status-map.ts";
import { operationStatusOf, reportedSense, reportedStatus } from "./token-report.ts";
import { ending, state } from "./token-state.ts";

const OPERATION_TERMINATED = 0x60;

/** What a token copy left behind when it ended. */
export interface TokenOutcome {
  readonly completion: Uint8Array;
  readonly report: Uint8Array;
  /** See `state`. */
  readonly words: Int32Array;
  readonly at: number;
}

function reportedAnswer(report: Uint8Array): Answer {
  return { status: reportedStatus(report), sense: senseOf(reportedSense(report)) };
}

const fixed: Readonly<Record<number, { status: Status; isRetryable: boolean }>> = {
  [ending.partial]: { status: status.limitExceeded, isRetryable: true },
  [ending.nothing]: { status: status.deviceError, isRetryable: false },
  [ending.malformed]: { status: status.deviceError, isRetryable: false },
  [ending.stalled]: { status: status.timeout, isRetryable: false },
  [ending.givenUp]: { status: status.aborted, isRetryable: false },
};

/** A failed operation may come with no status of its own. */
function meaningOfReport(report: Uint8Array, others: readonly SenseMeaning[] | undefined): Meaning {
  const answer = reportedAnswer(report);
  if (answer.status !== 0) return meaningOfAnswer(answer, others);
  return operationStatusOf(report) === OPERATION_TERMINATED
    ? { status: status.aborted, isRetryable: true }
    : { status: status.deviceError, isRetryable: false };
}

/** How a copy ended whose answer did not come: as its queue was told. */
const meaningOfLoss = (words: Int32Array, at: number): Meaning => ({
  status: words[at + state.lost] as Status,
  isRetryable: true,
});

/** What the end of a token copy, or of another command, means. */
export function meaningOfOutcome(
  outcome: TokenOutcome,
  others: readonly SenseMeaning[] | undefined,
): Meaning {
  const { completion, report, words, at } = outcome;
  const how = words[at + state.ending];
  if (how === ending.report) return meaningOfReport(report, others);
  if (how === ending.lost) return meaningOfLoss(words, at);
  return fixed[how] ?? meaningOfAnswer(answerOf(completion), others);
}

/** What is known of the operation that was to be aborted. */
const fateOf = (words: Int32Array, at: number): string =>
  words[at + state.open] === 0
    ? "the operation has ended"
    : "the device does not say what became of the operation";

function reasonOf({ words, at }: TokenOutcome): string {
  const granted = words[at + state.granted];
  const blocks = words[at + state.blocks];
  const done = words[at + state.done];
  switch (words[at + state.ending]) {
    case ending.partial:
      return done < granted
        ? `the device wrote ${done} of ${granted} blocks, and the token is gone`
        : `the token stands for ${granted} of ${blocks} blocks`;
    case ending.nothing:
      return "the device says success, and that it copied no block";
    case ending.malformed:
      return "what the device reports of the copy breaks a rule";
    case ending.stalled:
      return `the copy makes no progress after ${done} of ${blocks} blocks`;
    case ending.lost:
      return `no answer came after ${done} of ${blocks} blocks; ${fateOf(words, at)}`;
    default:
      return "given up by the initiator";
  }
}

/** The end of a token copy, or of another command, in words. */
export function describeOutcome(outcome: TokenOutcome): DeviceStatus {
  const { completion, report, words, at } = outcome;
  const how = words[at + state.ending];
  if (how === ending.completion) return describeAnswer(answerOf(completion));
  const counts = {
    operationStatus: operationStatusOf(report),
    blocks: words[at + state.blocks],
    blocksOfToken: words[at + state.granted],
    blocksWritten: words[at + state.done],
  };
  if (how === ending.report) {
    const described = describeAnswer(reportedAnswer(report));
    return { ...described, fields: { ...described.fields, ...counts } };
  }
  const described = describeAnswer(answerOf(completion));
  return {
    ...described,
    name: reasonOf(outcome),
    fields: { ...described.fields, ...counts },
  };
}
