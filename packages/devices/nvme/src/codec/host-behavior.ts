import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "Host Behavior Support",
  bytes: 512,
  endian: "little",
  source: "NVM Express Base 2.2, Figure 408 (Feature 16h)",
  fields: [
    { name: "acre", at: "byte 0", kind: "uint", meaning: "Advanced Command Retry Enable" },
    {
      name: "etdas",
      at: "byte 1",
      kind: "uint",
      meaning: "Extended Telemetry Data Area 4 Supported",
    },
    { name: "lbafee", at: "byte 2", kind: "uint", meaning: "LBA Format Extension Enable" },
    { name: "hdisns", at: "byte 3", kind: "uint", meaning: "Host Dispersed Namespace Support" },
    {
      name: "cdfe",
      at: "bytes 05:04",
      kind: "bitset",
      names: { 2: "format 2h", 3: "format 3h", 4: "format 4h" },
      meaning: "Copy Descriptor Formats Enable: 2h and above work only once enabled here",
    },
    { at: "bytes 511:06", kind: "opaque", name: "reserved" },
  ],
} as const;

/** Data of the Host Behavior Support feature, which enables Copy descriptor formats 2h to 4h. */
export const hostBehavior: Structure<typeof layout> = structure(layout);

export type HostBehavior = Infer<typeof hostBehavior>;
