import { type Annotation, toHex } from "@blockferry/core/bytes";
import { shiftAnnotations } from "../located.ts";
import { additionalSenseName } from "./additional-sense.ts";
import { senseDescriptorOf } from "./descriptor-format.ts";
import { descriptorSense } from "./descriptor-sense.ts";
import { copySense, fixedSense } from "./fixed-sense.ts";
import { annotateSenseKeySpecific } from "./sense-key-specific.ts";
import { SENSE_KEY_COPY_ABORTED } from "./sense-keys.ts";
import { statusNames } from "./status-codes.ts";

/** Names the additional sense code: code and qualifier mean something only together. */
function withName(annotations: readonly Annotation[]): Annotation[] {
  const numberOf = (field: string): number | undefined =>
    annotations.find((one) => one.field === field)?.value as number | undefined;
  const asc = numberOf("asc");
  const ascq = numberOf("ascq");
  const label =
    asc === undefined || ascq === undefined ? undefined : additionalSenseName(asc, ascq);
  if (label === undefined) return [...annotations];
  return annotations.map((one) => (one.field === "ascq" ? { ...one, label } : one));
}

function specific(senseKey: number, bytes: Uint8Array, one: Annotation): Annotation[] {
  const own = bytes.subarray(one.byte, one.byte + 3);
  if (own.length < 3 || own.every((byte) => byte === 0)) return [one];
  return shiftAnnotations(annotateSenseKeySpecific(senseKey, own), one.byte, one.field);
}

/** Bytes of the sense data: what it announces, or what is there of it. */
function endOf(bytes: Uint8Array): number {
  return bytes.length < 8 ? bytes.length : Math.min(8 + bytes[7], bytes.length);
}

function annotateFixed(bytes: Uint8Array): Annotation[] {
  const end = endOf(bytes);
  const senseKey = bytes.length > 2 ? bytes[2] % 16 : 0;
  const ofCopy = senseKey === SENSE_KEY_COPY_ABORTED;
  const annotations = withName(fixedSense.annotate(bytes)).flatMap((one): Annotation[] => {
    if (one.violated !== undefined) return [one];
    if (one.field === "senseKeySpecific") return specific(senseKey, bytes, one);
    if (one.field === "commandSpecificInformation" && ofCopy) {
      return shiftAnnotations(copySense.annotate(bytes.subarray(8, 12)), 8, one.field);
    }
    return [one];
  });
  return end > 18 ? [...annotations, ...annotateRest(bytes, end, ofCopy)] : annotations;
}

/** The bytes after the first 18: what a copy manager forwards, or the vendor's own. */
function annotateRest(bytes: Uint8Array, end: number, ofCopy: boolean): Annotation[] {
  const areas = [
    { at: bytes[8], field: "source" },
    { at: bytes[9], field: "destination" },
  ].filter(({ at }) => ofCopy && at >= 18 && at < end);
  if (areas.length === 0) {
    const hex = toHex(bytes.subarray(18, end));
    const meaning = "Additional sense bytes";
    return [{ field: "additionalSenseBytes", at: `bytes 18..${end - 1}`, byte: 18, hex, meaning }];
  }
  areas.sort((a, b) => a.at - b.at);
  return areas.flatMap(({ at, field }, index) =>
    annotateForwarded(bytes.subarray(0, areas[index + 1]?.at ?? end), at, field),
  );
}

function annotateForwarded(bytes: Uint8Array, at: number, field: string): Annotation[] {
  const own = bytes.subarray(at);
  if (own.length === 0) return [];
  const label = statusNames[own[0]];
  const status: Annotation = {
    field: `${field}Status`,
    at: `byte ${at}`,
    byte: at,
    hex: toHex(own.subarray(0, 1)),
    value: own[0],
    ...(label === undefined ? {} : { label }),
    meaning: `Status of the copy ${field}`,
  };
  const inner = own.length > 1 ? annotateSense(own.subarray(1)) : [];
  return [status, ...shiftAnnotations(inner, at + 1, `${field}Sense`)];
}

function annotateDescriptors(bytes: Uint8Array): Annotation[] {
  const annotations = withName(descriptorSense.annotate(bytes));
  const end = endOf(bytes);
  const senseKey = bytes.length > 1 ? bytes[1] % 16 : 0;
  for (let at = 8, index = 0; at + 2 <= end; index += 1) {
    const size = 2 + bytes[at + 1];
    const own = bytes.subarray(at, Math.min(at + size, end));
    const inner = senseDescriptorOf(own)
      .annotate(own)
      .flatMap((one) => (one.field === "senseKeySpecific" ? specific(senseKey, own, one) : [one]));
    annotations.push(...shiftAnnotations(inner, at, `[${index}]`));
    at += size;
  }
  return annotations;
}

/** Explains sense data of either format, forwarded sense data included. */
export function annotateSense(bytes: Uint8Array): Annotation[] {
  const code = bytes.length > 0 ? bytes[0] % 0x80 : 0x70;
  return code === 0x72 || code === 0x73 ? annotateDescriptors(bytes) : annotateFixed(bytes);
}
