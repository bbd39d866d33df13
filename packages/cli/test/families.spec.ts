// Goal: SCSI targets and ATA disks are copied, planned, looked at and explained by the same lines as NVMe namespaces are.
// Method: lines run in this process over devices in memory; copies are checked by the verification past the device's path,
// bytes by decoding them with the structures that `decode` lists.
import { exitStatus } from "@blockferry/core/exit-status";
import { ataStructures } from "@blockferry/device-ata/codec";
import { nvmeStructures } from "@blockferry/device-nvme/codec";
import { scsiStructures } from "@blockferry/device-scsi/codec";
import { describe, expect, it } from "vitest";
import { documentOf } from "./support/document.ts";
import { runHere } from "./support/in-process.ts";

const scsi = "scsi-model:?size=16MiB";
const ata = "ata-model:?size=16MiB";
const ranges = ["0+2048,8192+64", "--to", "16384"];
const PROVISIONAL = "Provisional (secondary source)";

async function copyDocument(uri: string, ...more: string[]) {
  const printed = await runHere(["copy", uri, ...ranges, "--verify", "-o", "json", ...more]);
  expect(printed).toMatchObject({ status: 0, stderr: "" });
  return documentOf("blockferry.copy", printed.stdout);
}

/** Bytes of the parts of `plan -o hex`, in turn command and list. */
function hexParts(text: string): string[] {
  return text
    .split(/^#.*$/m)
    .map((part) => part.replace(/\s+/g, ""))
    .filter((part) => part !== "");
}

describe("copies, verified past the device", () => {
  // Commands: as many as the device's limits make of the two ranges. LIO takes one segment in a command (its source,
  // target_core_xcopy.c, RCR_OP_MAX_SG_DESC_COUNT).
  it.each([
    [scsi, 1],
    [`${scsi}&profile=lio`, 2],
    [`${scsi}&profile=scst`, 1],
    [`${scsi}&copy=lid4`, 1],
    [`${scsi}&copy=token`, 1],
    [`${scsi}&copy=token&ranges=1`, 2],
    [`${scsi}&segments=1`, 2],
    [`${scsi}&bs=4096`, 1],
    [ata, 1],
    [`${ata}&profile=acs6-provisional-68`, 1],
    [`${ata}&queued=on&entries=1`, 2],
    [`${ata}&sat=extended-copy`, 1],
    [`${ata}&sat=lid4`, 1],
    [`${ata}&sat=token`, 1],
    [`${ata}&sat=extended-copy&entries=1`, 1],
    [`${ata}&sat=extended-copy&translator=libata-6.12&sense=descriptor`, 1],
    [`${ata}&sat=pass-through`, 1],
    [`${ata}&sat=pass-through&translator=libata-6.12-ahci&profile=acs6-provisional-68`, 1],
    [`${ata}&sat=pass-through&translator=libata-6.1-ahci&sense=descriptor&entries=1`, 2],
    ["nvme-model:?size=16MiB&ms=24", 1],
  ])("%s takes %i commands", async (uri, commands) => {
    const inside = uri.includes("bs=4096") ? ["0+256,1024+8", "--to", "2048"] : ranges;
    const printed = await runHere(["copy", uri, ...inside, "--verify", "-o", "json"]);
    expect(printed).toMatchObject({ status: 0, stderr: "" });
    const document = documentOf("blockferry.copy", printed.stdout);
    expect(document).toMatchObject({
      status: "success",
      bytesThroughHost: 0,
      verification: { verdict: "verified", sources: "unchanged", guards: "unchanged" },
    });
    expect(document.commands).toHaveLength(commands);
    expect(document.storeCopies).toEqual({ memory: document.blocks });
  });

  it.each([
    ["nvme-model:?size=16MiB&ns2=memory:16MiB", "ns2"],
    [`${scsi}&lun1=memory:32MiB`, "lun1"],
    [`${scsi}&lun1=memory:32MiB&profile=lio`, "lun1"],
    [`${scsi}&lun1=memory:32MiB&copy=token`, "lun1"],
  ])("%s to %s", async (uri, name) => {
    const document = await copyDocument(uri, "--to-device", name);
    expect(document).toMatchObject({
      destinationDevice: name,
      offloadedBlocks: 2112,
      verification: { verdict: "verified", comparedBlocks: 2112 },
    });
    expect(document.commands.every(({ device }) => device === name)).toBe(true);
  });

  it("go the other way with a stack that begins at another unit", async () => {
    const document = await copyDocument(
      `${scsi}&lun1=memory:16MiB`,
      "--stack",
      "linear:lun1",
      "--to-device",
      "lun0",
    );
    expect(document).toMatchObject({ destinationDevice: "lun0", copiedBlocks: 2112 });
    expect(document.verification).toMatchObject({ verdict: "verified" });
  });

  it("that overlap on one unit are no concern between two", async () => {
    const words = ["copy", `${scsi}&lun1=memory:16MiB`, "0+64", "--to", "8", "--verify"];
    expect((await runHere(words)).stderr).toContain("FERRY_COPY_OVERLAP");
    expect(await runHere([...words, "--to-device", "lun1"])).toMatchObject({ status: 0 });
    expect((await runHere([...words, "--to-device", "lun0"])).stderr).toContain("OVERLAP");
  });
});

describe("refusals", () => {
  it.each([
    [["copy", scsi, "0+8", "--to", "64", "--to-device", "lun2"], "there is no lun2"],
    [
      ["copy", `${scsi}&lun1=memory:1MiB`, "0+8", "--to", "2044", "--to-device", "lun1"],
      "2048 blocks",
    ],
    [["copy", `${ata}&preset=qemu-7.2`, "0+8", "--to", "64"], "no copy command"],
    [["copy", `${ata}&profile=none`, "0+8", "--to", "64"], "no copy command"],
    [["copy", `${scsi}&copy=off`, "0+8", "--to", "64"], "no copy command"],
    [["copy", `${scsi}&copy=off&profile=lio`, "0+8", "--to", "64"], "no copy command"],
    [
      ["copy", `${scsi}&designators=same&lun1=memory:1MiB`, "0+8", "--to", "64"],
      "FERRY_SCSI_DUPLICATE_DESIGNATOR",
    ],
    [["plan", `${scsi}&copy=token`, "0+8", "--to", "64", "--as", "sg_xcopy"], "no token copies"],
    [["plan", ata, "0+8", "--to", "64", "--as", "ddpt"], "SCSI logical units"],
    [["plan", scsi, "0+8", "--to", "64", "--as", "nvme-cli"], "no NVMe namespace"],
    [["info", `${scsi}&lun16=x`], "lun16"],
    [["info", `${scsi}&profile=lion`], "one of ideal, lio"],
    [["info", `${scsi}&copy=tokens`], "one of extended-copy"],
    [["info", `${ata}&profile=acs6`], "one of acs6-provisional-66"],
    [["info", `${ata}&depth=33`], "whole number from 1 to 32"],
    [["info", "scsi-model:?create=1MiB"], "scsi-model:disk.img"],
  ])("%j", async (words, said) => {
    const printed = await runHere(words);
    expect(printed.status).not.toBe(0);
    expect(printed.stderr).toContain(said);
  });
});

describe("faults, told as the device said them", () => {
  // Sense codes: SPC-4 table 56 (0Dh/01h THIRD PARTY DEVICE FAILURE, with the source's own sense data), SBC-3; exit statuses
  // of sg3_utils(8). ATA: UNC, ABRT and DEVICE FAULT of ACS-4 6.2 and 6.3.
  it.each<[uri: string, status: number, core: string, fields: Record<string, number>]>([
    [
      `${scsi}&segments=1&fault=unrecovered-read,at=1000`,
      exitStatus.medium,
      "unrecoveredRead",
      { senseKey: 0xa, asc: 0x0d, ascq: 0x01, forwardedSenseKey: 3, forwardedAsc: 0x11 },
    ],
    [
      `${scsi}&copy=token&fault=write-fault,at=17000,lun=0`,
      exitStatus.medium,
      "writeFault",
      { senseKey: 0xa, asc: 0x0d, ascq: 0x01, forwardedAsc: 0x0c },
    ],
    [
      `${scsi}&fault=sense,key=5,asc=0x26,ascq=8,times=99`,
      exitStatus.illegalRequest,
      "limitExceeded",
      { senseKey: 5, asc: 0x26, ascq: 8 },
    ],
    [
      `${ata}&fault=unrecovered-read,at=1000`,
      exitStatus.medium,
      "unrecoveredRead",
      { error: 0x40 },
    ],
    [`${ata}&fault=write-fault,at=17000`, exitStatus.medium, "writeFault", {}],
    [`${ata}&fault=registers,error=4,times=99`, exitStatus.invalidOpcode, "unsupported", {}],
  ])("%s ends with exit status %i", async (uri, status, core, fields) => {
    const printed = await runHere(["copy", uri, ...ranges, "-o", "json"]);
    expect(printed.status).toBe(status);
    const document = documentOf("blockferry.copy", printed.stdout);
    expect(document).toMatchObject({ status: core, exitStatus: status });
    const [refused] = document.ranges.filter((range) => range.status !== "success");
    expect(refused.deviceStatus).toMatchObject({ family: uri.slice(0, uri.indexOf("-")), fields });
    expect(document.ranges.reduce((sum, { blocks }) => sum + blocks, 0)).toBe(2112);
  });

  it.each([
    `${scsi}&fault=busy,times=3`,
    `${scsi}&fault=task-set-full`,
    `${scsi}&copy=token&fault=sense,key=6,asc=0x29`,
    `${scsi}&copy=token&fault=reset,opcode=0x83,after=1,afterBytes=1000`,
    `${scsi}&copy=token&fault=lost-completion,opcode=0x83&fault=lost-completion,opcode=0x84,executed=false`,
    `${ata}&fault=interface-crc`,
    `${ata}&fault=lost-completion`,
    `${ata}&fault=reset,afterBlocks=9`,
  ])("%s passes", async (uri) => {
    const document = await copyDocument(uri, "--timeout", "0.1");
    expect(document.verification).toMatchObject({ verdict: "verified", comparedBlocks: 2112 });
  });

  it("a target that is removed ends the copy", async () => {
    const words = ["copy", `${scsi}&segments=1&fault=removed,after=1`, ...ranges, "-o", "json"];
    const printed = await runHere(words);
    expect(printed.status).toBe(exitStatus.transport);
    expect(documentOf("blockferry.copy", printed.stdout).status).toBe("removed");
  });
});

describe("plan", () => {
  // Byte 1 of the CDB is the service action (SPC-4 6.4): 00h LID1, 01h LID4, 10h POPULATE TOKEN.
  it.each([
    [scsi, "8300", "scsi-cdb", "xcopy-lid1"],
    [`${scsi}&copy=lid4`, "8301", "scsi-cdb", "xcopy-lid4"],
    [`${scsi}&copy=token`, "8310", "scsi-cdb", "populate-token"],
    [ata, "2780", "ata-fis", "ata-write-gathered-list"],
  ])("of %s is bytes that decode takes", async (uri, begin, command, list) => {
    const planned = await runHere(["plan", uri, "0+8,8192+64", "--to", "16384", "-o", "hex"]);
    expect(planned).toMatchObject({ status: 0, stderr: "" });
    const [commandHex, listHex, ...rest] = hexParts(planned.stdout);
    expect(rest).toEqual([]);
    expect(commandHex.startsWith(begin)).toBe(true);
    for (const [structure, hex] of [
      [command, commandHex],
      [list, listHex],
    ]) {
      expect(await runHere(["decode", structure, hex])).toMatchObject({ status: 0, stderr: "" });
    }
  });

  it("says which unit gets POPULATE TOKEN", async () => {
    const uri = `${scsi}&copy=token&lun1=memory:16MiB`;
    const words = ["plan", uri, "0+8", "--to", "64", "--to-device", "lun1"];
    const hex = await runHere([...words, "-o", "hex"]);
    expect(hex.stdout).toContain("# command 0 to lun0\n");
    const { stdout } = await runHere([...words, "-o", "json"]);
    expect(documentOf("blockferry.plan", stdout)).toMatchObject({
      destinationDevice: "lun1",
      commands: [{ device: "lun1", ranges: [{ device: "lun0", source: 0, blocks: 8 }] }],
    });
  });

  it.each([
    [scsi, "sg_xcopy", ["sg_xcopy if=/dev/sg0 of=/dev/sg0 bs=512 count=64 skip=256 seek=1024"]],
    [scsi, "ddpt", ["ddpt --xcopy if=/dev/sg0 of=/dev/sg0 bs=512 count=64 skip=256 seek=1024"]],
    [
      `${scsi}&copy=token`,
      "ddpt",
      ["# ddpt up to 0.97", "ddpt --odx if=/dev/sg0 of=/dev/sg0 bs=512 skip=256,64 seek=1024,64"],
    ],
  ])("of %s as %s", async (uri, tool, lines) => {
    const words = ["plan", uri, "256+64", "--to", "1024", "--as", tool];
    const { status, stdout } = await runHere(words);
    expect(status).toBe(0);
    const printed = stdout.trimEnd().split("\n");
    expect(printed).toHaveLength(lines.length);
    for (const [i, line] of lines.entries()) expect(printed[i]).toContain(line);
  });
});

describe("a disk behind a translator", () => {
  it("is a logical unit, with a page of its own", async () => {
    const { stdout } = await runHere(["info", `${ata}&sat=extended-copy`, "-o", "json"]);
    const { family, native, namespaces } = documentOf("blockferry.info", stdout);
    expect(family).toBe("scsi");
    expect(namespaces.map(({ name }) => name)).toEqual(["lun0"]);
    const inquiry = native.find(({ structure }) => structure === "inquiry");
    // SAT-4 8.1.2: VENDOR is ATA, PRODUCT the first characters of the model number.
    expect(inquiry?.fields).toMatchObject({ vendor: "ATA", product: "BLOCKFERRY ATA M" });
  });

  it("says what becomes of its copies, and how sure that is", async () => {
    const words = ["plan", `${ata}&sat=extended-copy`, "0+8", "--to", "64", "-o", "hex"];
    const { stdout } = await runHere(words);
    expect(stdout).toContain("WRITE GATHERED EXT, a translation of this project's own");
    expect(stdout).toContain(PROVISIONAL);
  });

  it("tells what the disk refused as a translator does", async () => {
    const uri = `${ata}&sat=extended-copy&fault=unrecovered-read,at=1000`;
    const printed = await runHere(["copy", uri, ...ranges, "-o", "json"]);
    expect(printed.status).toBe(exitStatus.medium);
    const document = documentOf("blockferry.copy", printed.stdout);
    const [refused] = document.ranges.filter((range) => range.status !== "success");
    // COPY ABORTED, THIRD PARTY DEVICE FAILURE, the source's own UNRECOVERED READ ERROR.
    expect(refused).toMatchObject({
      status: "unrecoveredRead",
      deviceStatus: {
        family: "scsi",
        fields: { senseKey: 0xa, asc: 0x0d, ascq: 1, forwardedFrom: 1, forwardedSenseKey: 3 },
      },
    });
  });
});

describe("what is provisional", () => {
  it.each([
    [["info", ata]],
    [["info", ata, "-o", "json"]],
    [["copy", ata, "0+8", "--to", "64"]],
    [["copy", ata, "0+8", "--to", "64", "-o", "json"]],
    [["plan", ata, "0+8", "--to", "64"]],
    [["plan", ata, "0+8", "--to", "64", "-o", "hex"]],
    [["plan", ata, "0+8", "--to", "64", "-o", "json"]],
  ])("%j says so", async (words) => {
    const { status, stdout } = await runHere(words);
    expect(status).toBe(0);
    expect(stdout).toContain(PROVISIONAL);
  });

  it("is said by decode, of the list and of the command", async () => {
    const planned = await runHere(["plan", ata, "0+8", "--to", "64", "-o", "hex"]);
    const [fis, list] = hexParts(planned.stdout);
    expect((await runHere(["decode", "ata-fis", fis])).stdout).toContain(PROVISIONAL);
    expect((await runHere(["decode", "ata-write-gathered-list", list])).stdout).toMatch(
      /provisional/i,
    );
  });

  it.each([scsi, "nvme-model:?size=16MiB", `${ata}&preset=qemu-7.2`])(
    "is nothing of %s",
    async (uri) => {
      expect((await runHere(["info", uri])).stdout).not.toMatch(/provisional/i);
    },
  );
});

describe("info", () => {
  it("asks every logical unit in its own words", async () => {
    const { status, stdout } = await runHere(["info", `${scsi}&lun1=memory:1MiB`, "-o", "json"]);
    expect(status).toBe(0);
    const { family, native, namespaces } = documentOf("blockferry.info", stdout);
    expect(family).toBe("scsi");
    expect(namespaces.map(({ name }) => name)).toEqual(["lun0", "lun1"]);
    for (const device of ["lun0", "lun1"]) {
      const structures = native.filter((part) => part.device === device);
      expect(structures.map(({ structure }) => structure)).toEqual(
        expect.arrayContaining(["inquiry", "vpd-83", "vpd-8f", "operating-parameters"]),
      );
    }
    // SBC-3 5.16: RETURNED LOGICAL BLOCK ADDRESS is that of the last block.
    const capacity = native.find(
      ({ structure, device }) => structure === "read-capacity-16" && device === "lun1",
    );
    expect(capacity?.fields).toMatchObject({ lastLba: 2047, blockLength: 512 });
  });

  it("shows identify data and logs of a disk", async () => {
    const { stdout } = await runHere(["info", ata, "-o", "json"]);
    const { family, native } = documentOf("blockferry.info", stdout);
    expect(family).toBe("ata");
    expect(native.map(({ structure }) => structure)).toEqual([
      "ata-identify",
      "ata-log-directory",
      "ata-emulation-page",
    ]);
    // ACS-4 7.12.7: words 100 to 103 count the sectors.
    expect(native[0].fields).toMatchObject({ sectors48: 32768 });
  });
});

describe("decode", () => {
  it("lists the structures of every family once", async () => {
    const { status, stdout } = await runHere(["decode"]);
    expect(status).toBe(0);
    const listed = stdout
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(" ")[0]);
    const known = [nvmeStructures, ataStructures, scsiStructures].flatMap((each) =>
      Object.keys(each),
    );
    expect([...listed].sort()).toEqual([...new Set(known)].sort());
    expect(listed).toHaveLength(known.length);
  });

  it("says what breaks a rule in bytes of each family", async () => {
    for (const structure of ["xcopy-lid1", "rod-token", "vpd-8f", "ata-pass-through"]) {
      const { status, stderr } = await runHere(["decode", structure, "00"]);
      expect([structure, status]).toEqual([structure, exitStatus.malformed]);
      expect(stderr).toContain("FERRY_DECODE_RULE");
    }
    expect((await runHere(["decode", "vpd8f", "00"])).stderr).toContain("did you mean vpd-8f");
    const profile = ["--profile", "acs6-provisional-67"];
    const other = await runHere(["decode", "ata-write-gathered-list", "00", ...profile]);
    expect(other.stderr).toContain("there is no acs6-provisional-67");
    expect(other.status).toBe(exitStatus.usage);
  });

  // What ddpt 0.97 sent for ddptctl --pt=0x100,16: LBA and count 256 times as large.
  it("warns of ranges that stand one byte early", async () => {
    const sent = "001e0000 00000000 00000000 00000010 0000000000010000 00001000 00000000";
    const { stdout } = await runHere(["decode", "populate-token", sent]);
    expect(stdout).toContain("LBA 256, 16 blocks");
  });
});
