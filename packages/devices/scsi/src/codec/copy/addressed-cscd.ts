import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { cscdHeader } from "./cscd-header.ts";

/** CSCD descriptors that address a logical unit through a port of some transport protocol. */

const fcPortName = {
  name: "Fibre Channel N_Port_Name CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.2, table 489",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe0, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    { name: "nPortName", at: "bytes 12..19", kind: "bytes", meaning: "N_PORT_NAME" },
    { at: "bytes 20..27", kind: "reserved" },
  ],
} as const;

const fcPortId = {
  name: "Fibre Channel N_Port_ID CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.3, table 490",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe1, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    { at: "bytes 12..20", kind: "reserved" },
    { name: "nPortId", at: "bytes 21..23", kind: "uint", meaning: "N_PORT_ID" },
    { at: "bytes 24..27", kind: "reserved" },
  ],
} as const;

const fcPortIdChecked = {
  name: "Fibre Channel N_Port_ID With N_Port_Name Checking CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.4, table 491",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe2, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    { name: "nPortName", at: "bytes 12..19", kind: "bytes", meaning: "N_PORT_NAME" },
    { at: "byte 20", kind: "reserved" },
    { name: "nPortId", at: "bytes 21..23", kind: "uint", meaning: "N_PORT_ID" },
    { at: "bytes 24..27", kind: "reserved" },
  ],
} as const;

const parallel = {
  name: "SCSI Parallel T_L CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.5, table 492",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe3, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    { name: "vendorSpecific", at: "byte 12", kind: "uint", meaning: "Vendor specific" },
    { name: "targetIdentifier", at: "byte 13", kind: "uint", meaning: "TARGET IDENTIFIER" },
    { at: "bytes 14..27", kind: "reserved" },
  ],
} as const;

const alias = {
  name: "Alias CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 6.4.5.7, table 141",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe6, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    { name: "aliasValue", at: "bytes 12..19", kind: "bytes", meaning: "ALIAS VALUE" },
    { at: "bytes 20..27", kind: "reserved" },
  ],
} as const;

const rdma = {
  name: "RDMA CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.7, table 494",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe7, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    {
      name: "targetPortIdentifier",
      at: "bytes 12..27",
      kind: "bytes",
      meaning: "TARGET PORT IDENTIFIER, of SRP",
    },
  ],
} as const;

const ieee1394 = {
  name: "IEEE 1394 EUI-64 CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.6, table 493",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe8, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    { name: "eui64", at: "bytes 12..19", kind: "bytes", meaning: "EUI-64" },
    { name: "directoryId", at: "bytes 20..22", kind: "uint", meaning: "DIRECTORY ID" },
    { at: "bytes 23..27", kind: "reserved" },
  ],
} as const;

const sas = {
  name: "SAS Serial SCSI Protocol CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.10",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe9, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    { name: "sasAddress", at: "bytes 12..19", kind: "bytes", meaning: "SAS ADDRESS" },
    { at: "bytes 20..27", kind: "reserved" },
  ],
} as const;

/** E0h: a logical unit behind a Fibre Channel port, by the port's name. */
export const fcPortNameCscd: Structure<typeof fcPortName> = structure(fcPortName);
/** E1h: a logical unit behind a Fibre Channel port, by the port's identifier. */
export const fcPortIdCscd: Structure<typeof fcPortId> = structure(fcPortId);
/** E2h: a logical unit behind a Fibre Channel port, by identifier, with the name checked. */
export const fcPortIdCheckedCscd: Structure<typeof fcPortIdChecked> = structure(fcPortIdChecked);
/** E3h: a logical unit behind a parallel SCSI target. */
export const parallelCscd: Structure<typeof parallel> = structure(parallel);
/** E6h: a logical unit behind an alias that CHANGE ALIASES made. */
export const aliasCscd: Structure<typeof alias> = structure(alias);
/** E7h: a logical unit behind an SRP port. */
export const rdmaCscd: Structure<typeof rdma> = structure(rdma);
/** E8h: a logical unit behind an IEEE 1394 node. */
export const ieee1394Cscd: Structure<typeof ieee1394> = structure(ieee1394);
/** E9h: a logical unit behind a SAS port. */
export const sasCscd: Structure<typeof sas> = structure(sas);

export type AddressedCscd =
  | Infer<typeof fcPortNameCscd>
  | Infer<typeof fcPortIdCscd>
  | Infer<typeof fcPortIdCheckedCscd>
  | Infer<typeof parallelCscd>
  | Infer<typeof aliasCscd>
  | Infer<typeof rdmaCscd>
  | Infer<typeof ieee1394Cscd>
  | Infer<typeof sasCscd>;

export type AddressedCscdInput =
  | (InputOf<typeof fcPortName> & { readonly type: 0xe0 })
  | (InputOf<typeof fcPortId> & { readonly type: 0xe1 })
  | (InputOf<typeof fcPortIdChecked> & { readonly type: 0xe2 })
  | (InputOf<typeof parallel> & { readonly type: 0xe3 })
  | (InputOf<typeof alias> & { readonly type: 0xe6 })
  | (InputOf<typeof rdma> & { readonly type: 0xe7 })
  | (InputOf<typeof ieee1394> & { readonly type: 0xe8 })
  | (InputOf<typeof sas> & { readonly type: 0xe9 });
