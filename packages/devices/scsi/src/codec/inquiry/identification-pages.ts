import { type Structure, structure } from "@blockferry/core/bytes";
import type { Codec } from "../codec.ts";
import { descriptorList } from "../descriptor-list.ts";
import { numberList } from "../number-list.ts";
import { asciiText } from "../text.ts";
import { variable } from "../variable.ts";
import { type Designator, type DesignatorInput, designationDescriptor } from "./designator.ts";
import { peripheral } from "./page-header.ts";

const supported = {
  name: "Supported VPD Pages VPD page",
  bytes: 4,
  endian: "big",
  source: "SPC-4 7.8, Supported VPD Pages",
  base: peripheral as typeof peripheral,
  fields: [
    { name: "pageCode", at: "byte 1", kind: "constant", value: 0x00, meaning: "PAGE CODE" },
    { name: "pageLength", at: "bytes 2..3", kind: "uint", meaning: "PAGE LENGTH" },
  ],
} as const;

const serial = {
  name: "Unit Serial Number VPD page",
  bytes: 4,
  endian: "big",
  source: "SPC-4 7.8, Unit Serial Number",
  base: peripheral as typeof peripheral,
  fields: [
    { name: "pageCode", at: "byte 1", kind: "constant", value: 0x80, meaning: "PAGE CODE" },
    { name: "pageLength", at: "bytes 2..3", kind: "uint", meaning: "PAGE LENGTH" },
  ],
} as const;

const identification = {
  name: "Device Identification VPD page",
  bytes: 4,
  endian: "big",
  source: "SPC-4 7.8.6",
  base: peripheral as typeof peripheral,
  fields: [
    { name: "pageCode", at: "byte 1", kind: "constant", value: 0x83, meaning: "PAGE CODE" },
    { name: "pageLength", at: "bytes 2..3", kind: "uint", meaning: "PAGE LENGTH" },
  ],
} as const;

export const supportedPagesHeader: Structure<typeof supported> = structure(supported);
export const unitSerialNumberHeader: Structure<typeof serial> = structure(serial);
export const deviceIdentificationHeader: Structure<typeof identification> =
  structure(identification);

interface Page {
  readonly peripheralQualifier: number;
  readonly peripheralDeviceType: number;
}

interface PageInput {
  readonly peripheralQualifier?: number;
  readonly peripheralDeviceType?: number;
}

/** VPD page 00h. */
export interface SupportedPages extends Page {
  readonly pageCode: 0x00;
  readonly pages: readonly number[];
}

export interface SupportedPagesInput extends PageInput {
  readonly pageCode?: 0x00;
  readonly pages?: readonly number[];
}

/** VPD page 80h. */
export interface UnitSerialNumber extends Page {
  readonly pageCode: 0x80;
  /** As long as the page says, blanks included. */
  readonly serialNumber: string;
}

export interface UnitSerialNumberInput extends PageInput {
  readonly pageCode?: 0x80;
  readonly serialNumber: string;
}

/** VPD page 83h. */
export interface DeviceIdentification extends Page {
  readonly pageCode: 0x83;
  readonly designators: readonly Designator[];
}

export interface DeviceIdentificationInput extends PageInput {
  readonly pageCode?: 0x83;
  readonly designators?: readonly DesignatorInput[];
}

/** Names of VPD pages. */
export const vpdPageNames: Readonly<Record<number, string>> = {
  0: "Supported VPD Pages",
  128: "Unit Serial Number",
  131: "Device Identification",
  133: "Management Network Addresses",
  134: "Extended INQUIRY Data",
  135: "Mode Page Policy",
  136: "SCSI Ports",
  137: "ATA Information",
  138: "Power Condition",
  139: "Device Constituents",
  141: "Power Consumption",
  143: "Third-party Copy",
  144: "Protocol Specific Logical Unit Information",
  145: "Protocol Specific Port Information",
  176: "Block Limits",
  177: "Block Device Characteristics",
  178: "Logical Block Provisioning",
  179: "Referrals",
  181: "Block Device Characteristics Extension",
  182: "Zoned Block Device Characteristics",
  183: "Block Limits Extension",
};

/** VPD page 00h: which pages there are. */
export const vpdSupportedPages: Codec<SupportedPages, SupportedPagesInput> = variable({
  name: supported.name,
  source: supported.source,
  header: supportedPagesHeader,
  total: { field: "pageLength", less: 4 },
  parts: [
    {
      name: "pages",
      codec: numberList({
        name: "pages",
        source: supported.source,
        bytesEach: 1,
        meaning: "Supported VPD page",
        labelOf: (code) => vpdPageNames[code],
      }),
    },
  ],
});

/** VPD page 80h: the serial number. */
export const vpdUnitSerialNumber: Codec<UnitSerialNumber, UnitSerialNumberInput> = variable({
  name: serial.name,
  source: serial.source,
  header: unitSerialNumberHeader,
  total: { field: "pageLength", less: 4 },
  parts: [
    {
      name: "serialNumber",
      codec: asciiText("serialNumber", serial.source, "PRODUCT SERIAL NUMBER"),
    },
  ],
});

/** VPD page 83h: the names of the logical unit, its port and its device. */
export const vpdDeviceIdentification: Codec<DeviceIdentification, DeviceIdentificationInput> =
  variable({
    name: identification.name,
    source: identification.source,
    header: deviceIdentificationHeader,
    total: { field: "pageLength", less: 4 },
    parts: [
      {
        name: "designators",
        codec: descriptorList("designation descriptors", designationDescriptor),
      },
    ],
  });
