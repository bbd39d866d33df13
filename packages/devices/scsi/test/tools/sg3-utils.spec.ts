// Debian's sg3_utils and ddpt, as they are, drive the model. What they print is theirs; what they asked for is seen on the
// unit.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memoryStore } from "@blockferry/store-memory";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ScsiModelOptions, scsiModel } from "../../src/model/index.ts";
import { buildShim, missingTools, type Shim, type ToolBench, toolBench } from "./tool-bench.ts";

const BLOCKS = 32_768;
const NAA = ["6001405f0102030405060708090a0b0c", "6001405f0102030405060708090a0b0d"];
const TOOLS = [
  "sg_inq",
  "sg_vpd",
  "sg_xcopy",
  "sg_copy_results",
  "sg_raw",
  "sg_readcap",
  "sg_decode_sense",
  "sg_write_same",
  "sg_unmap",
  "sg_wr_mode",
  "ddpt",
  "ddptctl",
];
const missing = missingTools(TOOLS);

interface Bench extends ToolBench {
  readonly model: ReturnType<typeof scsiModel>;
  image(unit: number): Buffer;
}

let shim: Shim;
let bench: Bench;

beforeAll(() => {
  if (missing === undefined) shim = buildShim();
});

afterAll(() => shim?.remove());

async function start(options: Partial<ScsiModelOptions> = {}): Promise<Bench> {
  const stores = NAA.map(() => memoryStore({ bytes: BLOCKS * 512 }));
  const model = scsiModel({
    units: stores.map((store, index) => ({ store, naa: NAA[index] })),
    ...options,
  });
  stores.forEach((store, unit) => {
    const bytes = Buffer.alloc(BLOCKS * 512);
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(unit * 2 ** 24 + at / 4, at);
    store.write(0, bytes);
  });
  const image = (unit: number): Buffer => {
    const bytes = Buffer.alloc(BLOCKS * 512);
    stores[unit].read(0, bytes);
    return bytes;
  };
  bench = { ...(await toolBench(shim, model, [0, 1])), model, image };
  return bench;
}

afterEach(async () => {
  await bench?.close();
});

it("has the tools to test", (context) => {
  context.skip(missing !== undefined, missing);
});

