import type { Annotation, AnyStructure, Decoded } from "@blockferry/core/bytes";
import { dsmRange, dsmXlRange } from "./data-set-management.ts";
import { fisStructure } from "./fis/fis.ts";
import { registerHostToDevice } from "./fis/register-host-to-device.ts";
import { identifyDevice } from "./identify-device.ts";
import { emulationPage } from "./logs/emulation-page.ts";
import {
  identifyCapabilities,
  identifyCapacity,
  identifyPageHeader,
  identifyPageList,
  identifySettings,
} from "./logs/identify-pages.ts";
import { identifyPage } from "./logs/log-address.ts";
import { logDirectory } from "./logs/log-directory.ts";
import { ncqCommandError } from "./logs/ncq-command-error.ts";
import { ncqNonData, ncqSendReceive } from "./logs/ncq-subcommands.ts";
import { parseSense } from "./sat/parse-sense.ts";
import { passThroughForm, passThroughStructure } from "./sat/pass-through.ts";
import {
  descriptorSenseHeader,
  fixedSense,
  informationDescriptor,
  senseKeySpecific,
  statusReturn,
} from "./sat/sense.ts";
import { annotateGatheredList } from "./write-gathered/annotate.ts";
import { defaultProfile, writeGatheredProfiles } from "./write-gathered/built-in-profiles.ts";
import { decodeGatheredList } from "./write-gathered/list.ts";
import type { WriteGatheredProfile } from "./write-gathered/profile.ts";
import { provisionalLabel } from "./write-gathered/provisional.ts";

export interface AtaWireFormatOptions {
  /** Profile of WRITE GATHERED EXT; default `acs6-provisional-66`. */
  readonly profile?: WriteGatheredProfile;
  /** Accept reserved bits that are set, for captures; `decode` only. */
  readonly lenient?: boolean;
}

/** Bytes of one kind that can be decoded and explained without knowing more about them. */
export interface AtaWireFormat {
  /** What the bytes are. */
  readonly title: string;
  readonly source: string;
  decode(bytes: Uint8Array, options?: AtaWireFormatOptions): Decoded<object>;
  /** Explains bytes field by field; also too few, too many, or wrong ones. Never throws. */
  annotate(bytes: Uint8Array, options?: AtaWireFormatOptions): Annotation[];
}

/** Names the operation code of WRITE GATHERED EXT, and says at once how sure that is. */
function withGathered(
  annotations: readonly Annotation[],
  own: WriteGatheredProfile | undefined,
): Annotation[] {
  const profiles = own === undefined ? Object.values(writeGatheredProfiles) : [own];
  return annotations.map((one) => {
    if (one.field !== "command" || one.label !== undefined) return one;
    const profile = profiles.find(({ command }) => command === one.value);
    if (profile === undefined) return one;
    return { ...one, label: `WRITE GATHERED EXT, ${provisionalLabel(profile)}` };
  });
}

