import { type Structure, structure } from "@blockferry/core/bytes";

/*
 *       7   6   5   4   3       0
 * 0   | v |  response code 70h, 71h |
 * 2   |fm |eom|ili|ovf|  sense key  |
 * 3..6      information
 * 7         additional sense length
 * 8..11     command-specific information; of COPY ABORTED:
 *             8 offset of the source's status and sense, 9 of the destination's,
 *             10..11 segment number
 * 12, 13    additional sense code, qualifier
 * 14        field replaceable unit code
 * 15..17    sense key specific
 * 18..      additional sense bytes
 */
const layout = {
  name: "Fixed format sense data",
  bytes: 18,
  endian: "big",
  source: "SPC-4 4.5.3",
  fields: [
    { name: "valid", at: "byte 0[7]", kind: "flag", meaning: "VALID: the information is valid" },
    {
      name: "responseCode",
      at: "byte 0[6:0]",
      kind: "enumeration",
      names: { 112: "current error, fixed format", 113: "deferred error, fixed format" },
      meaning: "RESPONSE CODE",
    },
    { at: "byte 1", kind: "opaque", name: "obsolete", meaning: "Obsolete" },
    { name: "filemark", at: "byte 2[7]", kind: "flag", meaning: "FILEMARK" },
    { name: "eom", at: "byte 2[6]", kind: "flag", meaning: "EOM" },
    { name: "ili", at: "byte 2[5]", kind: "flag", meaning: "ILI" },
    { name: "sdatOvfl", at: "byte 2[4]", kind: "flag", meaning: "SDAT_OVFL: sense data cut off" },
    {
      name: "senseKey",
      at: "byte 2[3:0]",
      kind: "enumeration",
      names: {
        0: "NO SENSE",
        1: "RECOVERED ERROR",
        2: "NOT READY",
        3: "MEDIUM ERROR",
        4: "HARDWARE ERROR",
        5: "ILLEGAL REQUEST",
        6: "UNIT ATTENTION",
        7: "DATA PROTECT",
        8: "BLANK CHECK",
        9: "VENDOR SPECIFIC",
        10: "COPY ABORTED",
        11: "ABORTED COMMAND",
        13: "VOLUME OVERFLOW",
        14: "MISCOMPARE",
        15: "COMPLETED",
      },
      meaning: "SENSE KEY",
    },
    { name: "information", at: "bytes 3..6", kind: "uint", meaning: "INFORMATION" },
    {
      name: "additionalSenseLength",
      at: "byte 7",
      kind: "uint",
      meaning: "ADDITIONAL SENSE LENGTH, bytes that follow it",
    },
    {
      name: "commandSpecificInformation",
      at: "bytes 8..11",
      kind: "uint",
      meaning: "COMMAND-SPECIFIC INFORMATION",
    },
    { name: "asc", at: "byte 12", kind: "uint", meaning: "ADDITIONAL SENSE CODE" },
    { name: "ascq", at: "byte 13", kind: "uint", meaning: "ADDITIONAL SENSE CODE QUALIFIER" },
    {
      name: "fieldReplaceableUnitCode",
      at: "byte 14",
      kind: "uint",
      meaning: "FIELD REPLACEABLE UNIT CODE",
    },
    {
      name: "senseKeySpecific",
      at: "bytes 15..17",
      kind: "bytes",
      meaning: "SKSV and SENSE KEY SPECIFIC",
    },
  ],
} as const;

const copy = {
  name: "Command-specific information of COPY ABORTED",
  bytes: 4,
  endian: "big",
  source: "SPC-4 5.17.7.4",
  fields: [
    {
      name: "sourceSenseOffset",
      at: "byte 0",
      kind: "uint",
      meaning: "Offset of the copy source's status byte and sense data; 0 = none",
    },
    {
      name: "destinationSenseOffset",
      at: "byte 1",
      kind: "uint",
      meaning: "Offset of the copy destination's status byte and sense data; 0 = none",
    },
    { name: "segment", at: "bytes 2..3", kind: "uint", meaning: "Segment number, from 0" },
  ],
} as const;

/** The first 18 bytes of fixed format sense data. */
export const fixedSense: Structure<typeof layout> = structure(layout);
/** What the command-specific information of COPY ABORTED says. */
export const copySense: Structure<typeof copy> = structure(copy);
