// Goal: SCSI commands go into SG_IO as its header has them, and its answers come back as completions.
// Method: a kernel of the test's own checks each ioctl, byte by byte, in order. Expected structures are written down from
// include/scsi/sg.h; the answer to a CHECK CONDITION (ioctl 0, status 2, driver status 8, 18 bytes of sense) was measured
// with LIO on Linux 6.1.
import { dataDirection } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { type ScsiTransportOptions, scsiTransport } from "../src/index.ts";
import { type FakeKernel, fakeKernel, type KernelCall } from "./support/fake-kernel.ts";
import { machineWithDisks } from "./support/fake-sysfs.ts";
import { queueMemory, watchedQueue } from "./support/queue-memory.ts";

const SG_IO = 0x2285;
const BLKFLSBUF = 0x1261;
const surroundings = machineWithDisks();

type Command = (call: KernelCall, kernel: FakeKernel) => { result: number; errno?: number };

function scripted(commands: readonly Command[], options: Partial<ScsiTransportOptions> = {}) {
  const left = [...commands];
  const kernel = fakeKernel((call, own) => {
    if (call.request === BLKFLSBUF) return { result: 0 };
    const next = left.shift();
    if (next === undefined) throw new Error(`one ioctl too many: ${call.request.toString(16)}`);
    return next(call, own);
  });
  const units = new Map([[0, "/dev/sda"]]);
  const transport = scsiTransport({ units, surroundings, kernel, ...options });
  return { kernel, transport, left };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset);

// EXTENDED COPY(LID1) with a parameter list of 108 bytes.
const copyCdb = Uint8Array.of(0x83, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 108, 0, 0);

function copyInSlot(transport: ReturnType<typeof scsiTransport>, listBytes = 108, lun = 0) {
  const line = watchedQueue(transport, queueMemory(2, 24, 256, 264));
  line.memory.commandBytes[1][1] = lun;
  line.memory.commandBytes[1].set(copyCdb, 8);
  line.memory.listBytes[1].fill(0xa5);
  line.queue.submit(1, listBytes, undefined, dataDirection.none);
  return line;
}

/** The header without addresses; what they point at. */
function seen({ argument }: KernelCall, kernel: FakeKernel) {
  const fields = view(argument);
  const shown = argument.slice();
  shown.fill(0, 16, 40);
  const bytes = fields.getUint32(12, true);
  return {
    shown: hex(shown).replace(/(.{16})(?=.)/g, "$1 "),
    cdb: kernel.memoryAt(fields.getBigUint64(24, true), argument[8]),
    sense: kernel.memoryAt(fields.getBigUint64(32, true), argument[9]),
    data: bytes === 0 ? undefined : kernel.memoryAt(fields.getBigUint64(16, true), bytes),
  };
}

