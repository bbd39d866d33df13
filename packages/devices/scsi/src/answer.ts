import type { DeviceStatus } from "@blockferry/core";
import { SCSI_COMPLETION_BYTES, scsiCompletion } from "./codec/scsi-command-record.ts";
import { additionalSenseName } from "./codec/sense/additional-sense.ts";
import { senseData } from "./codec/sense/sense-data.ts";
import { SENSE_KEY_COPY_ABORTED, senseKeyNames } from "./codec/sense/sense-keys.ts";
import type { SenseData } from "./codec/sense/sense-value.ts";
import { STATUS_CHECK_CONDITION, statusNames } from "./codec/sense/status-codes.ts";
import { type Meaning, meaningOf, type SenseMeaning } from "./status-map.ts";

/** What a device said of a command: its status, and its sense data where it sent any. */
export interface Answer {
  readonly status: number;
  /** `undefined`: there is none, or it is in no format that there is. */
  readonly sense: SenseData | undefined;
}

const SENSE_AT = scsiCompletion.offsetOf("sense");
const SENSE_LENGTH_AT = scsiCompletion.offsetOf("senseLength");
/** Third party device failure, and error detected by the copy manager as an initiator: the end's own sense tells more. */
const ASC_THIRD_PARTY = 0x0d;
const ASCQ_DEVICE_FAILURE = 1;

/** Decodes sense data as far as it can be. */
export function senseOf(bytes: Uint8Array): SenseData | undefined {
  const decoded = senseData.decode(bytes, { lenient: true });
  return decoded.ok ? decoded.value : undefined;
}

/** Reads a completion (see `scsiCompletion`). */
export function answerOf(completion: Uint8Array): Answer {
  const length = Math.min(completion[SENSE_LENGTH_AT], SCSI_COMPLETION_BYTES - SENSE_AT);
  return {
    status: completion[0],
    sense: length === 0 ? undefined : senseOf(completion.subarray(SENSE_AT, SENSE_AT + length)),
  };
}

/** What one end of a copy said to the copy manager, where the copy manager passes it on and says no more itself. */
function forwardedAnswer(sense: SenseData): Answer | undefined {
  if (sense.senseKey !== SENSE_KEY_COPY_ABORTED) return undefined;
  if (sense.asc !== ASC_THIRD_PARTY || sense.ascq > ASCQ_DEVICE_FAILURE) return undefined;
  const [first] = sense.forwarded ?? [];
  return first && { status: first.status, sense: senseOf(first.senseData) };
}

/** What an answer means to a copy; `others` go before the standard's meanings. */
export function meaningOfAnswer(answer: Answer, others?: readonly SenseMeaning[]): Meaning {
  const { status, sense } = answer;
  if (status !== STATUS_CHECK_CONDITION) return meaningOf(status, 0, 0, 0);
  if (sense === undefined) return meaningOf(status, 0, 0, 0, others);
  const forwarded = forwardedAnswer(sense);
  const own = meaningOf(status, sense.senseKey, sense.asc, sense.ascq, others);
  // A deferred error belongs to an earlier command: this one was not carried out.
  if (sense.deferred) return { ...own, isRetryable: true };
  return forwarded === undefined || forwarded.status === 0 ? own : meaningOfAnswer(forwarded);
}

const hex = (value: number): string => `${value.toString(16).toUpperCase().padStart(2, "0")}h`;

function nameOfSense(sense: SenseData): string {
  const { senseKey, asc, ascq } = sense;
  const key = senseKeyNames[senseKey] ?? `sense key ${hex(senseKey)}`;
  const text = additionalSenseName(asc, ascq);
  const code = `${hex(asc)}/${hex(ascq)}`;
  return `${key}: ${text === undefined ? code : `${text} (${code})`}`;
}

/** Where the sense data points at, in words. */
function placeOf(sense: SenseData): string {
  const { senseKeySpecific: specific, copySegment } = sense;
  const parts: string[] = [];
  if (copySegment !== undefined && (specific?.kind === "segment" || copySegment > 0)) {
    parts.push(`segment ${copySegment}`);
  }
  if (specific?.kind === "segment") {
    parts.push(`byte ${specific.byte} of the ${specific.inSegment ? "segment" : "parameter list"}`);
  }
  if (specific?.kind === "field") {
    parts.push(`byte ${specific.byte} of the ${specific.inCdb ? "CDB" : "parameter list"}`);
  }
  const [forwarded] = sense.forwarded ?? [];
  if (forwarded !== undefined) {
    const own = senseOf(forwarded.senseData);
    const said = own === undefined ? statusName(forwarded.status) : nameOfSense(own);
    parts.push(`the ${forwarded.source} said ${said}`);
  }
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
}

const statusName = (status: number): string => statusNames[status] ?? `status ${hex(status)}`;

/** The answer in words. */
export function nameOfAnswer({ status, sense }: Answer): string {
  if (sense === undefined) return statusName(status);
  const deferred = sense.deferred ? " (of an earlier command)" : "";
  return `${nameOfSense(sense)}${deferred}${placeOf(sense)}`;
}

function pointerFields(sense: SenseData): Record<string, number> {
  const { senseKeySpecific: specific } = sense;
  switch (specific?.kind) {
    case "field":
      return {
        fieldPointer: specific.byte,
        inCdb: specific.inCdb ? 1 : 0,
        ...(specific.bit === undefined ? {} : { bitPointer: specific.bit }),
      };
    case "segment":
      return {
        fieldPointer: specific.byte,
        inSegment: specific.inSegment ? 1 : 0,
        ...(specific.bit === undefined ? {} : { bitPointer: specific.bit }),
      };
    default:
      return {};
  }
}

function forwardedFields(sense: SenseData): Record<string, number> {
  const [forwarded] = sense.forwarded ?? [];
  if (forwarded === undefined) return {};
  const own = senseOf(forwarded.senseData);
  return {
    forwardedStatus: forwarded.status,
    forwardedFrom: ["copy source", "copy destination"].indexOf(forwarded.source) + 1,
    ...(own === undefined
      ? {}
      : { forwardedSenseKey: own.senseKey, forwardedAsc: own.asc, forwardedAscq: own.ascq }),
  };
}

/**
 * The answer with all its parts. `code` is status, sense key, ASC and ASCQ, one byte each. `fields` has `segment`,
 * `fieldPointer`, `information` and more where the sense data has them; `forwardedFrom` is 1 for the source, 2 for the
 * destination of the copy.
 */
export function describeAnswer(answer: Answer): DeviceStatus {
  const { status, sense } = answer;
  const { senseKey = 0, asc = 0, ascq = 0 } = sense ?? {};
  return {
    family: "scsi",
    code: ((status * 256 + senseKey) * 256 + asc) * 256 + ascq,
    name: nameOfAnswer(answer),
    fields: {
      status,
      senseKey,
      asc,
      ascq,
      ...(sense === undefined
        ? {}
        : {
            ...(sense.deferred ? { deferred: 1 } : {}),
            ...(sense.copySegment === undefined ? {} : { segment: sense.copySegment }),
            ...pointerFields(sense),
            ...(sense.information === undefined ? {} : { information: Number(sense.information) }),
            ...forwardedFields(sense),
          }),
    },
  };
}

/** What a completion (see `scsiCompletion`) says, in words and with all its parts. */
export function describeCompletion(completion: Uint8Array): DeviceStatus {
  return describeAnswer(answerOf(completion));
}