describe.skipIf(missing !== undefined)("sg3_utils reads", () => {
  it("INQUIRY, and its serial number (sg_inq)", async () => {
    const { run, device } = await start();
    const { status, stdout } = await run("sg_inq", device(0));
    expect(status).toBe(0);
    expect(stdout).toContain("version=0x06  [SPC-4]");
    expect(stdout).toContain("3PC=1");
    expect(stdout).toContain("Vendor identification: BLKFERRY");
    expect(stdout).toContain("Unit serial number: BF000000");
  });

  it("VPD pages 83h, 8Fh, B0h, B2h (sg_vpd)", async () => {
    const { run, device } = await start();
    const page = async (name: string): Promise<string> => {
      const { status, stdout } = await run("sg_vpd", "-p", name, device(0));
      expect(status).toBe(0);
      return stdout;
    };
    expect(await page("di")).toContain(`0x${NAA[0]}`);
    const thirdParty = await page("tpc");
    for (const line of [
      "Maximum range descriptors: 64",
      "Default inactivity timeout: 60 seconds",
      "  Populate token",
      "  Copy operation abort",
      "  Receive ROD token information",
      "Maximum CSCD descriptor count: 64",
      "block<o> -> block<o> [0xa]",
      "ROD <- block range(n) [0xbe]",
      "CSCD: Identification Descriptor [0xe4]",
      "point in time copy - persistent [0x800002]",
      "block device zero [0xffff0001]",
      "Total concurrent copies: 64",
    ]) {
      expect(thirdParty).toContain(line);
    }
    expect(await page("bl")).toContain("Maximum compare and write length: 255 blocks");
    expect(await page("lbpv")).toContain("Provisioning type: 2 (thin provisioned)");
  });

  it("the capacity (sg_readcap)", async () => {
    const { run, device } = await start();
    const { stdout } = await run("sg_readcap", "--16", device(0));
    expect(stdout).toContain("Last LBA=32767 (0x7fff), Number of logical blocks=32768");
    expect(stdout).toContain("lbpme=1, lbprz=1");
    expect((await run("sg_readcap", device(1))).stdout).toContain("Last LBA=32767");
  });

  it("the list of commands, the mode pages and the LUNs (sg_opcodes, sg_modes, sg_luns)", async () => {
    const { run, device } = await start();
    const { status, stdout } = await run("sg_opcodes", device(0));
    expect(status).toBe(0);
    expect(stdout).toMatch(/ 83 +10 +16 +0,0 +Populate token/);
    expect(stdout).toMatch(/ 9f +12 +16 +0,0 +Write scattered\(16\)/);
    // One command: its CDB usage data. READ(10): LBA, group, length; no control.
    const one = await run("sg_opcodes", "--opcode=0x28", device(0));
    expect(one.stdout).toMatch(/28 f[8cde] ff ff ff ff 1f ff ff 00/);
    expect((await run("sg_modes", "-a", device(0))).stdout).toContain(">> Caching");
    expect((await run("sg_luns", device(0))).stdout).toContain("0001000000000000");
  });

  it("any command's data (sg_raw)", async () => {
    const { run, device, image } = await start();
    const out = join(bench.folder, "block");
    const cdb = ["28", "0", "0", "0", "0", "7", "0", "0", "1", "0"];
    const { status } = await run("sg_raw", "-r", "512", "-o", out, device(0), ...cdb);
    expect(status).toBe(0);
    expect(readFileSync(out).equals(image(0).subarray(7 * 512, 8 * 512))).toBe(true);
    const beyond = await run(
      "sg_raw",
      "-r",
      "512",
      device(0),
      "28",
      "0",
      "0",
      "0",
      "80",
      "0",
      "0",
      "0",
      "1",
      "0",
    );
    expect(beyond.stderr).toContain("Logical block address out of range");
    expect(beyond.stderr).toContain("Info fld=0x8000 [32768]");
  });
});

describe.skipIf(missing !== undefined)("sg3_utils writes", () => {
  it("blocks of one value (sg_write_same), with and without data", async () => {
    const { run, device, image } = await start();
    const expected = image(0);
    const pattern = join(bench.folder, "pattern");
    writeFileSync(pattern, Buffer.alloc(512, 0x5a));
    expect(
      (await run("sg_write_same", "-l", "10", "-n", "5", "-i", pattern, device(0))).status,
    ).toBe(0);
    expected.fill(0x5a, 10 * 512, 15 * 512);
    expect(
      (await run("sg_write_same", "-S", "--ndob", "-l", "100", "-n", "3", device(0))).status,
    ).toBe(0);
    expected.fill(0, 100 * 512, 103 * 512);
    expect(image(0).equals(expected)).toBe(true);
  });

  it("unmaps (sg_unmap), and sees it (sg_get_lba_status)", async () => {
    const { run, device, image } = await start();
    expect((await run("sg_unmap", "-f", "-l", "0,4096", "-n", "1024,2048", device(0))).status).toBe(
      0,
    );
    const expected = image(0);
    expect(expected.subarray(0, 1024 * 512).every((byte) => byte === 0)).toBe(true);
    expect(expected.subarray(4096 * 512, 6144 * 512).every((byte) => byte === 0)).toBe(true);
    expect(expected[1024 * 512 + 3]).not.toBe(undefined);
    const { stdout } = await run("sg_get_lba_status", "-l", "4096", "-m", "1024", device(0));
    expect(stdout).toContain("blocks:       2048  deallocated");
  });

  it("scattered (sg_write_x), compares (sg_compare_and_write) and verifies (sg_verify)", async () => {
    const { run, device, image } = await start();
    const expected = image(0);
    // 32 bytes of header, two range descriptors of 32 bytes, padding to a block, then the data.
    const list = Buffer.alloc(512);
    for (const [at, value] of [
      [36, 2],
      [40, 1],
      [68, 9],
      [72, 2],
    ]) {
      list.writeUInt32BE(value, at);
    }
    const data = join(bench.folder, "data");
    writeFileSync(data, Buffer.concat([list, Buffer.alloc(3 * 512, 0x77)]));
    const scattered = await run(
      "sg_write_x",
      "--16",
      "--combined=1",
      "--scattered=2",
      `--in=${data}`,
      "--bs=512",
      device(0),
    );
    expect(scattered.status).toBe(0);
    expected.fill(0x77, 2 * 512, 3 * 512);
    expected.fill(0x77, 9 * 512, 11 * 512);
    const swap = join(bench.folder, "swap");
    writeFileSync(swap, Buffer.concat([expected.subarray(0, 512), Buffer.alloc(512, 0x11)]));
    const compare = [
      "sg_compare_and_write",
      `--in=${swap}`,
      "--lba=0",
      "--num=1",
      device(0),
    ] as const;
    expect((await run(...compare)).status).toBe(0);
    expected.fill(0x11, 0, 512);
    expect(image(0).equals(expected)).toBe(true);
    // The second time the block is another: miscompare, exit status 14.
    expect((await run(...compare)).status).toBe(14);
    expect((await run("sg_verify", "-l", "0", "-c", "64", device(0))).status).toBe(0);
  });

  it("reserves (sg_persist)", async () => {
    const { run, device } = await start();
    const out = async (...args: string[]) =>
      (await run("sg_persist", "--out", ...args, device(0))).status;
    expect(await out("--register", "--param-sark=0xabc")).toBe(0);
    expect(await out("--reserve", "--param-rk=0xabc", "--prout-type=3")).toBe(0);
    const { stdout } = await run("sg_persist", "-r", device(0));
    expect(stdout).toContain("Key=0xabc");
    expect(stdout).toContain("Exclusive Access");
    const full = await run("sg_persist", "-s", device(0));
    expect(full.stdout).toContain("iSCSI");
    expect(await out("--release", "--param-rk=0xabc", "--prout-type=3")).toBe(0);
  });
});

