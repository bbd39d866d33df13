import { type Infer, type InputOf, type Structure, structure } from "@blockferry/core/bytes";
import { cscdHeader } from "./cscd-header.ts";

/** CSCD descriptors that carry an Internet address. Those of 64 bytes are two entries of the CSCD
 * list: the descriptor, then a CSCD descriptor extension (FFh) with the rest. */

const ipv4 = {
  name: "iSCSI IPv4 CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.8, table 495",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xe5, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    { name: "address", at: "bytes 12..15", kind: "bytes", meaning: "IPV4 ADDRESS" },
    { at: "bytes 16..21", kind: "reserved" },
    { name: "port", at: "bytes 22..23", kind: "uint", meaning: "PORT NUMBER, of TCP" },
    { at: "bytes 24..25", kind: "reserved" },
    {
      name: "protocol",
      at: "bytes 26..27",
      kind: "enumeration",
      names: { 6: "TCP" },
      meaning: "INTERNET PROTOCOL NUMBER",
    },
  ],
} as const;

const ipv6 = {
  name: "iSCSI IPv6 CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.9, table 496",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xea, meaning: "DESCRIPTOR TYPE CODE" },
    { name: "luIdentifier", at: "bytes 4..11", kind: "bytes", meaning: "LU IDENTIFIER" },
    { name: "address", at: "bytes 12..27", kind: "bytes", meaning: "IPV6 ADDRESS" },
  ],
} as const;

const ipv6Rest = {
  name: "iSCSI IPv6 CSCD descriptor, extension",
  bytes: 32,
  endian: "big",
  source: "SPC-4 7.6.3.9, table 496",
  fields: [
    {
      name: "type",
      at: "byte 0",
      kind: "constant",
      value: 0xff,
      meaning: "EXTENSION DESCRIPTOR TYPE CODE",
    },
    { at: "bytes 1..3", kind: "reserved" },
    { name: "port", at: "bytes 4..5", kind: "uint", meaning: "PORT NUMBER, of TCP" },
    {
      name: "protocol",
      at: "bytes 6..7",
      kind: "enumeration",
      names: { 6: "TCP" },
      meaning: "INTERNET PROTOCOL NUMBER",
    },
    { at: "bytes 8..31", kind: "reserved" },
  ],
} as const;

const ipCopyService = {
  name: "IP Copy Service CSCD descriptor",
  bytes: 32,
  endian: "big",
  source: "SPC-4 6.4.5.8, table 142",
  base: cscdHeader as typeof cscdHeader,
  fields: [
    { name: "type", at: "byte 0", kind: "constant", value: 0xeb, meaning: "DESCRIPTOR TYPE CODE" },
    { at: "byte 4[7:1]", kind: "reserved" },
    {
      name: "ipType",
      at: "byte 4[0]",
      kind: "flag",
      meaning: "IPTYPE: the address is of IPv6, else of IPv4, zero padded",
    },
    { at: "bytes 5..11", kind: "reserved" },
    { name: "address", at: "bytes 12..27", kind: "bytes", meaning: "COPY SERVICE IP ADDRESS" },
  ],
} as const;

const ipCopyServiceRest = {
  name: "IP Copy Service CSCD descriptor, extension",
  bytes: 32,
  endian: "big",
  source: "SPC-4 6.4.5.8, table 142",
  fields: [
    {
      name: "type",
      at: "byte 0",
      kind: "constant",
      value: 0xff,
      meaning: "EXTENSION DESCRIPTOR TYPE CODE",
    },
    { at: "bytes 1..3", kind: "reserved" },
    { name: "port", at: "bytes 4..5", kind: "uint", meaning: "COPY SERVICE PORT NUMBER" },
    {
      name: "protocol",
      at: "bytes 6..7",
      kind: "enumeration",
      names: { 6: "TCP" },
      meaning: "COPY SERVICE INTERNET PROTOCOL NUMBER",
    },
    { at: "byte 8[7:4]", kind: "reserved" },
    { name: "codeSet", at: "byte 8[3:0]", kind: "uint", meaning: "CODE SET" },
    { at: "byte 9[7:6]", kind: "reserved" },
    { name: "association", at: "byte 9[5:4]", kind: "uint", meaning: "ASSOCIATION" },
    { name: "designatorType", at: "byte 9[3:0]", kind: "uint", meaning: "DESIGNATOR TYPE" },
    { at: "byte 10", kind: "reserved" },
    { name: "designatorLength", at: "byte 11", kind: "uint", meaning: "DESIGNATOR LENGTH" },
    {
      name: "designator",
      at: "bytes 12..31",
      kind: "bytes",
      meaning: "DESIGNATOR, zero padded",
    },
  ],
} as const;

/** E5h: a logical unit behind an iSCSI portal, by IPv4 address. */
export const ipv4Cscd: Structure<typeof ipv4> = structure(ipv4);
/** EAh: a logical unit behind an iSCSI portal, by IPv6 address; `ipv6CscdExtension` follows. */
export const ipv6Cscd: Structure<typeof ipv6> = structure(ipv6);
/** The extension (FFh) of an IPv6 CSCD descriptor. */
export const ipv6CscdExtension: Structure<typeof ipv6Rest> = structure(ipv6Rest);
/** EBh: a logical unit behind a copy service; `ipCopyServiceCscdExtension` follows. */
export const ipCopyServiceCscd: Structure<typeof ipCopyService> = structure(ipCopyService);
/** The extension (FFh) of an IP Copy Service CSCD descriptor. */
export const ipCopyServiceCscdExtension: Structure<typeof ipCopyServiceRest> =
  structure(ipCopyServiceRest);

export type InternetCscd =
  | Infer<typeof ipv4Cscd>
  | Infer<typeof ipv6Cscd>
  | Infer<typeof ipCopyServiceCscd>;

export type InternetCscdInput =
  | (InputOf<typeof ipv4> & { readonly type: 0xe5 })
  | (InputOf<typeof ipv6> & { readonly type: 0xea })
  | (InputOf<typeof ipCopyService> & { readonly type: 0xeb });
