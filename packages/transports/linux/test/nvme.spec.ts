// Goal: NVMe commands go into the driver as its header has them, and its answers come back as completions.
// Method: a kernel of the test's own checks each ioctl, byte by byte, in order. Expected structures are written down from
// include/uapi/linux/nvme_ioctl.h; return values and DW0 as measured with QEMU 7.2 on Linux 6.1 (a Copy refused with
// 187h and DW0 1).
import { dataDirection, isFerryError } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { type NvmeTransportOptions, nvmeTransport } from "../src/index.ts";
import { type FakeKernel, fakeKernel, type KernelCall } from "./support/fake-kernel.ts";
import { machineWithDisks } from "./support/fake-sysfs.ts";
import { queueMemory, watchedQueue } from "./support/queue-memory.ts";

const ID = 0x4e40;
const ADMIN64 = 0xc0504e47;
const IO64 = 0xc0504e48;
const BLKFLSBUF = 0x1261;
const surroundings = machineWithDisks();

type Command = (call: KernelCall, kernel: FakeKernel) => { result: number; errno?: number };

/** A transport to `/dev/nvme0n1` whose kernel takes these commands, in this order, and no others. */
function scripted(commands: readonly Command[], options: Partial<NvmeTransportOptions> = {}) {
  const left = [...commands];
  const kernel = fakeKernel((call, own) => {
    if (call.request === ID) return { result: Number(/n(\d)$/.exec(call.path)?.[1]) };
    if (call.request === BLKFLSBUF) return { result: 0 };
    const next = left.shift();
    if (next === undefined) throw new Error(`one ioctl too many: ${call.request.toString(16)}`);
    return next(call, own);
  });
  const path = "/dev/nvme0n1";
  const transport = nvmeTransport({ path, surroundings, kernel, ...options });
  return { kernel, transport, left };
}

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString("hex")
    .replace(/(.{8})(?=.)/g, "$1 ");

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** The structure without the address in it, and the memory there. */
function seen({ argument }: KernelCall, kernel: FakeKernel) {
  const fields = new DataView(argument.buffer, argument.byteOffset);
  const bytes = fields.getUint32(36, true);
  const address = fields.getBigUint64(24, true);
  const data = bytes === 0 ? undefined : kernel.memoryAt(address, bytes);
  const shown = argument.slice();
  shown.fill(0, 24, 32);
  return { shown: hex(shown), data };
}

// A Copy of two ranges to 100h, namespace 1, identifier 8003h, as the command set encodes it: PSDT 1, SGL of 64 bytes.
const copySqe = bytesOf(
  "19400380 01000000 00000000 00000000 00000000 00000000 00000000 00000000 " +
    "40000000 0000005a 00010000 00000000 01000000 00000000 00000000 00000000",
);
const copyArgument =
  "19000000 01000000 00000000 00000000 00000000 00000000 00000000 00000000 " +
  "00000000 40000000 00010000 00000000 01000000 00000000 00000000 00000000 " +
  "30750000 00000000 00000000 00000000";

function copyInSlot(transport: ReturnType<typeof nvmeTransport>, listBytes = 64) {
  const line = watchedQueue(transport, queueMemory(4, 64, 256, 16));
  line.memory.commandBytes[3].set(copySqe);
  line.memory.listBytes[3].fill(0xa5);
  line.queue.submit(3, listBytes, undefined, dataDirection.none);
  return line;
}

