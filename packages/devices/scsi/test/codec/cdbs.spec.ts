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
import { ask, has, reason, spaced } from "./referee.ts";

// Goal: CDBs as other initiators send them, and a table of commands that tells them apart.

/** CDBs that tools of Debian 12 (sg3-utils 1.46, ddpt 0.97) and libiscsi sent, and what they say. */
const sent: [ScsiCommandName, string, Record<string, unknown>][] = [
  // ddptctl --pt, --wut, --abort, --receive, --all_toks
  [
    "populate-token",
    "83100000000000001234000000200000",
    { listIdentifier: 0x1234, parameterListLength: 32, groupNumber: 0 },
  ],
  [
    "write-using-token",
    "83110000000000000101000002380000",
    { listIdentifier: 0x101, parameterListLength: 568 },
  ],
  ["copy-operation-abort", "831c0000123400000000000000000000", { listIdentifier: 0x1234 }],
  [
    "receive-rod-token-information",
    "84070000123400000000000004000000",
    { listIdentifier: 0x1234, allocationLength: 1024 },
  ],
  ["report-all-rod-tokens", "8408000000000000000000000c080000", { allocationLength: 3080 }],
  // sg_xcopy, sg_copy_results -p and -s
  ["extended-copy-lid1", "830000000000000000000000006c0000", { parameterListLength: 108 }],
  [
    "receive-copy-operating-parameters",
    "84030000000000000000000002080000",
    { allocationLength: 520 },
  ],
  [
    "receive-copy-status-lid1",
    "84000000000000000000000002080000",
    { listIdentifier: 0, allocationLength: 520 },
  ],
  // iscsi-test-cu and QEMU against LIO; shorter CDBs are followed by zeros in iSCSI
  ["read-capacity-16", "9e100000000000000000000000200000", { allocationLength: 32 }],
  [
    "inquiry",
    "12018300ac0000000000000000000000",
    { evpd: true, pageCode: 0x83, allocationLength: 172 },
  ],
  [
    "mode-sense-6",
    "1a083f00ff0000000000000000000000",
    { dbd: true, pageCode: 0x3f, allocationLength: 255 },
  ],
  ["write-10", "2a000000080000040000000000000000", { lba: 2048, transferLength: 1024, fua: false }],
  [
    "persistent-reserve-in",
    "5e000000000000400000000000000000",
    { serviceAction: 0, allocationLength: 0x4000 },
  ],
  [
    "report-supported-operation-codes",
    "a30c800000000000ffff000000000000",
    { rctd: true, reportingOptions: 0, allocationLength: 65535 },
  ],
  ["synchronize-cache-10", "35000000000000000000000000000000", { lba: 0, blocks: 0, immed: false }],
  ["test-unit-ready", "00000000000000000000000000000000", { control: 0 }],
  // sg_write_same, sg_unmap, sg_verify, sg_compare_and_write, sg_write_x, sg_write_verify
  [
    "write-same-10",
    "41b80012345600078900",
    { wrprotect: 5, anchor: true, unmap: true, lba: 0x123456, blocks: 0x789 },
  ],
  [
    "write-same-16",
    "9309000000123456789a00789abc1500",
    { unmap: true, ndob: true, lba: 0x123456789a, blocks: 0x789abc, groupNumber: 0x15 },
  ],
  ["unmap", "42010000000003002800", { anchor: true, groupNumber: 3, parameterListLength: 40 }],
  [
    "verify-10",
    "2f500000123400000800",
    { vrprotect: 2, dpo: true, lba: 0x1234, verificationLength: 8 },
  ],
  [
    "verify-16",
    "8f02000000123456789a000000080500",
    { bytchk: 1, lba: 0x123456789a, verificationLength: 8, groupNumber: 5 },
  ],
  [
    "compare-and-write",
    "8978000000123456789a000000070900",
    { wrprotect: 3, dpo: true, fua: true, lba: 0x123456789a, blocks: 7, groupNumber: 9 },
  ],
  [
    "write-atomic-16",
    "9c08000000123456789a010200040000",
    { fua: true, lba: 0x123456789a, atomicBoundary: 0x102, transferLength: 4 },
  ],
  [
    "orwrite-16",
    "8b50000000123456789a000000040000",
    { orprotect: 2, dpo: true, lba: 0x123456789a, transferLength: 4 },
  ],
  [
    "write-scattered-16",
    "9f123800000100000002000000050700",
    {
      wrprotect: 1,
      dpo: true,
      fua: true,
      dataOffset: 1,
      rangeDescriptors: 2,
      bufferTransferLength: 5,
      groupNumber: 7,
    },
  ],
  [
    "write-and-verify-16",
    "8e02000000123456789a000000020400",
    { bytchk: 1, lba: 0x123456789a, transferLength: 2, groupNumber: 4 },
  ],
  ["write-and-verify-10", "2e100000123400000200", { dpo: true, lba: 0x1234, transferLength: 2 }],
  // sg_get_lba_status, sg_persist, sg_modes, sg_opcodes, sg_luns, sg_sync, sg_start, sg_prevent, …
  [
    "get-lba-status",
    "9e12000000123456789a000004080000",
    { startingLba: 0x123456789a, allocationLength: 1032 },
  ],
  ["persistent-reserve-in", "5e020000000000200000", { serviceAction: 2, allocationLength: 8192 }],
  [
    "persistent-reserve-out",
    "5f040500000000001800",
    { serviceAction: 4, scope: 0, type: 5, parameterListLength: 24 },
  ],
  [
    "mode-sense-6",
    "1a084800fc00",
    { dbd: true, pageControl: 1, pageCode: 8, allocationLength: 252 },
  ],
  [
    "mode-sense-10",
    "5a100a01000000100000",
    { llbaa: true, dbd: false, pageCode: 10, subpageCode: 1, allocationLength: 4096 },
  ],
  [
    "report-supported-operation-codes",
    "a30c00000000000020000000",
    { rctd: false, allocationLength: 8192 },
  ],
  ["report-luns", "a00002000000000002000000", { selectReport: 2, allocationLength: 512 }],
  [
    "synchronize-cache-16",
    "9102000000123456789a000000550300",
    { immed: true, lba: 0x123456789a, blocks: 0x55, groupNumber: 3 },
  ],
  ["synchronize-cache-10", "35000123456700005500", { lba: 0x1234567, blocks: 0x55 }],
  ["start-stop-unit", "1b0100000200", { immed: true, loej: true, start: false }],
  ["start-stop-unit", "1b0000023000", { powerCondition: 3, powerConditionModifier: 2 }],
  ["prevent-allow-medium-removal", "1e0000000100", { prevent: 1 }],
  ["request-sense", "03010000fc00", { desc: true, allocationLength: 252 }],
  ["read-capacity-10", "25000000000000000000", { pmi: false }],
];

describe("CDBs that others sent", () => {
  it.each(sent)("%s", (name, hex, value) => {
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
    const named = new Set([...sent, ...placed].map(([name]) => name));
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
