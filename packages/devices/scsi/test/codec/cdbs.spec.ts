import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cdbs,
  commandName,
  commandOfCdb,
  type ScsiCommandName,
  scsiCommands,
  scsiStructures,
} from "../../src/codec/index.ts";
import { toolCdbs } from "../support/tool-cdbs.ts";
import { ask, has, reason, spaced } from "./referee.ts";

// Goal: CDBs as other initiators send them, and a table of commands that tells them apart.

describe("CDBs that others sent", () => {
  it.each(toolCdbs)("%s", (name, hex, value) => {
    const bytes = fromHex(hex);
    const command = commandOfCdb(bytes);
    expect(command?.name).toBe(name);
    expect(scsiStructures["scsi-cdb"].decode(bytes)).toMatchObject({ ok: true, value });
    const encoded = cdbs[name].encode(value as never);
    expect(toHex(encoded)).toBe(hex.slice(0, 2 * encoded.length));
    expect(hex.slice(2 * encoded.length)).toMatch(/^0*$/);
  });
});

/** Bytes by the tables of SBC-3 and SPC-4: every flag and every number at its place. */
const placed: [ScsiCommandName, Record<string, unknown>, string][] = [
  ["read-6", { lba: 0x1abcde, transferLength: 0xff }, "081abcdeff00"],
  [
    "read-10",
    {
      rdprotect: 5,
      dpo: true,
      rarc: true,
      lba: 0x01020304,
      groupNumber: 0x1f,
      transferLength: 0x0506,
      control: 4,
    },
    "28b4010203041f050604",
  ],
  [
    "read-12",
    { fua: true, lba: 0x01020304, transferLength: 0x05060708, groupNumber: 9 },
    "a80801020304050607080900",
  ],
  [
    "read-16",
    { fua: true, lba: 0x0001020304050607, transferLength: 0x08090a0b, groupNumber: 0x11 },
    "8808000102030405060708090a0b1100",
  ],
  ["write-6", { lba: 1, transferLength: 0 }, "0a0000010000"],
  ["write-12", { wrprotect: 3, lba: 1, transferLength: 2 }, "aa6000000001000000020000"],
  [
    "write-16",
    { wrprotect: 1, dpo: true, fua: true, lba: 1, transferLength: 2 },
    "8a380000000000000001000000020000",
  ],
  [
    "verify-10",
    { vrprotect: 1, dpo: true, bytchk: 1, lba: 0x10, verificationLength: 8 },
    "2f320000001000000800",
  ],
  ["verify-12", { bytchk: 3, lba: 0x10, verificationLength: 8 }, "af0600000010000000080000"],
  ["write-and-verify-12", { bytchk: 1, lba: 0x10, transferLength: 8 }, "ae0200000010000000080000"],
  ["pre-fetch-10", { immed: true, lba: 1, prefetchLength: 2 }, "34020000000100000200"],
  ["pre-fetch-16", { lba: 1, prefetchLength: 2 }, "90000000000000000001000000020000"],
  ["mode-select-6", { pf: true, sp: true, parameterListLength: 24 }, "151100001800"],
  ["mode-select-10", { pf: true, rtd: true, parameterListLength: 24 }, "55120000000000001800"],
  ["extended-copy-lid4", { parameterListLength: 0x01020304 }, "83010000000000000000010203040000"],
  [
    "receive-copy-data-lid1",
    { listIdentifier: 7, allocationLength: 512 },
    "84010700000000000000000002000000",
  ],
  [
    "receive-copy-failure-details",
    { listIdentifier: 7, allocationLength: 512 },
    "84040700000000000000000002000000",
  ],
  [
    "receive-copy-status-lid4",
    { listIdentifier: 0x01020304, allocationLength: 512 },
    "84050102030400000000000002000000",
  ],
  [
    "receive-copy-data-lid4",
    { listIdentifier: 0x01020304, allocationLength: 512 },
    "84060102030400000000000002000000",
  ],
  ["reserve-6", {}, "160000000000"],
  ["release-6", {}, "170000000000"],
];

describe("CDBs by the tables", () => {
  it.each(placed)("%s", (name, value, hex) => {
    expect(toHex(cdbs[name].encode(value as never))).toBe(hex);
    expect(cdbs[name].decode(fromHex(hex))).toMatchObject({ ok: true, value });
  });
  it("cover every command", () => {
    const named = new Set([...toolCdbs, ...placed].map(([name]) => name));
    expect(Object.keys(cdbs).filter((name) => !named.has(name as ScsiCommandName))).toEqual([]);
  });
});

describe("the table of commands", () => {
  it("has each operation code and service action once", () => {
    const keys = scsiCommands.map((one) => `${one.operationCode}/${one.serviceAction ?? "any"}`);
    expect(new Set(keys).size).toBe(scsiCommands.length);
  });
  it("finds a command by its own CDB, with the length of its group", () => {
    // SPC-4 4.2.5.1: the group code in the three highest bits tells the length.
    const lengths: Record<number, number> = { 0: 6, 1: 10, 2: 10, 4: 16, 5: 12 };
    for (const { name, cdb } of scsiCommands) {
      const bytes = cdb.encode({});
      expect(commandOfCdb(bytes)?.name).toBe(name);
      expect(bytes.length).toBe(lengths[bytes[0] >> 5]);
    }
  });
  it("knows nothing of other bytes", () => {
    expect(commandOfCdb(new Uint8Array(0))).toBeUndefined();
    expect(commandOfCdb(Uint8Array.of(0x83))).toBeUndefined();
    expect(commandOfCdb(Uint8Array.of(0x83, 0x1f))).toBeUndefined();
    expect(commandOfCdb(Uint8Array.of(0xff, 0, 0, 0, 0, 0))).toBeUndefined();
    expect(scsiStructures["scsi-cdb"].annotate(Uint8Array.of(0xff, 1))).toMatchObject([
      { field: "operationCode", value: 0xff, label: "not known" },
    ]);
  });
  it("has a name for any CDB", () => {
    expect(commandName(cdbs["populate-token"].encode({}))).toBe("POPULATE TOKEN");
    expect(commandName(Uint8Array.of(0x83, 0x1f))).toBe("operation code 83h/1Fh");
    expect(commandName(Uint8Array.of(0x83))).toBe("operation code 83h");
    expect(commandName(Uint8Array.of(0x0c, 1))).toBe("operation code 0Ch");
    expect(commandName(new Uint8Array(0))).toBe("an empty CDB");
  });
  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 32 }), (bytes) => {
        scsiStructures["scsi-cdb"].decode(bytes);
        scsiStructures["scsi-cdb"].annotate(bytes);
      }),
    );
  });
});

/** Letters and digits only: the tool writes names in lower case and with blanks of its own; those
 * that SPC-5 knows in one form only have no "(LID4)". */
const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

describe(`names as sg_decode_sense prints them${reason("sg_decode_sense")}`, () => {
  it.skipIf(!has("sg_decode_sense")).each(scsiCommands.map((one) => [one.title, one] as const))(
    "%s",
    (title, { cdb }) => {
      const args = ["--cdb", ...spaced(cdb.encode({})).split(" ")];
      expect(bare(ask("sg_decode_sense", args) ?? "")).toContain(bare(title.replace("(LID4)", "")));
    },
  );
});
