import type { Annotation } from "@blockferry/core/bytes";
import { annotateRodToken, expandNested } from "./annotate-nested.ts";
import { commandOfCdb, operationCode } from "./cdb/scsi-commands.ts";
import type { AnyCodec } from "./codec.ts";
import { copyDataLid1, copyFailureDetails, copyStatusLid1 } from "./copy/copy-results-lid1.ts";
import { copyDataLid4, copyStatusLid4, rodTokenInformation } from "./copy/copy-status.ts";
import { cscdList } from "./copy/cscd.ts";
import { earlyRanges } from "./copy/early-ranges.ts";
import { extendedCopyLid1List } from "./copy/extended-copy-lid1.ts";
import { extendedCopyLid4List } from "./copy/extended-copy-lid4.ts";
import { operatingParameters } from "./copy/operating-parameters.ts";
import { populateTokenList } from "./copy/populate-token.ts";
import type { RangeDescriptor } from "./copy/range-descriptor.ts";
import { rodToken } from "./copy/rod-token.ts";
import { rodTokenList } from "./copy/rod-token-list.ts";
import { segmentList } from "./copy/segment.ts";
import { writeUsingTokenList } from "./copy/write-using-token.ts";
import {
  vpdBlockCharacteristics,
  vpdBlockLimits,
  vpdBlockProvisioning,
} from "./inquiry/block-pages.ts";
import {
  vpdDeviceIdentification,
  vpdSupportedPages,
  vpdUnitSerialNumber,
} from "./inquiry/identification-pages.ts";
import { standardInquiry } from "./inquiry/standard-inquiry.ts";
import { lbaStatusData, unmapList, writeScatteredList } from "./parameter/block-descriptors.ts";
import { modeData6, modeData10 } from "./parameter/mode-data.ts";
import { supportedOperationCode, supportedOperationCodes } from "./parameter/operation-codes.ts";
import { readCapacity10Data, readCapacity16Data } from "./parameter/read-capacity.ts";
import { reportLunsData } from "./parameter/report-luns.ts";
import {
  registerAndMoveList,
  reservationCapabilities,
  reservationFullStatus,
  reservationHeld,
  reservationKeys,
  reservationOutList,
} from "./parameter/reservation-data.ts";
import { senseData } from "./sense/sense-data.ts";
import { vpdThirdPartyCopy } from "./third-party/third-party-copy-page.ts";
import { formatOfCodec, formatOfStructure, type WireFormat } from "./wire-format.ts";

/** A CDB without the zeros that some records fill it up with. */
function withoutPadding(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.subarray(size).every((byte) => byte === 0) ? bytes.subarray(0, size) : bytes;
}

/** Any CDB: operation code and service action select the structure. */
function formatOfCdb(bytes: Uint8Array): { format: WireFormat; own: Uint8Array } {
  const command = commandOfCdb(bytes);
  if (command === undefined) {
    return { format: formatOfStructure(operationCode), own: bytes.subarray(0, 1) };
  }
  return {
    format: formatOfStructure(command.cdb),
    own: withoutPadding(bytes, command.cdb.size),
  };
}

function annotateCdb(bytes: Uint8Array): Annotation[] {
  const { format, own } = formatOfCdb(bytes);
  const label = commandOfCdb(bytes)?.title ?? "not known";
  return format
    .annotate(own)
    .map((one) => (one.field === "operationCode" ? { ...one, label } : one));
}

const cdb: WireFormat = {
  title: "Command descriptor block",
  source: "SPC-4 4.2; SBC-3",
  decode(bytes, options) {
    const { format, own } = formatOfCdb(bytes);
    return format.decode(own, options);
  },
  annotate: annotateCdb,
};

const pages: Readonly<Record<number, AnyCodec>> = {
  0: vpdSupportedPages,
  128: vpdUnitSerialNumber,
  131: vpdDeviceIdentification,
  143: vpdThirdPartyCopy,
  176: vpdBlockLimits,
  177: vpdBlockCharacteristics,
  178: vpdBlockProvisioning,
};

/** Any VPD page: its page code selects the structure. */
const vpd: WireFormat = {
  title: "VPD page",
  source: "SPC-4 7.8",
  decode(bytes, options) {
    if (bytes.length < 2) return { ok: false, need: 4 - bytes.length };
    const page = pages[bytes[1]];
    if (page !== undefined) return formatOfCodec(page).decode(bytes, options);
    const code = `${bytes[1].toString(16).toUpperCase().padStart(2, "0")}h`;
    return { ok: false, violated: `VPD page: page code ${code} is not known`, field: "pageCode" };
  },
  annotate: (bytes) => formatOfCodec(pages[bytes[1]] ?? vpdSupportedPages).annotate(bytes),
};