/** Says that bytes follow what has been explained, or nothing. */
function rest(name: string, size: number, bytes: Uint8Array): Annotation[] {
  if (bytes.length <= size) return [];
  const hex = Array.from(bytes.subarray(size), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  const violated = `${name}: ${bytes.length - size} bytes follow the ${size} that it has`;
  const at = `bytes ${size}..${bytes.length - 1}`;
  return [{ field: "excess", at, byte: size, hex, meaning: "", violated }];
}

/** Bytes whose structure is told by the bytes themselves; `fallback` explains them where they tell nothing. */
function chosen(
  title: string,
  fallback: AnyStructure,
  choose: (bytes: Uint8Array) => AnyStructure | undefined,
): AtaWireFormat {
  return {
    title,
    source: fallback.source,
    decode(bytes, options) {
      const lenient = options?.lenient === true;
      return (choose(bytes) ?? fallback).decode(bytes, 0, { exact: true, lenient });
    },
    annotate(bytes, options) {
      const { annotate, name, size } = choose(bytes) ?? fallback;
      return [...withGathered(annotate(bytes), options?.profile), ...rest(name, size, bytes)];
    },
  };
}

const one = (structure: AnyStructure): AtaWireFormat =>
  chosen(structure.name, structure, () => structure);

/** Entries of one structure, as many as there are. */
function entries(title: string, entry: AnyStructure): AtaWireFormat {
  return {
    title,
    source: entry.source,
    decode(bytes, options) {
      const values: object[] = [];
      for (let at = 0; at < bytes.length; at += entry.size) {
        const decoded = entry.decode(bytes, at, { lenient: options?.lenient === true });
        if (!decoded.ok) return decoded;
        values.push(decoded.value);
      }
      return { ok: true, value: values };
    },
    annotate(bytes) {
      const count = Math.max(1, Math.ceil(bytes.length / entry.size));
      return Array.from({ length: count }, (_, i) =>
        entry.annotate(bytes, i * entry.size).map((shown) => ({
          ...shown,
          field: `[${i}].${shown.field}`,
        })),
      ).flat();
    },
  };
}

const descriptors: ReadonlyMap<number, AnyStructure> = new Map<number, AnyStructure>([
  [0x00, informationDescriptor],
  [0x02, senseKeySpecific],
  [0x09, statusReturn],
]);

function annotateSense(bytes: Uint8Array): Annotation[] {
  if (bytes.length > 0 && bytes[0] % 0x80 < 0x72) return fixedSense.annotate(bytes);
  const annotations = descriptorSenseHeader.annotate(bytes);
  let at = descriptorSenseHeader.size;
  for (; at + 2 <= bytes.length; at += 2 + bytes[at + 1]) {
    const found = descriptors.get(bytes[at]);
    if (found !== undefined) annotations.push(...found.annotate(bytes, at));
  }
  return annotations;
}

const sense: AtaWireFormat = {
  title: "Sense data with ATA registers, fixed or descriptor format",
  source: statusReturn.source,
  decode: (bytes) => parseSense(bytes),
  annotate: annotateSense,
};

const gatheredList: AtaWireFormat = {
  title: "WRITE GATHERED EXT source ranges, by a provisional profile",
  source: "no public standard; see the profile's note",
  decode: (bytes, options) => decodeGatheredList(options?.profile ?? defaultProfile, bytes),
  annotate: (bytes, options) => annotateGatheredList(options?.profile ?? defaultProfile, bytes),
};

const identifyPages: ReadonlyMap<number, AnyStructure> = new Map<number, AnyStructure>([
  [identifyPage.list, identifyPageList],
  [identifyPage.capacity, identifyCapacity],
  [identifyPage.supportedCapabilities, identifyCapabilities],
  [identifyPage.currentSettings, identifySettings],
]);

/** Every kind of bytes that this package can explain, by the name that a command line uses. */
export const ataStructures: Readonly<Record<string, AtaWireFormat>> = {
  "ata-fis": chosen("Frame information structure", registerHostToDevice, (bytes) =>
    fisStructure(bytes[0]),
  ),
  "ata-pass-through": chosen(
    "ATA PASS-THROUGH(12), (16) or (32)",
    passThroughStructure(16),
    (bytes) => {
      const form = passThroughForm(bytes);
      return form === undefined ? undefined : passThroughStructure(form);
    },
  ),
  "ata-sense": sense,
  "ata-status-return": one(statusReturn),
  "ata-identify": one(identifyDevice),
  "ata-dsm-ranges": entries("DATA SET MANAGEMENT ranges", dsmRange),
  "ata-dsm-xl-ranges": entries("DATA SET MANAGEMENT XL ranges", dsmXlRange),
  "ata-write-gathered-list": gatheredList,
  "ata-log-directory": one(logDirectory),
  "ata-ncq-error-log": one(ncqCommandError),
  "ata-ncq-non-data-log": one(ncqNonData),
  "ata-ncq-send-receive-log": one(ncqSendReceive),
  "ata-identify-page": chosen("IDENTIFY DEVICE data log page", identifyPageHeader, (bytes) =>
    identifyPages.get(bytes[2]),
  ),
  "ata-emulation-page": one(emulationPage),
};