describe.skipIf(missing !== undefined)("EXTENDED COPY by tools", () => {
  it("sg_xcopy copies, with the bytes of the golden vector", async () => {
    const { run, device, image, seen } = await start();
    const expected = image(1);
    image(0).copy(expected, 1024 * 512, 256 * 512, 320 * 512);
    const { status, stderr, stdout } = await run(
      "sg_xcopy",
      `if=${device(0)}`,
      `of=${device(1)}`,
      "bs=512",
      "count=64",
      "skip=256",
      "seek=1024",
    );
    expect([status, `${stdout}${stderr}`.includes("64 blocks, 1 command")]).toEqual([0, true]);
    expect(image(1).equals(expected)).toBe(true);
    const copy = seen().find((one) => one.cdb.startsWith("8300"));
    expect(copy).toEqual({
      lun: 1,
      cdb: "830000000000000000000000006c0000",
      dataOut:
        "01110040000000000000001c00000000" +
        "e4000000010300106001405f0102030405060708090a0b0c0000000000000200" +
        "e4000000010300106001405f0102030405060708090a0b0d0000000000000200" +
        "02000018000000010000004000000000000001000000000000000400",
    });
  });

  it("sg_copy_results shows parameters, status and failure details", async () => {
    const { run, device } = await start();
    await run("sg_xcopy", `if=${device(0)}`, `of=${device(1)}`, "bs=512", "count=8", "--on_dst");
    const parameters = await run("sg_copy_results", "-p", device(1));
    expect(parameters.stdout).toContain("Maximum segment descriptor count: 256");
    expect(parameters.stdout).toContain("Segment descriptor 0x0a: Copy block device with offset");
    const status = await run("sg_copy_results", "-s", "-l", "1", device(1));
    expect(status.stdout).toContain("Operation completed without errors");
    expect(status.stdout).toMatch(/Segments processed: 1\b/);
    expect(status.stdout).toMatch(/Transfer count: 4096\b/);
    const failed = await run(
      "sg_xcopy",
      `if=${device(0)}`,
      `of=${device(1)}`,
      "bs=512",
      "count=8",
      "seek=32765",
      "--on_dst",
    );
    expect(failed.status).not.toBe(0);
    const details = await run("sg_copy_results", "-f", "-l", "1", device(1));
    expect(details.stdout).toContain("Sense key: Copy Aborted");
    expect(details.stdout).toContain("Copy target device not reachable");
  });

  it("sg_xcopy copies in several commands", async () => {
    const { run, device, image, seen } = await start();
    const expected = image(1);
    image(0).copy(expected, 0, 0, 512 * 512);
    const args = [`if=${device(0)}`, `of=${device(1)}`, "bs=512", "count=512", "bpt=128"];
    const { status } = await run("sg_xcopy", ...args);
    expect([status, seen().filter((one) => one.cdb.startsWith("8300")).length]).toEqual([0, 4]);
    expect(image(1).equals(expected)).toBe(true);
  });

  it("ddpt copies in one command; in several it sends the first again and again", async () => {
    const { run, device, image, seen } = await start();
    const expected = image(1);
    const source = image(0);
    const args = [`if=${device(0)}`, `of=${device(1)}`, "bs=512", "--xcopy"];
    source.copy(expected, 0, 0, 64 * 512);
    expect((await run("ddpt", ...args, "count=64")).status).toBe(0);
    expect(image(1).equals(expected)).toBe(true);
    seen();
    // A defect of ddpt 0.97: its addresses stay where they are.
    expect((await run("ddpt", ...args, "count=512", "bpt=128")).status).toBe(0);
    const lists = seen().flatMap((one) => (one.cdb.startsWith("8300") ? [one.dataOut] : []));
    expect([lists.length, new Set(lists).size]).toEqual([4, 1]);
    source.copy(expected, 0, 0, 128 * 512);
    expect(image(1).equals(expected)).toBe(true);
  });

  it("sg_xcopy copies with the profile of LIO", async () => {
    const lio = await start({ profile: "lio" });
    const expected = lio.image(1);
    lio.image(0).copy(expected, 0, 0, 64 * 512);
    const copy = [
      "sg_xcopy",
      `if=${lio.device(0)}`,
      `of=${lio.device(1)}`,
      "bs=512",
      "count=64",
    ] as const;
    expect((await lio.run(...copy)).status).toBe(0);
    expect(lio.image(1).equals(expected)).toBe(true);
  });
});

