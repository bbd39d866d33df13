import {
  type AnyStructure,
  type Infer,
  type InputOf,
  type Structure,
  structure,
} from "@blockferry/core/bytes";
import { uint16 } from "../big-endian.ts";
import { type AnyCodec, type Codec, fixed, rawBytes } from "../codec.ts";
import type { DescriptorKind } from "../descriptor-list.ts";
import { variable } from "../variable.ts";

const caching = {
  name: "Caching mode page",
  bytes: 20,
  endian: "big",
  source: "SBC-3, Caching mode page",
  fields: [
    { name: "ps", at: "byte 0[7]", kind: "flag", meaning: "PS: the page can be saved" },
    { name: "spf", at: "byte 0[6]", kind: "constant", value: 0, meaning: "SPF" },
    { name: "pageCode", at: "byte 0[5:0]", kind: "constant", value: 0x08, meaning: "PAGE CODE" },
    { name: "pageLength", at: "byte 1", kind: "constant", value: 0x12, meaning: "PAGE LENGTH" },
    { name: "ic", at: "byte 2[7]", kind: "flag", meaning: "IC" },
    { name: "abpf", at: "byte 2[6]", kind: "flag", meaning: "ABPF" },
    { name: "cap", at: "byte 2[5]", kind: "flag", meaning: "CAP" },
    { name: "disc", at: "byte 2[4]", kind: "flag", meaning: "DISC" },
    { name: "size", at: "byte 2[3]", kind: "flag", meaning: "SIZE" },
    { name: "wce", at: "byte 2[2]", kind: "flag", meaning: "WCE: the write cache is on" },
    { name: "mf", at: "byte 2[1]", kind: "flag", meaning: "MF" },
    { name: "rcd", at: "byte 2[0]", kind: "flag", meaning: "RCD: the read cache is off" },
    { name: "readPriority", at: "byte 3[7:4]", kind: "uint", meaning: "DEMAND READ RETENTION" },
    { name: "writePriority", at: "byte 3[3:0]", kind: "uint", meaning: "WRITE RETENTION PRIORITY" },
    {
      name: "disablePrefetchTransferLength",
      at: "bytes 4..5",
      kind: "uint",
      meaning: "DISABLE PRE-FETCH TRANSFER LENGTH",
    },
    { name: "minimumPrefetch", at: "bytes 6..7", kind: "uint", meaning: "MINIMUM PRE-FETCH" },
    { name: "maximumPrefetch", at: "bytes 8..9", kind: "uint", meaning: "MAXIMUM PRE-FETCH" },
    {
      name: "maximumPrefetchCeiling",
      at: "bytes 10..11",
      kind: "uint",
      meaning: "MAXIMUM PRE-FETCH CEILING",
    },
    { name: "fsw", at: "byte 12[7]", kind: "flag", meaning: "FSW" },
    { name: "lbcss", at: "byte 12[6]", kind: "flag", meaning: "LBCSS" },
    { name: "dra", at: "byte 12[5]", kind: "flag", meaning: "DRA: no read-ahead" },
    { name: "vendorSpecific", at: "byte 12[4:3]", kind: "uint", meaning: "Vendor specific" },
    { name: "syncProg", at: "byte 12[2:1]", kind: "uint", meaning: "SYNC_PROG" },
    { name: "nvDis", at: "byte 12[0]", kind: "flag", meaning: "NV_DIS" },
    {
      name: "numberOfCacheSegments",
      at: "byte 13",
      kind: "uint",
      meaning: "NUMBER OF CACHE SEGMENTS",
    },
    { name: "cacheSegmentSize", at: "bytes 14..15", kind: "uint", meaning: "CACHE SEGMENT SIZE" },
    { at: "byte 16", kind: "reserved" },
    { at: "bytes 17..19", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
  ],
} as const;

const control = {
  name: "Control mode page",
  bytes: 12,
  endian: "big",
  source: "SPC-4, Control mode page",
  fields: [
    { name: "ps", at: "byte 0[7]", kind: "flag", meaning: "PS: the page can be saved" },
    { name: "spf", at: "byte 0[6]", kind: "constant", value: 0, meaning: "SPF" },
    { name: "pageCode", at: "byte 0[5:0]", kind: "constant", value: 0x0a, meaning: "PAGE CODE" },
    { name: "pageLength", at: "byte 1", kind: "constant", value: 0x0a, meaning: "PAGE LENGTH" },
    { name: "tst", at: "byte 2[7:5]", kind: "uint", meaning: "TST: task sets" },
    { name: "tmfOnly", at: "byte 2[4]", kind: "flag", meaning: "TMF_ONLY" },
    { name: "dpicz", at: "byte 2[3]", kind: "flag", meaning: "DPICZ" },
    {
      name: "dSense",
      at: "byte 2[2]",
      kind: "flag",
      meaning: "D_SENSE: sense data in descriptor format",
    },
    { name: "gltsd", at: "byte 2[1]", kind: "flag", meaning: "GLTSD" },
    { name: "rlec", at: "byte 2[0]", kind: "flag", meaning: "RLEC" },
    {
      name: "queueAlgorithmModifier",
      at: "byte 3[7:4]",
      kind: "uint",
      meaning: "QUEUE ALGORITHM MODIFIER",
    },
    { name: "nuar", at: "byte 3[3]", kind: "flag", meaning: "NUAR" },
    { name: "qerr", at: "byte 3[2:1]", kind: "uint", meaning: "QERR" },
    { at: "byte 3[0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "vs", at: "byte 4[7]", kind: "flag", meaning: "VS, vendor specific" },
    { name: "rac", at: "byte 4[6]", kind: "flag", meaning: "RAC" },
    {
      name: "uaIntlckCtrl",
      at: "byte 4[5:4]",
      kind: "uint",
      meaning: "UA_INTLCK_CTRL",
    },
    { name: "swp", at: "byte 4[3]", kind: "flag", meaning: "SWP: software write protection" },
    { at: "byte 4[2:0]", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    {
      name: "ato",
      at: "byte 5[7]",
      kind: "flag",
      meaning: "ATO: the application tag is the host's",
    },
    { name: "tas", at: "byte 5[6]", kind: "flag", meaning: "TAS: TASK ABORTED is reported" },
    { name: "atmpe", at: "byte 5[5]", kind: "flag", meaning: "ATMPE" },
    { name: "rwwp", at: "byte 5[4]", kind: "flag", meaning: "RWWP" },
    { at: "byte 5[3]", kind: "reserved" },
    { name: "autoloadMode", at: "byte 5[2:0]", kind: "uint", meaning: "AUTOLOAD MODE" },
    { at: "bytes 6..7", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    {
      name: "busyTimeoutPeriod",
      at: "bytes 8..9",
      kind: "uint",
      meaning: "BUSY TIMEOUT PERIOD, 100 ms",
    },
    {
      name: "extendedSelfTestCompletionTime",
      at: "bytes 10..11",
      kind: "uint",
      meaning: "EXTENDED SELF-TEST COMPLETION TIME, seconds",
    },
  ],
} as const;

const page = {
  name: "Mode page",
  bytes: 2,
  endian: "big",
  source: "SPC-4 7.5.8",
  fields: [
    { name: "ps", at: "byte 0[7]", kind: "flag", meaning: "PS: the page can be saved" },
    { name: "spf", at: "byte 0[6]", kind: "constant", value: 0, meaning: "SPF" },
    { name: "pageCode", at: "byte 0[5:0]", kind: "uint", meaning: "PAGE CODE" },
    { name: "pageLength", at: "byte 1", kind: "uint", meaning: "PAGE LENGTH" },
  ],
} as const;

const subpage = {
  name: "Mode subpage",
  bytes: 4,
  endian: "big",
  source: "SPC-4 7.5.8",
  fields: [
    { name: "ps", at: "byte 0[7]", kind: "flag", meaning: "PS: the page can be saved" },
    { name: "spf", at: "byte 0[6]", kind: "constant", value: 1, meaning: "SPF" },
    { name: "pageCode", at: "byte 0[5:0]", kind: "uint", meaning: "PAGE CODE" },
    { name: "subpageCode", at: "byte 1", kind: "uint", meaning: "SUBPAGE CODE" },
    { name: "pageLength", at: "bytes 2..3", kind: "uint", meaning: "PAGE LENGTH" },
  ],
} as const;

/** 08h: caches. */
export const cachingModePage: Structure<typeof caching> = structure(caching);
/** 0Ah: sense format, write protection, queues. */
export const controlModePage: Structure<typeof control> = structure(control);
const pageHeader: Structure<typeof page> = structure(page);
const subpageHeader: Structure<typeof subpage> = structure(subpage);

export type CachingModePage = Infer<typeof cachingModePage>;
export type ControlModePage = Infer<typeof controlModePage>;

/** A mode page that is not taken apart. */
export interface OtherModePage {
  readonly pageCode: "other";
  readonly ps: boolean;
  readonly code: number;
  /** 0 if the page is no subpage. */
  readonly subpageCode: number;
  readonly parameters: Uint8Array;
}

/** A mode page, told apart by `pageCode`. */
export type ModePage = CachingModePage | ControlModePage | OtherModePage;

/** A mode page to encode: what is left out is zero. */
export type ModePageInput =
  | (InputOf<typeof caching> & { readonly pageCode: 0x08 })
  | (InputOf<typeof control> & { readonly pageCode: 0x0a })
  | OtherModePage;

const source = "SPC-4 7.5.8";

interface Plain {
  readonly ps: boolean;
  readonly pageCode: number;
  readonly parameters: Uint8Array;
}

const plainPage: Codec<Plain & { readonly spf: 0 }, Plain> = variable({
  name: page.name,
  source,
  header: pageHeader,
  total: { field: "pageLength", less: 2 },
  parts: [{ name: "parameters", codec: rawBytes("parameters", source, "Whatever it holds") }],
});

type PlainSub = Plain & { readonly subpageCode: number };

const plainSubpage: Codec<PlainSub & { readonly spf: 1 }, PlainSub> = variable({
  name: subpage.name,
  source,
  header: subpageHeader,
  total: { field: "pageLength", less: 4 },
  parts: [{ name: "parameters", codec: rawBytes("parameters", source, "Whatever it holds") }],
});

const known: Readonly<Record<number, AnyStructure>> = { 8: cachingModePage, 10: controlModePage };
const SPF = 0x40;

const isSubpage = (bytes: Uint8Array): boolean => (bytes[0] & SPF) !== 0;

/** The structure of a page, if the bytes are as long as it. */
function structureOf(bytes: Uint8Array): AnyStructure | undefined {
  if (isSubpage(bytes)) return undefined;
  const table = known[bytes[0] & 0x3f];
  return table !== undefined && bytes[1] === table.size - 2 ? table : undefined;
}

type KnownInput = Exclude<ModePageInput, OtherModePage>;

function knownCodec(value: KnownInput): Codec<unknown, KnownInput> {
  const codec = value.pageCode === 0x08 ? fixed(cachingModePage) : fixed(controlModePage);
  return codec as unknown as Codec<unknown, KnownInput>;
}

function otherCodec(value: OtherModePage): [Codec<unknown, PlainSub>, PlainSub] {
  const { ps, code, subpageCode, parameters } = value;
  const plain = { ps, pageCode: code, parameters };
  return subpageCode === 0
    ? [plainPage as Codec<unknown, Plain> as Codec<unknown, PlainSub>, plain as PlainSub]
    : [plainSubpage, { ...plain, subpageCode }];
}

/** One mode page. A page of unusual length is not taken apart. */
export const modePage: DescriptorKind<ModePage, ModePageInput> = {
  name: "mode page",
  source,
  sizeOf(value) {
    if (value.pageCode !== "other") return knownCodec(value).sizeOf(value);
    const [codec, plain] = otherCodec(value);
    return codec.sizeOf(plain);
  },
  encode(value, target, offset) {
    if (value.pageCode !== "other") return knownCodec(value).encode(value, target, offset);
    const [codec, plain] = otherCodec(value);
    return codec.encode(plain, target, offset);
  },
  decode(bytes, options) {
    const table = structureOf(bytes);
    if (table !== undefined) {
      return fixed(table as unknown as typeof cachingModePage).decode(bytes, options);
    }
    if (isSubpage(bytes)) {
      const decoded = plainSubpage.decode(bytes, options);
      if (!decoded.ok) return decoded;
      const { ps, pageCode: code, subpageCode, parameters } = decoded.value;
      return { ok: true, value: { pageCode: "other", ps, code, subpageCode, parameters } };
    }
    const decoded = plainPage.decode(bytes, options);
    if (!decoded.ok) return decoded;
    const { ps, pageCode: code, parameters } = decoded.value;
    return { ok: true, value: { pageCode: "other", ps, code, subpageCode: 0, parameters } };
  },
  annotate(bytes) {
    const table = structureOf(bytes);
    if (table !== undefined) return table.annotate(bytes);
    const codec: AnyCodec = isSubpage(bytes) ? plainSubpage : plainPage;
    return codec.annotate(bytes);
  },
  measuredBytes: 2,
  measure(bytes, at) {
    if ((bytes[at] & SPF) === 0) return 2 + bytes[at + 1];
    return bytes.length - at < 4 ? 4 : 4 + uint16(bytes, at + 2);
  },
};
