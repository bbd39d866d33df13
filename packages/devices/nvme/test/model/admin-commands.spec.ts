// Identify and features (NVM Express Base 2.2, sections 5.1.13, 5.1.12 and 5.1.25; NVM Command Set 1.2, section 4).
// Offsets are those of the figures; the model's codec is not used.
import { describe, expect, it } from "vitest";
import { type NvmeModelOptions, nvmeModel } from "../../src/model/index.ts";
import { execute, plainSqe, refused, success } from "./commands.ts";
import { plainStore } from "./plain-store.ts";

function model(options: Partial<NvmeModelOptions> = {}) {
  return nvmeModel({
    namespaces: [
      { store: plainStore(4096 * 8), bytesPerBlock: 4096, mssrl: 128, mcl: 512, msrc: 15 },
      {
        nsid: 3,
        store: plainStore(512 * 10),
        readonly: true,
        dulbe: true,
        metadata: {
          bytes: 24,
          extended: true,
          protection: 2,
          guardBits: 64,
          storageTagBits: 16,
          protectionFirst: true,
        },
      },
    ],
    ...options,
  });
}

function identify(device: ReturnType<typeof model>, cns: number, nsid = 0, csi = 0) {
  const data = new Uint8Array(4096);
  const answer = execute(device, "admin", plainSqe(0x06, nsid, cns, csi << 24), undefined, data);
  return { answer, data, view: new DataView(data.buffer) };
}

const text = (data: Uint8Array, from: number, to: number): string =>
  new TextDecoder().decode(data.subarray(from, to));

describe("Identify Controller", () => {
  it("says what the controller is and can", () => {
    const { answer, data, view } = identify(model(), 0x01);
    expect(answer).toEqual(success);
    expect(text(data, 4, 24)).toBe("BLOCKFERRY0001      ");
    expect(text(data, 24, 64).trimEnd()).toBe("Blockferry NVMe model");
    expect(data[77]).toBe(8); // MDTS
    expect(data[111]).toBe(1); // CNTRLTYPE: I/O controller
    expect(data[512]).toBe(0x66); // SQES: 64 bytes
    expect(data[513]).toBe(0x44); // CQES: 16 bytes
    expect(view.getUint32(516, true)).toBe(3); // NN
    // ONCS: Compare 0, Dataset Management 2, Write Zeroes 3, features 4, Copy 8, single atomicity 9.
    expect(view.getUint16(520, true)).toBe(0b11_0001_1101);
    expect(data[525]).toBe(0b111); // VWC: present, Flush of all namespaces supported
    expect(view.getUint16(526, true)).toBe(0xffff); // AWUN, 0's based
    expect(view.getUint16(528, true)).toBe(0); // AWUPF, 0's based
    expect(view.getUint16(534, true)).toBe(0b1111); // Copy descriptor formats
  });

  it("does not claim what it is told not to do", () => {
    const { view } = identify(model({ commands: { copy: false, compare: false } }), 0x01);
    expect(view.getUint16(520, true)).toBe(0b1_1100);
    expect(view.getUint16(534, true)).toBe(0);
    const fast = identify(model({ fastCopy: "always", formats: [0] }), 0x01);
    expect(fast.view.getUint16(520, true) & 0x700).toBe(0x700);
    expect(fast.view.getUint16(534, true)).toBe(1);
  });
});

describe("Identify Namespace", () => {
  it("gives size, format and copy limits", () => {
    const { answer, data, view } = identify(model(), 0x00, 1);
    expect(answer).toEqual(success);
    expect([0, 8, 16].map((at) => view.getBigUint64(at, true))).toEqual([8n, 8n, 8n]);
    expect(data[25]).toBe(0); // NLBAF, 0's based
    expect(view.getUint32(128, true)).toBe(12 << 16); // LBAF 0: no metadata, 2^12 bytes
    expect(view.getUint16(74, true)).toBe(128); // MSSRL
    expect(view.getUint32(76, true)).toBe(512); // MCL
    expect(data[80]).toBe(15); // MSRC, 0's based
    expect(data[33]).toBe(0b1001); // DLFEAT: zeroes, and Write Zeroes may deallocate
    expect([data[24], data[26], data[27], data[28], data[29], data[99]]).toEqual([
      8, 0, 0, 0, 0, 0,
    ]);
  });

  it("gives metadata, protection, DULBE and write protection", () => {
    const { data, view } = identify(model(), 0x00, 3);
    expect(view.getUint32(128, true)).toBe((9 << 16) | 24);
    expect(data[24] & 4).toBe(4); // NSFEAT: deallocated error
    expect(data[26]).toBe(0x10); // FLBAS: metadata at the end of each block
    expect(data[27]).toBe(1); // MC
    expect(data[28]).toBe(0b0_1010); // DPC: type 2, first
    expect(data[29]).toBe(0b1010); // DPS: type 2, first
    expect(data[99]).toBe(1); // NSATTR: write protected
  });

  it("gives the storage tag and the guard of the NVM command set", () => {
    const { answer, view } = identify(model(), 0x05, 3);
    expect(answer).toEqual(success);
    expect(view.getBigUint64(0, true)).toBe(0xffffn); // LBSTM
    expect(view.getUint32(12, true)).toBe((2 << 7) | 16); // ELBAF 0: 64b guard, STS 16
    expect(identify(model(), 0x05, 1).view.getUint32(12, true)).toBe(0);
  });

  it("is all zeroes for an inactive NSID, and refused for one that cannot be", () => {
    for (const cns of [0x00, 0x05, 0x08]) {
      const { answer, data } = identify(model(), cns, 2);
      expect(answer).toEqual(success);
      expect(data.some((byte) => byte !== 0)).toBe(false);
      expect(identify(model(), cns, 0).answer).toEqual(refused("0/0b"));
      expect(identify(model(), cns, 4).answer).toEqual(refused("0/0b"));
      expect(identify(model(), cns, 0xffffffff).answer).toEqual(refused("0/0b"));
    }
  });

  it("lists active namespaces above an NSID", () => {
    const from = (nsid: number): number[] => {
      const { view } = identify(model(), 0x02, nsid);
      return [0, 4, 8].map((at) => view.getUint32(at, true));
    };
    expect(from(0)).toEqual([1, 3, 0]);
    expect(from(1)).toEqual([3, 0, 0]);
    expect(from(3)).toEqual([0, 0, 0]);
    expect(identify(model(), 0x02, 0xfffffffe).answer).toEqual(refused("0/0b"));
  });

  it("describes a namespace by its NGUID and command set", () => {
    const { data } = identify(model(), 0x03, 3);
    expect([data[0], data[1]]).toEqual([2, 16]); // NIDT 2h NGUID, NIDL 10h
    expect(Array.from(data.subarray(4, 20))).toEqual(
      Array.from(identify(model(), 0x00, 3).data.subarray(104, 120)),
    );
    expect(Array.from(data.subarray(20, 26))).toEqual([4, 1, 0, 0, 0, 0]); // NIDT 4h CSI, NVM
  });
});

