// Goal: IDENTIFY DEVICE data is read and made right. Method: the words of a QEMU 7.2 disk as `hdparm --Istdout` printed
// them, words written by hand that hdparm accepts, and hdparm and sg_vpd as referees of what the model says.
import { toHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import {
  bytesPerSector,
  decodeIdentify,
  identifyDevice,
  readAtaString,
  sectorsOf,
} from "../../src/codec/index.ts";
import { ataInformationPage, satDialects } from "../../src/sat/index.ts";
import { type TestDisk, testDisk } from "../support/disk.ts";
import { hasTool, runTool, withFile } from "../support/outside-tool.ts";
import { bytesVector, identifyVector } from "../support/vector.ts";

const qemu = identifyVector("qemu-7.2-identify.txt");
const handMade = identifyVector("hand-made-identify.txt");
const QEMU_SECTORS = 131_072;

function identify(disk: TestDisk): Uint8Array {
  const data = new Uint8Array(512);
  expect(disk.send({ command: 0xec }, undefined, data).status).toBe(0x50);
  return data;
}

describe("decodeIdentify", () => {
  it("reads a disk of QEMU", () => {
    const decoded = decodeIdentify(qemu);
    if (!decoded.ok) throw new Error(decoded.violated);
    const { value } = decoded;
    expect(readAtaString(value.modelNumber)).toBe("QEMU HARDDISK");
    expect(readAtaString(value.serialNumber)).toBe("LABSATA0");
    expect(readAtaString(value.firmwareRevision)).toBe("2.5+");
    expect(sectorsOf(value)).toBe(QEMU_SECTORS);
    expect(bytesPerSector(value)).toBe(512);
    expect(value).toMatchObject({
      ncq: true,
      queueDepth: 32,
      trim: true,
      drat: true,
      rzat: false,
      gpl: false,
      lba48: true,
      senseReporting: false,
    });
  });

  it("checks the checksum where there is one", () => {
    expect(decodeIdentify(handMade).ok).toBe(true);
    const wrong = handMade.slice();
    wrong[200] ^= 1;
    expect(decodeIdentify(wrong)).toMatchObject({ ok: false, field: "checksum" });
    expect(decodeIdentify(handMade.subarray(0, 511))).toEqual({ ok: false, need: 1 });
  });

  it("reads long sectors and a world wide name", () => {
    const data = new Uint8Array(512);
    const view = new DataView(data.buffer);
    // ACS-4, Table 45: word 106 bit 14 valid, bit 12 long; words 117 and 118; words 108 to 111, highest first.
    view.setUint16(106 * 2, 0x5000, true);
    view.setUint16(117 * 2, 2048, true);
    for (const [word, value] of [0x5000, 0xc500, 0xa1b2, 0xc3d4].entries()) {
      view.setUint16((108 + word) * 2, value, true);
    }
    const decoded = decodeIdentify(data);
    if (!decoded.ok) throw new Error(decoded.violated);
    expect(bytesPerSector(decoded.value)).toBe(4096);
    expect(decoded.value.wwn).toBe(0x5000c500a1b2c3d4n);
  });
});

describe("the model's data", () => {
  it("as QEMU 7.2: the same 512 bytes", () => {
    const identity = { serialNumber: "LABSATA0" };
    const disk = testDisk(QEMU_SECTORS, { preset: "qemu-7.2", identity });
    expect(toHex(identify(disk), { group: 2 })).toBe(toHex(qemu, { group: 2 }));
  });

  it("as QEMU 7.2 behind Linux: the same VPD page 89h", () => {
    const identity = { serialNumber: "LABSATA0" };
    const disk = testDisk(QEMU_SECTORS, { preset: "qemu-7.2", identity });
    // The page was read after SET FEATURES 82h, write cache off.
    disk.send({ command: 0xef, feature: 0x82 });
    const linux = { vendor: "linux", product: "libata", revision: "3.00" };
    const page = ataInformationPage(disk.model, satDialects["libata-6.12"], linux);
    expect(toHex(page, { group: 4 })).toBe(
      toHex(bytesVector("qemu-7.2-ata-information.txt"), { group: 4 }),
    );
  });

  it("shows what commands have set", () => {
    const disk = testDisk(64);
    const read = () => {
      const decoded = identifyDevice.decode(identify(disk));
      if (!decoded.ok) throw new Error(decoded.violated);
      return decoded.value;
    };
    expect(read()).toMatchObject({
      writeCacheEnabled: true,
      readLookAheadEnabled: true,
      senseReportingEnabled: false,
      smartEnabled: true,
    });
    for (const feature of [0x82, 0x55]) disk.send({ command: 0xef, feature });
    disk.send({ command: 0xef, feature: 0xc3, count: 1 });
    disk.send({ command: 0xb0, feature: 0xd9, lba: 0xc24f00 });
    expect(decodeIdentify(identify(disk)).ok).toBe(true);
    expect(read()).toMatchObject({
      writeCacheEnabled: false,
      readLookAheadEnabled: false,
      senseReportingEnabled: true,
      smartEnabled: false,
    });
  });
});

const hasHdparm = hasTool("hdparm", ["-V"]);
describe.skipIf(!hasHdparm)(`hdparm --Istdin${hasHdparm ? "" : " (hdparm is missing)"}`, () => {
  const read = (disk: TestDisk): string => {
    const data = identify(disk);
    const words = Array.from(
      { length: 256 },
      (_, word) => data[word * 2] + data[word * 2 + 1] * 256,
    );
    const text = words.map((word) => word.toString(16).padStart(4, "0")).join(" ");
    return runTool("hdparm", ["--Istdin"], text).replaceAll(/[ \t]+/g, " ");
  };

  it("reads a disk of 512-byte sectors", () => {
    const said = read(
      testDisk(QEMU_SECTORS, { identity: { serialNumber: "S42", wwn: 0x5000c500a1b2c3d4n } }),
    );
    expect(said).toContain("Model Number: BLOCKFERRY ATA MODEL");
    expect(said).toContain("Serial Number: S42");
    expect(said).toContain("LBA48 user addressable sectors: 131072");
    expect(said).toContain("Logical Sector size: 512 bytes");
    expect(said).toContain("Physical Sector size: 4096 bytes");
    expect(said).toContain("Queue depth: 32");
    expect(said).toContain("* Native Command Queueing (NCQ)");
    expect(said).toContain("unknown 78[7]"); // NCQ autosense, newer than hdparm 9.65
    expect(said).toContain("* General Purpose Logging feature set");
    expect(said).toContain("* WRITE_{DMA|MULTIPLE}_FUA_EXT");
    expect(said).toContain("* WRITE_UNCORRECTABLE_EXT command");
    expect(said).toContain("* 64-bit World wide name");
    expect(said).toContain("* {READ,WRITE}_DMA_EXT_GPL commands");
    expect(said).toContain("* Data Set Management TRIM supported (limit 8 blocks)");
    expect(said).toContain("* Deterministic read ZEROs after TRIM");
    expect(said).toContain("Logical Unit WWN Device Identifier: 5000c500a1b2c3d4");
    expect(said).toContain("Checksum: correct");
  });

  it("reads a disk of 4,096-byte sectors", () => {
    const said = read(testDisk(1000, { bytesPerSector: 4096 }));
    expect(said).toContain("LBA48 user addressable sectors: 1000");
    expect(said).toContain("Logical Sector size: 4096 bytes");
    expect(said).toContain("Physical Sector size: 4096 bytes");
    expect(said).toContain("Checksum: correct");
  });
});

const hasVpd = hasTool("sg_vpd", ["-V"]);
describe.skipIf(!hasVpd)(`sg_vpd${hasVpd ? "" : " (sg3-utils is missing)"}`, () => {
  it("reads our VPD page 89h", () => {
    const disk = testDisk(QEMU_SECTORS);
    const sat = { vendor: "BLOCKFER", product: "ATA MODEL", revision: "1" };
    const page = ataInformationPage(disk.model, satDialects.standard, sat);
    const said = withFile(toHex(page, { group: 1 }), (path) =>
      runTool("sg_vpd", ["--page=ai", `--inhex=${path}`]),
    );
    expect(said).toContain("SAT Vendor identification: BLOCKFER");
    expect(said).toContain("SAT Product identification: ATA MODEL");
    expect(said).toContain("model: BLOCKFERRY ATA MODEL");
    expect(said).toContain("serial number: BF0001");
  });
});