describe("a command of a queue", () => {
  it("goes into SG_IO with its list, exactly as long as its CDB says", async () => {
    const { transport } = scripted([
      (call, kernel) => {
        const { shown, cdb, data } = seen(call, kernel);
        expect(call.path).toBe("/dev/sda");
        expect(call.request).toBe(SG_IO);
        // 'S', -2 (to the device), 16 bytes of CDB, 252 of sense; 108 bytes of data; 30,000 ms.
        expect(shown).toBe(
          "53000000feffffff 10fc00006c000000 0000000000000000 0000000000000000 " +
            "0000000000000000 3075000000000000 0000000000000000 0000000000000000 " +
            "0000000000000000 0000000000000000 0000000000000000",
        );
        expect(cdb).toEqual(copyCdb);
        expect(data).toEqual(new Uint8Array(108).fill(0xa5));
        return { result: 0 };
      },
    ]);
    const line = copyInSlot(transport);
    line.queue.doorbell();
    await line.until(1);
    // GOOD; 108 bytes moved of 108.
    expect(hex(line.memory.completionBytes[1].subarray(0, 16))).toBe(
      "00000000 0000006c 0000006c 00000000".replaceAll(" ", ""),
    );
    await transport.close();
  });

  it("is answered with the unit's status and sense data", async () => {
    const sense = "70000a0000000a00000000000d0200000000".slice(0, 36);
    const { transport } = scripted([
      (call, kernel) => {
        seen(call, kernel).sense.set(Buffer.from(sense, "hex"));
        const header = view(call.argument);
        header.setUint8(64, 2);
        header.setUint8(67, 18);
        header.setUint16(70, 8, true);
        header.setInt32(72, 100, true);
        return { result: 0 };
      },
    ]);
    const line = copyInSlot(transport);
    line.queue.doorbell();
    await line.until(1);
    const completion = line.memory.completionBytes[1];
    expect(hex(completion.subarray(0, 12))).toBe("021200000000000800 00006c".replace(" ", ""));
    expect(hex(completion.subarray(12, 30))).toBe(sense);
    expect(completion.subarray(30).every((byte) => byte === 0)).toBe(true);
    await transport.close();
  });

  it.each([0, 64, 112])("is not sent with a list of %i bytes", async (listBytes) => {
    const { transport } = scripted([]);
    const line = copyInSlot(transport, listBytes);
    expect(() => line.queue.doorbell()).toThrow(RangeError);
    await transport.close();
  });

  it("goes to the file of its unit; to no unit, it is refused here", async () => {
    const { transport } = scripted(
      [
        (call) => {
          expect(call.path).toBe("/dev/sg0");
          return { result: 0 };
        },
      ],
      { units: new Map([[7, "/dev/sg0"]]) },
    );
    const line = copyInSlot(transport, 108, 7);
    line.queue.doorbell();
    await line.until(1);
    line.memory.commandBytes[1][1] = 8;
    line.queue.submit(1, 108, undefined, dataDirection.none);
    line.queue.doorbell();
    await line.until(2);
    // CHECK CONDITION, ILLEGAL REQUEST, LOGICAL UNIT NOT SUPPORTED (SPC-4, 6.6.1).
    expect(hex(line.memory.completionBytes[1].subarray(0, 26)).slice(-4)).toBe("2500");
    await transport.close();
  });

  it.each([
    [2, "DID_BUS_BUSY", 0x08],
    [3, "DID_TIME_OUT", 0x40],
    [13, "DID_REQUEUE", 0x08],
  ])("without a status, by host status %i (%s), is answered %i", async (code, _name, status) => {
    const { transport } = scripted([
      ({ argument }) => {
        view(argument).setUint16(68, code, true);
        return { result: 0 };
      },
    ]);
    const line = copyInSlot(transport);
    line.queue.doorbell();
    await line.until(1);
    expect(line.memory.completionBytes[1][0]).toBe(status);
    await transport.close();
  });

  it("by host status 1 (DID_NO_CONNECT) is lost with its device, by 8 (DID_RESET) with a reset", async () => {
    for (const [code, told] of [
      [1, "removed"],
      [8, "reset"],
    ] as const) {
      const { transport } = scripted([
        ({ argument }) => {
          view(argument).setUint16(68, code, true);
          return { result: 0 };
        },
      ]);
      const line = copyInSlot(transport);
      line.queue.doorbell();
      await line.until(1);
      expect(line.told).toEqual([told]);
      await transport.close();
    }
  });

  it("by host status 7 (DID_ERROR) and by errno keeps the name of it", async () => {
    const errors: { code: string; message: string; hint?: string }[] = [];
    const onError = (error: unknown) => void errors.push(error as (typeof errors)[number]);
    const { transport } = scripted(
      [
        ({ argument }) => {
          view(argument).setUint16(68, 7, true);
          return { result: 0 };
        },
        () => ({ result: -1, errno: 1 }),
      ],
      { onError },
    );
    const line = copyInSlot(transport);
    line.queue.doorbell();
    await line.until(1);
    line.queue.submit(1, 108, undefined, dataDirection.none);
    line.queue.doorbell();
    await line.until(2);
    expect(errors.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "FERRY_TRANSPORT_HOST /dev/sda: the adapter's driver says DID_ERROR",
      "FERRY_TRANSPORT_SYSTEM /dev/sda: SG_IO: EPERM: operation not permitted",
    ]);
    expect(errors[1].hint).toContain("CAP_SYS_RAWIO");
    // CHECK CONDITION, ABORTED COMMAND, LOGICAL UNIT COMMUNICATION FAILURE.
    const completion = line.memory.completionBytes[1];
    expect([completion[0], completion[14], completion[24], completion[25]]).toEqual([2, 11, 8, 0]);
    await transport.close();
  });
});

