// Goal: Debian's tools take an emulated ATA disk behind a translator for what it is: identify data by ATA PASS-THROUGH, and
// copies by EXTENDED COPY, which reach the disk as WRITE GATHERED EXT. Method: the tools run unmodified, their SG_IO
// commands come over a socket (see the shim of the SCSI package); what the disk was sent is seen, and its image.
import { spawnSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DeviceModel } from "../packages/core/src/index.ts";
import { openAtaDevice } from "../packages/devices/ata/src/index.ts";
import { ataModel } from "../packages/devices/ata/src/model/index.ts";
import { satDisk } from "../packages/devices/ata/src/sat/index.ts";
import { profiles, scsiModel } from "../packages/devices/scsi/src/model/index.ts";
import {
  buildShim,
  missingTools,
  type Shim,
  type ToolBench,
  toolBench,
} from "../packages/devices/scsi/test/tools/tool-bench.ts";
import { memoryStore } from "../packages/stores/memory/src/index.ts";
import { memoryTransport } from "../packages/transports/memory/src/index.ts";

const SECTORS = 131_072;
const COMMAND_BYTE = 2;
const WRITE_GATHERED_EXT = 0x66;
const IDENTIFY_DEVICE = 0xec;
const TOOLS = ["sg_sat_identify", "sg_inq", "sg_vpd", "sg_xcopy", "sg_raw", "sg_opcodes", "hdparm"];
const missing = missingTools(TOOLS);

let shim: Shim;
let bench: ToolBench | undefined;

beforeAll(() => {
  if (missing === undefined) shim = buildShim();
});
afterAll(() => shim?.remove());
afterEach(() => bench?.close());

/** A disk whose sectors tell where they are, behind a translator with a copy manager. */
async function start() {
  const store = memoryStore({ bytes: SECTORS * 512 });
  const bytes = Buffer.alloc(SECTORS * 512);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(at / 4, at);
  store.write(0, bytes);
  const identity = { serialNumber: "S42", wwn: 0x5000c500a1b2c3d4n };
  const disk = ataModel({ store, identity });
  const commands: number[] = [];
  const seen: DeviceModel = {
    ...disk,
    execute(queue, command, out, into, completion) {
      commands.push(command[COMMAND_BYTE]);
      return disk.execute(queue, command, out, into, completion);
    },
  };
  const sat = satDisk(seen, await openAtaDevice(memoryTransport(disk, { turn: "inline" })));
  const { vendor, product, revision, serial, store: sectors, ...translator } = sat;
  const model = scsiModel({
    profile: {
      ...profiles.ideal,
      identity: { ...profiles.ideal.identity, vendor, product, revision },
    },
    units: [{ store: sectors, serial, translator }],
  });
  commands.length = 0;
  bench = await toolBench(shim, model, [0]);
  const image = (): Buffer => {
    const all = Buffer.alloc(SECTORS * 512);
    store.read(0, all);
    return all;
  };
  return { ...bench, commands, image, before: bytes };
}

it("has the tools to test", (context) => {
  context.skip(missing !== undefined, missing);
});

describe.skipIf(missing !== undefined)("a disk behind a translator", { timeout: 60_000 }, () => {
  it("gives its identify data to sg_sat_identify, which hdparm reads", async () => {
    const { run, device, commands, seen } = await start();
    const { status, stdout } = await run("sg_sat_identify", "-HHH", device(0));
    expect(status).toBe(0);
    expect(commands).toEqual([IDENTIFY_DEVICE]);
    // The CDB of sg_sat_identify 1.46: PIO data-in, T_DIR, BYT_BLOK, T_LENGTH in COUNT (SAT-4 12.2.2).
    expect(seen().map(({ cdb }) => cdb)).toContain("85080e0000000100000000000000ec00");
    const words = stdout;
    const read = spawnSync("hdparm", ["--Istdin"], { input: words, encoding: "utf8" });
    const said = `${read.stdout}${read.stderr}`.replaceAll(/[ \t]+/g, " ");
    expect(said).toContain("Model Number: BLOCKFERRY ATA MODEL");
    expect(said).toContain("Serial Number: S42");
    expect(said).toContain(`LBA48 user addressable sectors: ${SECTORS}`);
    expect(said).toContain("Logical Unit WWN Device Identifier: 5000c500a1b2c3d4");
    expect(said).toContain("Checksum: correct");
  });

  it("says what it is to sg_sat_identify in words", async () => {
    const { run, device } = await start();
    const { status, stdout } = await run("sg_sat_identify", device(0));
    expect(status).toBe(0);
    expect(stdout).toContain("Response for IDENTIFY DEVICE ATA command");
    // The serial number, words 10 to 19.
    expect(stdout).toContain("5334 3220 2020");
  });

  it("is an ATA disk to sg_inq and sg_vpd", async () => {
    const { run, device } = await start();
    const inquiry = await run("sg_inq", device(0));
    expect(inquiry.stdout).toContain("Vendor identification: ATA");
    expect(inquiry.stdout).toContain("Product identification: BLOCKFERRY ATA M");
    expect(inquiry.stdout).toContain("Unit serial number: S42");
    const page = await run("sg_vpd", "--page=ai", device(0));
    expect(page.status).toBe(0);
    expect(page.stdout).toContain("model: BLOCKFERRY ATA MODEL");
    const pages = await run("sg_vpd", device(0));
    expect(pages.stdout).toContain("ATA information");
    expect(pages.stdout).toContain("Third party copy");
  });

  it("lists what it hands on (sg_opcodes)", async () => {
    const { run, device } = await start();
    const all = await run("sg_opcodes", device(0));
    expect(all.status).toBe(0);
    for (const name of ["ATA pass-through(16)", "ATA pass-through(12)", "ATA pass-through(32)"]) {
      expect(all.stdout.toLowerCase()).toContain(name.toLowerCase());
    }
    const one = await run("sg_opcodes", "--opcode=0x85", device(0));
    expect(one.stdout).toContain("Usage data: 85 ff ff");
  });

  it("copies for sg_xcopy with WRITE GATHERED EXT", async () => {
    const { run, device, commands, image, before } = await start();
    const path = device(0);
    const words = [`if=${path}`, `of=${path}`, "bs=512", "count=4096", "skip=256", "seek=65536"];
    const { status, stderr } = await run("sg_xcopy", ...words);
    expect([status, stderr]).toEqual([0, expect.stringContaining("4096 blocks, 1 command")]);
    expect(commands).toContain(WRITE_GATHERED_EXT);
    // Neither reads nor writes: the data does not leave the disk.
    expect(commands.filter((one) => [0x25, 0x35].includes(one))).toEqual([]);
    const expected = Buffer.from(before);
    before.copy(expected, 65_536 * 512, 256 * 512, (256 + 4096) * 512);
    expect(image().equals(expected)).toBe(true);
  });

  it("takes a command that sg_raw sends as it is, and returns the registers", async () => {
    const { run, device } = await start();
    // CHECK POWER MODE, CK_COND: COUNT is FFh, active (ACS-4 7.3).
    const sent = await run(
      "sg_raw",
      device(0),
      ..."85 06 20 00 00 00 00 00 00 00 00 00 00 40 e5 00".split(" "),
    );
    expect(sent.stderr).toContain("ATA pass through information available");
  });
});