/** Lists and responses whose parts hold tokens and sense data. */
function nested(codec: AnyCodec): WireFormat {
  const format = formatOfCodec(codec);
  return { ...format, annotate: (bytes) => expandNested(format.annotate(bytes), bytes) };
}

const shown = ({ lba, blocks }: RangeDescriptor): string => `LBA ${lba}, ${blocks} blocks`;

/** Adds a note if the ranges may stand one byte early. */
function withRanges(codec: AnyCodec, at: number): WireFormat {
  const format = nested(codec);
  return {
    ...format,
    annotate(bytes, options) {
      const annotations = format.annotate(bytes, options);
      const decoded = codec.decode(bytes, { lenient: true });
      const { ranges = [] } = decoded.ok
        ? (decoded.value as { ranges?: readonly RangeDescriptor[] })
        : {};
      const meant = earlyRanges(ranges);
      if (meant === undefined) return annotations;
      const meaning =
        "every LBA and count is a multiple of 256: aligned ranges, or range descriptors one byte " +
        `early, as ddpt 0.97 writes them, which then meant ${meant.map(shown).join("; ")}`;
      return [
        ...annotations,
        { field: "ranges", at: `byte ${at - 1}`, byte: at, hex: "", meaning },
      ];
    },
  };
}

const sense: WireFormat = {
  ...formatOfCodec(senseData),
  decode: (bytes, options) => senseData.decode(bytes, { lenient: options?.lenient === true }),
  annotate: (bytes) => senseData.annotate(bytes),
};

const token = formatOfStructure(rodToken);

/** Every kind of bytes that this package can explain, by the name that a command line uses. */
export const scsiStructures: Readonly<Record<string, WireFormat>> = {
  "scsi-cdb": cdb,
  sense,
  "xcopy-lid1": nested(extendedCopyLid1List),
  "xcopy-lid4": nested(extendedCopyLid4List),
  "cscd-list": formatOfCodec(cscdList),
  "segment-list": formatOfCodec(segmentList),
  "populate-token": withRanges(populateTokenList, 16),
  "write-using-token": withRanges(writeUsingTokenList, 536),
  "rod-token": {
    ...token,
    annotate: (bytes) => [
      ...annotateRodToken(bytes),
      ...token.annotate(bytes).filter((one) => one.field === "excess"),
    ],
  },
  "rod-token-information": nested(rodTokenInformation),
  "rod-token-list": formatOfCodec(rodTokenList),
  "copy-status-lid1": formatOfStructure(copyStatusLid1),
  "copy-status-lid4": nested(copyStatusLid4),
  "copy-data-lid1": formatOfCodec(copyDataLid1),
  "copy-data-lid4": nested(copyDataLid4),
  "copy-failure-details": nested(copyFailureDetails),
  "operating-parameters": formatOfCodec(operatingParameters),
  inquiry: formatOfCodec(standardInquiry),
  vpd,
  "vpd-00": formatOfCodec(vpdSupportedPages),
  "vpd-80": formatOfCodec(vpdUnitSerialNumber),
  "vpd-83": formatOfCodec(vpdDeviceIdentification),
  "vpd-8f": formatOfCodec(vpdThirdPartyCopy),
  "vpd-b0": formatOfCodec(vpdBlockLimits),
  "vpd-b1": formatOfCodec(vpdBlockCharacteristics),
  "vpd-b2": formatOfCodec(vpdBlockProvisioning),
  "read-capacity-10": formatOfStructure(readCapacity10Data),
  "read-capacity-16": formatOfStructure(readCapacity16Data),
  "mode-sense-6": formatOfCodec(modeData6),
  "mode-sense-10": formatOfCodec(modeData10),
  "report-luns": formatOfCodec(reportLunsData),
  "supported-operation-codes": formatOfCodec(supportedOperationCodes),
  "supported-operation-code": formatOfCodec(supportedOperationCode),
  "unmap-list": formatOfCodec(unmapList),
  "lba-status": formatOfCodec(lbaStatusData),
  "write-scattered-list": formatOfCodec(writeScatteredList),
  "reservation-keys": formatOfCodec(reservationKeys),
  "reservation-held": formatOfCodec(reservationHeld),
  "reservation-capabilities": formatOfStructure(reservationCapabilities),
  "reservation-full-status": formatOfCodec(reservationFullStatus),
  "reservation-out": formatOfStructure(reservationOutList),
  "register-and-move": formatOfCodec(registerAndMoveList),
};