describe("a unit that is opened for reading", () => {
  it("is sent reads and questions, and nothing that writes", async () => {
    const { transport } = scripted([() => ({ result: 0 })], { readonly: true });
    const line = copyInSlot(transport);
    line.queue.doorbell();
    await line.until(1);
    const completion = line.memory.completionBytes[1];
    // CHECK CONDITION, DATA PROTECT, WRITE PROTECTED (SPC-4, table F.2).
    expect([completion[0], completion[14], completion[24], completion[25]]).toEqual([2, 7, 39, 0]);
    await transport.execute(new Uint8Array(24));
    await transport.close();
  });
});

describe("ATA PASS-THROUGH(16)", () => {
  const command = (text: string): Uint8Array => {
    const bytes = new Uint8Array(24);
    bytes.set(Buffer.from(text.replaceAll(" ", ""), "hex"), 8);
    return bytes;
  };
  // SAT-4, 12.2.3: IDENTIFY DEVICE by PIO, one block by COUNT; WRITE DMA EXT of 2 sectors by COUNT.
  const identify = command("85 08 0e 00 00 00 01 00 00 00 00 00 00 40 ec 00");
  const write = command("85 0d 36 00 00 00 02 00 08 00 00 00 00 40 35 00");

  it("is sent with as much data as it says", async () => {
    const { transport } = scripted([() => ({ result: 0 }), () => ({ result: 0 })]);
    await transport.execute(identify, { dataIn: new Uint8Array(512) });
    await transport.execute(write, { dataOut: new Uint8Array(1024) });
    for (const bytes of [0, 511, 1024]) {
      const wrong = transport.execute(identify, { dataIn: new Uint8Array(bytes) });
      await expect(wrong).rejects.toThrow(RangeError);
    }
    const wrong = transport.execute(write, { dataOut: new Uint8Array(1023) });
    await expect(wrong).rejects.toThrow(RangeError);
    await transport.close();
  });

  it("that writes is not sent to a unit that is opened for reading", async () => {
    const { transport, left } = scripted([() => ({ result: 0 })], { readonly: true });
    const refused = await transport.execute(write, { dataOut: new Uint8Array(1024) });
    expect([refused[0], refused[14], refused[24]]).toEqual([2, 7, 0x27]);
    await transport.execute(identify, { dataIn: new Uint8Array(512) });
    expect(left).toHaveLength(0);
    await transport.close();
  });
});

describe("a command outside of queues", () => {
  it.each([
    // INQUIRY of 96 bytes; READ CAPACITY(16) of 32; READ CAPACITY(10), 8 bytes; REPORT LUNS of 16.
    ["12 00 00 00 60 00", 96, 6],
    ["9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00", 32, 16],
    ["25 00 00 00 00 00 00 00 00 00", 8, 10],
    ["a0 00 00 00 00 00 00 00 00 10 00 00", 16, 12],
  ])("has a CDB of its own length: %s", async (text, bytes, length) => {
    const { transport } = scripted([
      (call, kernel) => {
        const { cdb, data } = seen(call, kernel);
        expect(cdb).toEqual(Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex")));
        expect(cdb).toHaveLength(length);
        expect(view(call.argument).getInt32(4, true)).toBe(-3);
        data?.fill(0x77);
        view(call.argument).setInt32(72, 4, true);
        return { result: 0 };
      },
    ]);
    const command = new Uint8Array(24);
    command.set(Buffer.from(text.replaceAll(" ", ""), "hex"), 8);
    const dataIn = new Uint8Array(bytes);
    const completion = await transport.execute(command, { dataIn });
    expect(view(completion).getUint32(4)).toBe(bytes - 4);
    expect(view(completion).getUint32(8)).toBe(bytes);
    expect(dataIn).toEqual(new Uint8Array(bytes).fill(0x77));
    const wrong = transport.execute(command, { dataIn: new Uint8Array(bytes + 1) });
    await expect(wrong).rejects.toThrow(RangeError);
    await transport.close();
  });
});
