import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const nonDataLayout = {
  name: "NCQ NON-DATA log",
  bytes: 512,
  endian: "little",
  source: "Serial ATA 3.2, 13.7.8 (log address 12h)",
  fields: [
    { name: "abortQueue", at: "dw0[0]", kind: "flag", meaning: "ABORT NCQ QUEUE supported" },
    { name: "abortAll", at: "dw0[1]", kind: "flag", meaning: "abort type: all" },
    { name: "abortStreaming", at: "dw0[2]", kind: "flag", meaning: "abort type: streaming" },
    { name: "abortNonStreaming", at: "dw0[3]", kind: "flag", meaning: "abort type: non-streaming" },
    { name: "abortSelected", at: "dw0[4]", kind: "flag", meaning: "abort type: one tag" },
    { at: "dw0[31:5]", kind: "opaque" },
    { at: "bytes 511:4", kind: "opaque" },
  ],
} as const;

/** Log 12h: which subcommands of NCQ NON-DATA there are. */
export const ncqNonData: Structure<typeof nonDataLayout> = structure(nonDataLayout);
export type NcqNonData = Infer<typeof ncqNonData>;

const sendReceiveLayout = {
  name: "NCQ Send and Receive log",
  bytes: 512,
  endian: "little",
  source: "Serial ATA 3.2, 13.7.9 (log address 13h)",
  fields: [
    { name: "dsm", at: "dw0[0]", kind: "flag", meaning: "SEND FPDMA: DATA SET MANAGEMENT" },
    { at: "dw0[31:1]", kind: "opaque" },
    { name: "dsmTrim", at: "dw1[0]", kind: "flag", meaning: "with TRIM" },
    { at: "dw1[31:1]", kind: "opaque" },
    { name: "readLogDma", at: "dw2[0]", kind: "flag", meaning: "RECEIVE FPDMA: READ LOG DMA EXT" },
    { at: "dw2[31:1]", kind: "opaque" },
    { name: "writeLogDma", at: "dw3[0]", kind: "flag", meaning: "SEND FPDMA: WRITE LOG DMA EXT" },
    { at: "dw3[31:1]", kind: "opaque" },
    { at: "bytes 511:16", kind: "opaque" },
  ],
} as const;

/** Log 13h: which subcommands of SEND and RECEIVE FPDMA QUEUED there are. */
export const ncqSendReceive: Structure<typeof sendReceiveLayout> = structure(sendReceiveLayout);
export type NcqSendReceive = Infer<typeof ncqSendReceive>;
