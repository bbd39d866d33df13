import type { Annotation } from "@blockferry/core/bytes";
import { identificationCscd } from "./copy/identification-cscd.ts";
import { ROD_TOKEN_BYTES, rodToken } from "./copy/rod-token.ts";
import { designationDescriptor } from "./inquiry/designator.ts";
import { shiftAnnotations } from "./located.ts";
import { senseData } from "./sense/sense-data.ts";

const IDENTIFICATION = 0xe4;
const EXTENSION_AT = 128;

/** The designator at the front of a token's extension, then what only its maker can read. */
function annotateExtension(bytes: Uint8Array, one: Annotation): Annotation[] {
  const own = bytes.subarray(one.byte, one.byte + ROD_TOKEN_BYTES - EXTENSION_AT);
  const size = own.length < 4 ? 0 : designationDescriptor.measure(own, 0);
  if (size <= 4 || size > own.length) return [one];
  const named = designationDescriptor.annotate(own.subarray(0, size));
  const rest: Annotation = {
    ...one,
    field: "extendedRodTokenData",
    at: `bytes ${EXTENSION_AT + size}..${ROD_TOKEN_BYTES - 1}`,
    byte: one.byte + size,
    hex: one.hex.slice(2 * size),
    meaning: "EXTENDED ROD TOKEN DATA",
  };
  return [...shiftAnnotations(named, one.byte, "targetDevice"), rest];
}

/** Explains a ROD token, the descriptors in it included. */
export function annotateRodToken(bytes: Uint8Array): Annotation[] {
  return rodToken.annotate(bytes).flatMap((one): Annotation[] => {
    if (one.violated !== undefined) return [one];
    if (one.field === "extension") return annotateExtension(bytes, one);
    if (one.field === "creatorLogicalUnit" && bytes[one.byte] === IDENTIFICATION) {
      const own = bytes.subarray(one.byte, one.byte + identificationCscd.size);
      return shiftAnnotations(identificationCscd.annotate(own), one.byte, one.field);
    }
    return [one];
  });
}

const isLast = (one: Annotation, name: string): boolean =>
  one.field === name || one.field.endsWith(`.${name}`);

/** Takes apart the ROD tokens and the sense data that other structures carry whole. */
export function expandNested(annotations: readonly Annotation[], bytes: Uint8Array): Annotation[] {
  return annotations.flatMap((one): Annotation[] => {
    if (one.violated !== undefined || one.hex === "") return [one];
    const own = bytes.subarray(one.byte, one.byte + one.hex.length / 2);
    if (isLast(one, "rodToken")) {
      return shiftAnnotations(annotateRodToken(own), one.byte, one.field);
    }
    if (isLast(one, "senseData") && senseData.decode(own).ok) {
      return shiftAnnotations(senseData.annotate(own), one.byte, one.field);
    }
    return [one];
  });
}