describe("a command of a queue", () => {
  it("goes into NVME_IOCTL_IO64_CMD with its list, exactly as long as it says", async () => {
    const { transport, left } = scripted([
      (call, kernel) => {
        const { shown, data } = seen(call, kernel);
        expect(call.path).toBe("/dev/nvme0n1");
        expect(call.request).toBe(IO64);
        expect(shown).toBe(copyArgument);
        expect(data).toEqual(new Uint8Array(64).fill(0xa5));
        return { result: 0 };
      },
    ]);
    const line = copyInSlot(transport);
    line.queue.doorbell();
    // What the host does with the queue's memory now is its own affair.
    line.memory.commandBytes[3].fill(0xff);
    line.memory.listBytes[3].fill(0xff);
    await line.until(1);
    expect(line.told).toEqual([3]);
    expect(hex(line.memory.completionBytes[3])).toBe("00000000 00000000 00000000 03800000");
    expect(left).toHaveLength(0);
    await transport.close();
  });

  it("is answered with status, Do Not Retry and DW0 of a refusal", async () => {
    const { transport } = scripted([
      ({ argument }) => {
        new DataView(argument.buffer, argument.byteOffset).setBigUint64(72, 0x2_0000_0001n, true);
        return { result: 0x4187 };
      },
    ]);
    const line = copyInSlot(transport);
    line.queue.doorbell();
    await line.until(1);
    // 4187h << 1 = 830Eh: DNR, Command Specific, Overlapping I/O Range.
    expect(hex(line.memory.completionBytes[3])).toBe("01000000 02000000 00000000 03800e83");
    await transport.close();
  });

  it.each([0, 32, 63, 68, 96])("is not sent with a list of %i bytes", async (listBytes) => {
    const { transport } = scripted([]);
    const line = copyInSlot(transport, listBytes);
    expect(() => line.queue.doorbell()).toThrow(RangeError);
    await transport.close();
  });

  it("to a namespace that is not open is refused here, as the standard has it", async () => {
    const { transport } = scripted([]);
    const line = copyInSlot(transport);
    line.memory.commandBytes[3][4] = 2;
    line.queue.doorbell();
    await line.until(1);
    // 400Bh << 1: DNR, Invalid Namespace or Format.
    expect(hex(line.memory.completionBytes[3])).toBe("00000000 00000000 00000000 03801680");
    await transport.close();
  });

  it("to another namespace goes through that one's file", async () => {
    const { transport, kernel } = scripted(
      [
        (call) => {
          expect(call.path).toBe("/dev/ng0n2");
          return { result: 0 };
        },
      ],
      { others: ["/dev/ng0n2"] },
    );
    expect([...transport.nodes.keys()]).toEqual([1, 2]);
    const line = copyInSlot(transport);
    line.memory.commandBytes[3][4] = 2;
    line.queue.doorbell();
    await line.until(1);
    await transport.close();
    expect(kernel.files.size).toBe(0);
    expect(kernel.isEnded).toBe(true);
  });

  it("passes its time on to the kernel", async () => {
    const { transport } = scripted(
      [
        ({ argument }) => {
          expect(new DataView(argument.buffer, argument.byteOffset).getUint32(64, true)).toBe(1500);
          return { result: 0 };
        },
      ],
      { timeoutMs: 1499.6 },
    );
    const line = copyInSlot(transport);
    line.queue.doorbell();
    await line.until(1);
    await transport.close();
    for (const timeoutMs of [0, -1, Number.NaN, 2 ** 32]) {
      expect(() => scripted([], { timeoutMs })).toThrow(RangeError);
    }
  });

  it("is waited for by a reset, which sends nothing unless it is asked to", async () => {
    const answers: ((answer: { result: number }) => void)[] = [];
    const left = new Promise<{ result: number }>((resolve) => answers.push(resolve));
    const requests: number[] = [];
    const kernel = fakeKernel(({ request }) => {
      requests.push(request);
      return request === IO64 ? left : { result: 1 };
    });
    const transport = nvmeTransport({ path: "/dev/nvme0n1", surroundings, kernel });
    const line = copyInSlot(transport);
    line.queue.doorbell();
    line.queue.abort(3);
    line.queue.reset();
    line.queue.reset();
    for (let turns = 0; turns < 20; turns += 1) await new Promise((go) => setImmediate(go));
    expect(line.told).toEqual([]);
    answers[0]({ result: 0 });
    await line.until(2);
    // What the device had done is told before the reset is.
    expect(line.told).toEqual([3, "reset"]);
    expect(requests).not.toContain(0x4e44); // NVME_IOCTL_RESET
    await transport.close();
  });

  it("that the kernel refuses keeps the name of the error, and what to do", async () => {
    const errors: unknown[] = [];
    const { transport } = scripted([() => ({ result: -1, errno: 13 })], {
      onError: (error) => errors.push(error),
    });
    const line = copyInSlot(transport);
    line.queue.doorbell();
    await line.until(1);
    expect(errors).toEqual([
      expect.objectContaining({
        code: "FERRY_TRANSPORT_SYSTEM",
        message: "/dev/nvme0n1: NVME_IOCTL_IO64_CMD: EACCES: permission denied",
        details: { path: "/dev/nvme0n1", opcode: 0x19, errno: -13, errnoName: "EACCES" },
        hint: expect.stringContaining("CAP_SYS_ADMIN"),
      }),
    ]);
    // 4370h << 1: DNR, Path Related, Host Pathing Error.
    expect(hex(line.memory.completionBytes[3])).toBe("00000000 00000000 00000000 0380e086");
    await transport.close();
  });
});