describe.skipIf(missing !== undefined)("ROD tokens by ddptctl", () => {
  it("prints what the target can do (--info)", async () => {
    const { run, device } = await start();
    const { status, stdout } = await run("ddptctl", "--info", device(0));
    expect(status).toBe(0);
    expect(stdout).toContain("3PC (third party copy) bit set");
    expect(stdout).toContain("Optimal Transfer Count: 131072");
  });

  it("makes a token, decodes it, spends it, lists it — its ranges 256 times too large", async () => {
    const { run, device, image, seen } = await start();
    const token = join(bench.folder, "token");
    // 16 blocks from LBA 8 on are meant. ddpt 0.97 writes its range descriptors one byte early.
    const made = await run("ddptctl", "--pt=8,16", "--list_id=5", `--rtf=${token}`, device(0));
    expect(made.status).toBe(0);
    expect(seen().find((one) => one.cdb.startsWith("8310"))?.dataOut).toBe(
      "001e0000000000000000000000000010" + "0000000000000800" + "00001000" + "00000000",
    );
    expect(existsSync(token) && readFileSync(token).length).toBe(512);
    const info = await run("ddptctl", "--info", `--rtf=${token}`);
    expect(info.stdout).toContain("ROD type: point in time copy - default [0x800000]");
    // 4096 blocks of 512 bytes.
    expect(info.stdout).toMatch(/Number of bytes represented: 2097152/);
    const expected = image(1);
    image(0).copy(expected, 256 * 16 * 512, 256 * 8 * 512, 256 * 24 * 512);
    const spent = await run("ddptctl", "--wut=16,16", "--list_id=6", `--rtf=${token}`, device(1));
    expect(spent.status).toBe(0);
    expect(image(1).equals(expected)).toBe(true);
    const all = await run("ddptctl", "--all_toks", device(0));
    expect(all.stdout).toMatch(/point in time copy - default/);
  });

  it("is refused a token that was changed", async () => {
    const { run, device } = await start();
    const token = join(bench.folder, "token");
    await run("ddptctl", "--pt=0,4", `--rtf=${token}`, device(0));
    const bytes = readFileSync(token);
    bytes[400] ^= 1;
    writeFileSync(token, bytes);
    const spent = await run("ddptctl", "--wut=0,4", `--rtf=${token}`, "-v", device(1));
    expect(spent.status).not.toBe(0);
    expect(`${spent.stdout}${spent.stderr}`).toContain("Invalid token operation, token corrupt");
  });

  it("polls a copy in the background, and aborts one", async () => {
    const { run, device } = await start({ backgroundBytes: 4096 });
    const token = join(bench.folder, "token");
    await run("ddptctl", "--pt=0,4", `--rtf=${token}`, device(0));
    const started = await run(
      "ddptctl",
      "--wut=0,4",
      "--immed",
      "--list_id=9",
      `--rtf=${token}`,
      device(1),
    );
    expect(started.status).toBe(0);
    expect(bench.model.backgroundCopies).toBe(1);
    const aborted = await run("ddptctl", "--abort", "--list_id=9", device(1));
    expect([aborted.status, bench.model.backgroundCopies]).toEqual([0, 0]);
    const status = await run(
      "ddptctl",
      "--receive",
      "--prefer-rcs",
      "--list_id=9",
      "-v",
      device(1),
    );
    expect(`${status.stdout}${status.stderr}`).toMatch(/[Tt]erminated/);
  });
});

