import { SENSE_BYTES_MAX, senseData } from "../codec/sense/sense-data.ts";
import type { SenseKeySpecific } from "../codec/sense/sense-key-specific.ts";
import type { ForwardedSense } from "../codec/sense/sense-value.ts";
import type { SenseFormat as Format } from "./profile.ts";
import { type Sense, senseKey } from "./sense.ts";
import type { Target } from "./target.ts";

const INFORMATION_MAX_FIXED = 0xffff_ffff;
/** Forwarded sense data stays short, so that it always fits. */
const FORWARDED_BYTES_MAX = 32;

function specific(sense: Sense): SenseKeySpecific | undefined {
  const { fieldPointer, segmentPointer } = sense;
  if (sense.key === senseKey.illegalRequest && fieldPointer !== undefined) {
    return { kind: "field", ...fieldPointer };
  }
  if (sense.key !== senseKey.copyAborted || segmentPointer?.byte === undefined) return undefined;
  const { byte, inSegment = false } = segmentPointer;
  return { kind: "segment", byte, inSegment };
}

function forwarded(sense: Sense, target: Target): ForwardedSense[] | undefined {
  const { forwarded: own } = sense;
  if (own === undefined) return undefined;
  const bytes =
    own.sense === undefined ? new Uint8Array(0) : senseBytesPlain(target, own.sense, "fixed");
  return [
    {
      source: own.end === "source" ? "copy source" : "copy destination",
      status: own.status,
      senseData: bytes.subarray(0, FORWARDED_BYTES_MAX),
    },
  ];
}

/** In fixed format an address above 2^32 cannot be told (SPC-4 4.5.3): descriptor format then. */
function formatOf(sense: Sense, wanted: Format): Format {
  const inner = sense.forwarded?.sense?.information ?? 0;
  const isLarge = (sense.information ?? 0) > INFORMATION_MAX_FIXED;
  return isLarge || inner > INFORMATION_MAX_FIXED ? "descriptor" : wanted;
}

/** An address as sense data holds it: nothing but 64 bits. */
const informationOf = (value: number | undefined): bigint | undefined =>
  value === undefined ? undefined : BigInt.asUintN(64, BigInt(Math.min(value, 2 ** 64 - 2048)));

function senseBytesPlain(target: Target, sense: Sense, wanted: Format): Uint8Array {
  const format = formatOf(sense, wanted);
  const keySpecific = specific(sense);
  const isAborted = sense.key === senseKey.copyAborted;
  return senseData.encode({
    format,
    senseKey: sense.key,
    asc: sense.asc,
    ascq: sense.ascq,
    information: informationOf(sense.information),
    copySegment: isAborted ? sense.segmentPointer?.segment : undefined,
    forwarded: isAborted ? forwarded(sense, target) : undefined,
    senseKeySpecific: keySpecific,
  });
}

/** What a target that says little leaves out. */
function bare(sense: Sense): Sense {
  const { key, asc, ascq, information } = sense;
  const keeps = key === senseKey.miscompare && information !== undefined;
  return keeps ? { key, asc, ascq, information } : { key, asc, ascq };
}

/** Sense data as the target's profile writes it. */
export function senseBytes(target: Target, sense: Sense, format: Format): Uint8Array {
  const { isDetailed, paddedBytes } = target.profile.sense;
  const bytes = senseBytesPlain(target, isDetailed ? sense : bare(sense), format);
  if (bytes.length >= paddedBytes) return bytes.subarray(0, SENSE_BYTES_MAX);
  const padded = new Uint8Array(paddedBytes);
  padded.set(bytes);
  return padded;
}