describe("a device that is opened for reading", () => {
  it("is sent reads and questions, and nothing that writes", async () => {
    const { transport, kernel } = scripted([() => ({ result: 0 })], { readonly: true });
    expect(kernel.opened).toEqual([{ path: "/dev/nvme0n1", flags: 0 }]);
    const line = copyInSlot(transport);
    line.queue.doorbell();
    await line.until(1);
    // 4020h << 1: DNR, Namespace is Write Protected.
    expect(hex(line.memory.completionBytes[3])).toBe("00000000 00000000 00000000 03804080");
    line.memory.commandBytes[0].set(Uint8Array.of(0x02, 0, 0, 0, 1));
    line.queue.submit(0, 0, new Uint8Array(512), dataDirection.toHost);
    line.queue.doorbell();
    await line.until(2);
    const setFeatures = new Uint8Array(64);
    setFeatures[0] = 0x09;
    const completion = await transport.execute(setFeatures, { dataOut: new Uint8Array(512) });
    expect(hex(completion).slice(-8)).toBe("00004080");
    await transport.close();
  });
});

describe("a command outside of queues", () => {
  it("goes into NVME_IOCTL_ADMIN64_CMD, and its data comes back", async () => {
    const identify = new Uint8Array(64);
    identify.set(Uint8Array.of(0x06, 0, 0x34, 0x12));
    identify[40] = 1;
    const { transport } = scripted([
      (call, kernel) => {
        const { shown, data } = seen(call, kernel);
        expect(call.request).toBe(ADMIN64);
        expect(shown).toBe(
          "06000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 " +
            "00000000 00100000 01000000 00000000 00000000 00000000 00000000 00000000 " +
            "30750000 00000000 00000000 00000000",
        );
        data?.fill(0x77);
        return { result: 0 };
      },
    ]);
    const dataIn = new Uint8Array(4096);
    const completion = await transport.execute(identify, { dataIn });
    expect(hex(completion)).toBe("00000000 00000000 00000000 34120000");
    expect(dataIn).toEqual(new Uint8Array(4096).fill(0x77));
    await transport.close();
  });

  it("rejects with the kernel's error", async () => {
    const { transport } = scripted([() => ({ result: -1, errno: 22 })]);
    const error = await transport.execute(new Uint8Array(64).fill(2, 0, 1)).catch((e) => e);
    expect(isFerryError(error)).toBe(true);
    expect(error).toMatchObject({ code: "FERRY_TRANSPORT_SYSTEM", details: { errno: -22 } });
    await transport.close();
  });
});

describe("opening", () => {
  it("refuses what is no namespace, and says what to name", () => {
    const { kernel } = scripted([]);
    const open =
      (path: string, more: Partial<NvmeTransportOptions> = {}) =>
      () =>
        nvmeTransport({ path, surroundings, kernel, ...more });
    const code = (name: string) => expect.objectContaining({ code: `FERRY_TRANSPORT_${name}` });
    expect(open("/dev/sda")).toThrow(code("NO_DEVICE"));
    expect(open("/dev/nvme0")).toThrow(/name a namespace|is an NVMe controller/);
    expect(open("/dev/none")).toThrow(code("OPEN"));
    expect(open("/dev/zero")).toThrow(code("NO_DEVICE"));
    expect(open("notes.txt")).toThrow(code("NO_DEVICE"));
    expect(open("/dev/nvme0n1", { others: ["/dev/sda"] })).toThrow(code("NO_DEVICE"));
  });

  it("leaves nothing open where it fails", () => {
    const { kernel } = scripted([]);
    kernel.files.clear();
    kernel.unopenable.set("/dev/ng0n2", 13);
    const open = () => nvmeTransport({ path: "/dev/ng0n2", surroundings, kernel });
    expect(open).toThrow(/EACCES: permission denied/);
    expect(kernel.files.size).toBe(0);
  });
});