describe("Identify, refused", () => {
  it("for structures that are not there, and without room", () => {
    const device = model();
    expect(identify(device, 0x7f).answer).toEqual(refused("0/02"));
    expect(identify(device, 0x05, 1, 2).answer).toEqual(refused("0/02"));
    expect(identify(device, 0x06, 0, 0).answer).toEqual(success);
    expect(identify(device, 0x1c).data[0]).toBe(1);
    const short = execute(device, "admin", plainSqe(0x06, 0, 1), undefined, new Uint8Array(4095));
    expect(short).toEqual(refused("0/0f"));
  });
});

describe("features", () => {
  const set = (device: ReturnType<typeof model>, fid: number, cdw11 = 0, nsid = 0) =>
    execute(device, "admin", plainSqe(0x09, nsid, fid, cdw11));
  const get = (device: ReturnType<typeof model>, fid: number, select = 0, nsid = 0) =>
    execute(device, "admin", plainSqe(0x0a, nsid, fid | (select << 8)));

  it("Number of Queues (07h) answers 0's based counts, and refuses FFFFh", () => {
    const device = model({ queuesMax: 8 });
    expect(set(device, 0x07, 0x000f000f)).toEqual({ ...success, dw0: 0x00070007 });
    expect(get(device, 0x07)).toEqual({ ...success, dw0: 0x00070007 });
    expect(set(device, 0x07, 0xffff)).toEqual(refused("0/02"));
    expect(set(device, 0x07, 0xffff0000)).toEqual(refused("0/02"));
  });

  it("keep what is set, know their defaults, and forget with a reset", () => {
    const device = model();
    expect(get(device, 0x06)).toEqual({ ...success, dw0: 1 });
    expect(set(device, 0x06, 0)).toEqual(success);
    expect(set(device, 0x0b, 0x1ff)).toEqual(success);
    expect([get(device, 0x06).dw0, get(device, 0x06, 1).dw0, get(device, 0x0b).dw0]).toEqual([
      0, 1, 0x1ff,
    ]);
    device.reset();
    expect([get(device, 0x06).dw0, get(device, 0x0b).dw0]).toEqual([1, 0]);
  });

  it("Error Recovery (05h) is each namespace's, and DULBE of those that can", () => {
    const device = model();
    expect(set(device, 0x05, 0x10000, 1)).toEqual(refused("0/02"));
    expect(set(device, 0x05, 0x10007, 3)).toEqual(success);
    expect(set(device, 0x05, 0x10000, 2)).toEqual(refused("0/0b"));
    expect(get(device, 0x05, 0, 3)).toEqual({ ...success, dw0: 0x10007 });
    expect(get(device, 0x05, 0, 1)).toEqual(success);
    expect(get(device, 0x05, 3, 3)).toEqual({ ...success, dw0: 0b110 });
  });

  it("Host Behavior Support (16h) is 512 bytes", () => {
    const device = model();
    const data = new Uint8Array(512);
    data[4] = 0b1100;
    expect(execute(device, "admin", plainSqe(0x09, 0, 0x16), data)).toEqual(success);
    expect(execute(device, "admin", plainSqe(0x09, 0, 0x16), data.subarray(1))).toEqual(
      refused("0/0f"),
    );
    const got = new Uint8Array(512);
    expect(execute(device, "admin", plainSqe(0x0a, 0, 0x16), undefined, got)).toEqual(success);
    expect(got).toEqual(data);
  });

  it("cannot be saved, and unknown ones are refused", () => {
    const device = model();
    expect(execute(device, "admin", plainSqe(0x09, 0, 0x80000006))).toEqual(refused("1/0d"));
    expect(set(device, 0x7f)).toEqual(refused("0/02"));
    expect(get(device, 0x7f)).toEqual(refused("0/02"));
    expect(get(device, 0x06, 7)).toEqual(refused("0/02"));
  });
});

describe("other admin commands", () => {
  it("Keep Alive succeeds, Abort finds nothing to abort, others are not there", () => {
    const device = model();
    expect(execute(device, "admin", plainSqe(0x18, 0))).toEqual(success);
    expect(execute(device, "admin", plainSqe(0x08, 0, 7))).toEqual({ ...success, dw0: 1 });
    expect(execute(device, "admin", plainSqe(0x02, 0))).toEqual(refused("0/01"));
    expect(execute(device, "admin", plainSqe(0xff, 0))).toEqual(refused("0/01"));
  });
});