describe.skipIf(missing !== undefined)("sense data by sg_decode_sense", () => {
  async function decoded(options: Partial<ScsiModelOptions>, lba: string[]): Promise<string> {
    const { run, device, model } = await start(options);
    const copy = await run(
      "sg_xcopy",
      `if=${device(0)}`,
      `of=${device(1)}`,
      "bs=512",
      "count=8",
      ...lba,
    );
    expect(copy.status).not.toBe(0);
    // The details hold the sense data from byte 60 on.
    const completion = Buffer.alloc(model.completionBytes);
    const room = Buffer.alloc(512);
    const details = [0, 1, 0, 0, 0, 0, 0, 0, 0x84, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0];
    model.execute("io", Buffer.from(details), undefined, room, completion);
    const sense = room.subarray(60, 60 + room.readUInt16BE(58));
    const hex = [...sense].map((byte) => byte.toString(16));
    return (await run("sg_decode_sense", ...hex)).stdout;
  }

  it("fixed format: the segment, the field, and what the destination said", async () => {
    const text = await decoded({}, ["seek=32766"]);
    expect(text).toContain("Fixed format, current; Sense key: Copy Aborted");
    expect(text).toContain("Copy target device not reachable");
    expect(text).toContain("Segment pointer: Relative to start of segment descriptor, byte 20");
  });

  it("descriptor format after sg_wr_mode, of the unit that was told", async () => {
    const { run, device } = await start();
    const contents = "0a,0a,06,10,00,00,00,00,00,00,00,00";
    const words = ["--page=0xa", "-c", contents, "-m", "00,00,04"];
    expect(await run("sg_wr_mode", ...words, device(0))).toMatchObject({ status: 0 });
    const behindEnd = "28 00 7f ff ff ff 00 00 01 00".split(" ");
    const said = await Promise.all(
      [0, 1].map((lun) => run("sg_raw", "-r", "512", device(lun), ...behindEnd)),
    );
    expect(said[0].stderr).toContain("Descriptor format, current; Sense key: Illegal Request");
    expect(said[1].stderr).toContain("Fixed format, current; Sense key: Illegal Request");
  });

  it("descriptor format: forwarded sense data", async () => {
    const { profiles } = await import("../../src/model/index.ts");
    const { ideal } = profiles;
    const profile = { ...ideal, sense: { ...ideal.sense, format: "descriptor" as const } };
    const text = await decoded({ profile }, ["skip=32766"]);
    expect(text).toContain("Descriptor format, current; Sense key: Copy Aborted");
    expect(text).toContain("Forwarded sense data");
    expect(text).toContain("Logical block address out of range");
  });
});
