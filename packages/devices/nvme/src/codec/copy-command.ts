import { type Infer, type Structure, structure } from "@blockferry/core/bytes";
import { commandHeader } from "./command-header.ts";

/*
 *        31          24 23          16 15           8 7            0
 * cdw0  |            cid              |psdt|    |fuse|   opc 19h    |
 * cdw1  |                 nsid, of the destination                  |
 * cdw2  |          reserved           |         lbtu 47:32          |
 * cdw3  |                        lbtu 31:0                          |
 * cdw4..5  mptr (not used)
 * cdw6..9  dptr, of the list of source range entries
 * cdw10..11                      sdlba
 * cdw12 |l|f|prinfow|stcr|stcw| dtype |cetype|prinfor|desfmt|  nr   |
 * cdw13 |           dspec             |            cev              |
 * cdw14 |                          lbtl                             |
 * cdw15 |           lbatm             |            lbat             |
 */
const layout = {
  name: "Copy command",
  bytes: 64,
  endian: "little",
  source: "NVM Command Set 1.2, section 3.3.2, Figures 31-38",
  base: commandHeader as typeof commandHeader,
  fields: [
    { name: "opc", at: "cdw0[7:0]", kind: "constant", value: 0x19, meaning: "Opcode: Copy" },
    {
      name: "lbtu",
      at: ["cdw2[15:0]", "cdw3"],
      kind: "uint",
      meaning: "Logical Block Tags Upper, for the write part",
    },
    { at: "cdw2[31:16]", kind: "reserved" },
    { name: "sdlba", at: "cdw10..11", kind: "uint", meaning: "Starting Destination LBA" },
    { name: "nr", at: "cdw12[7:0]", kind: "zeroBased", meaning: "Number of Ranges" },
    {
      name: "desfmt",
      at: "cdw12[11:8]",
      kind: "enumeration",
      names: {
        0: "one namespace, 16b guard",
        1: "one namespace, 32b or 64b guard",
        2: "several namespaces, 16b guard",
        3: "several namespaces, 32b or 64b guard",
        4: "subsystem local memory",
      },
      meaning: "Descriptor Format of the source range entries",
    },
    {
      name: "prinfor",
      at: "cdw12[15:12]",
      kind: "uint",
      meaning: "Protection Information Read: PRACT, GRDCHK, ATCHK, RTCHK",
    },
    { name: "cetype", at: "cdw12[19:16]", kind: "uint", meaning: "Command Extension Type" },
    { name: "dtype", at: "cdw12[23:20]", kind: "uint", meaning: "Directive Type" },
    { name: "stcw", at: "cdw12[24]", kind: "flag", meaning: "Storage Tag Check Write" },
    { name: "stcr", at: "cdw12[25]", kind: "flag", meaning: "Storage Tag Check Read" },
    {
      name: "prinfow",
      at: "cdw12[29:26]",
      kind: "uint",
      meaning: "Protection Information Write: PRACT, GRDCHK, ATCHK, RTCHK",
    },
    {
      name: "fua",
      at: "cdw12[30]",
      kind: "flag",
      meaning: "Force Unit Access, for the write part",
    },
    { name: "lr", at: "cdw12[31]", kind: "flag", meaning: "Limited Retry, for the write part" },
    { name: "cev", at: "cdw13[15:0]", kind: "uint", meaning: "Command Extension Value" },
    { name: "dspec", at: "cdw13[31:16]", kind: "uint", meaning: "Directive Specific" },
    {
      name: "lbtl",
      at: "cdw14",
      kind: "uint",
      meaning: "Logical Block Tags Lower; with a 16b guard and no storage tag: ILBRT",
    },
    { name: "lbat", at: "cdw15[15:0]", kind: "uint", meaning: "Logical Block Application Tag" },
    {
      name: "lbatm",
      at: "cdw15[31:16]",
      kind: "uint",
      meaning: "Logical Block Application Tag Mask",
    },
  ],
} as const;

/** Copy (opcode 19h): source ranges, listed in the data, to one destination range. */
export const copyCommand: Structure<typeof layout> = structure(layout);

export type CopyCommand = Infer<typeof copyCommand>;
