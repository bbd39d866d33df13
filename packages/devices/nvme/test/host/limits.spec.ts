import { describe, expect, it } from "vitest";
import { type NvmeLimitsSource, nvmeLimits } from "../../src/index.ts";

// Goal: limits are what identify data, transport and administrator allow together, in the units of the queue.
// Sources: NVM Command Set 1.2, Figure 114 (MSSRL and MCL count from 1, MSRC from 0), NVM Express Base 2.2, Figure 313
// (MDTS: 2^n of the minimum page size). `msrc` is decoded: one more than on the wire.

const base: NvmeLimitsSource = {
  nsid: 1,
  controller: { mdts: 5, nvmcpys: true },
  namespace: { mssrl: 128, mcl: 512, msrc: 128 },
  format: { bytesPerBlock: 512, metadataBytes: 0, metadataExtended: false, protection: undefined },
  copyFormats: { same: 0, cross: undefined },
  transport: {},
  pageBytes: 4096,
};
const limitsOf = (change: Partial<NvmeLimitsSource>) => nvmeLimits({ ...base, ...change });

describe("limits", () => {
  it("of QEMU 10's defaults (mssrl=128, mcl=128, msrc=127, mdts=7)", () => {
    const controller = { mdts: 7, nvmcpys: true };
    const namespace = { mssrl: 128, mcl: 128, msrc: 128 };
    expect(limitsOf({ controller, namespace })).toEqual({
      limits: {
        bytesPerBlock: 512,
        // 512 KiB
        transferBlocksMax: 1024,
        copyShape: "many-to-one",
        copyBlocksMax: 128,
        copyBlocksHwMax: 128,
        copyRangesMax: 128,
        copyRangesHwMax: 128,
        copyRangeBlocksMax: 128,
        copyRangeBlocksHwMax: 128,
        copyCrossDevice: false,
      },
      copyRefusal: undefined,
    });
  });

  it("of an SPDK target over TCP: one range, MDTS 5, 4 KiB in the capsule", () => {
    const namespace = { mssrl: 65535, mcl: 65535, msrc: 1 };
    const { limits } = limitsOf({ namespace, transport: { listBytesMax: 4096 } });
    expect(limits).toMatchObject({
      transferBlocksMax: 256,
      copyRangesMax: 1,
      copyBlocksMax: 65535,
      copyRangeBlocksMax: 65535,
    });
  });

  it.each([
    // Entries of 32 bytes: 4096 carries 128; of 40 bytes: 102.
    [0, 4096, 128],
    [1, 4096, 102],
    [2, 4096, 128],
    [3, 4096, 102],
    [0, 8192, 256],
    [1, 10240, 256],
    [0, 8191, 255],
    [0, 32, 1],
  ])("of format %ih lists in %i bytes: %i ranges", (same, listBytesMax, ranges) => {
    const { limits } = limitsOf({
      namespace: { mssrl: 128, mcl: 512, msrc: 256 },
      copyFormats: { same, cross: undefined },
      transport: { listBytesMax },
    });
    expect(limits).toMatchObject({ copyRangesMax: ranges, copyRangesHwMax: 256 });
  });

  it("MDTS bounds the list of a copy, not its data", () => {
    const { limits } = limitsOf({
      controller: { mdts: 0, nvmcpys: true },
      namespace: { mssrl: 65535, mcl: 2 ** 32 - 1, msrc: 256 },
    });
    expect(limits).toMatchObject({ copyRangesMax: 256, copyBlocksMax: 2 ** 32 - 1 });
    expect(limits.transferBlocksMax).toBe(65536);
    const one = limitsOf({
      controller: { mdts: 1, nvmcpys: true },
      namespace: { mssrl: 65535, mcl: 2 ** 32 - 1, msrc: 256 },
      pageBytes: 2048,
    });
    expect(one.limits).toMatchObject({ copyRangesMax: 128, copyBlocksMax: 2 ** 32 - 1 });
    expect(one.limits.transferBlocksMax).toBe(8);
  });

  it("transfers count metadata that travels with the data", () => {
    const format = { ...base.format, metadataBytes: 8, metadataExtended: true };
    // 128 KiB / 520
    expect(limitsOf({ format }).limits.transferBlocksMax).toBe(252);
    expect(limitsOf({ transport: { dataBytesMax: 65536 } }).limits.transferBlocksMax).toBe(128);
  });

  it("a transfer smaller than a block is refused", () => {
    const format = { ...base.format, bytesPerBlock: 65536 };
    const controller = { mdts: 1, nvmcpys: true };
    expect(() => limitsOf({ format, controller })).toThrow(
      expect.objectContaining({
        code: "FERRY_NVME_IDENTIFY",
        details: { nsid: 1, rule: "mdts-below-block", mdts: 1 },
      }),
    );
  });
});

describe("no copy command, by name", () => {
  it.each([
    [{ controller: { mdts: 5, nvmcpys: false } }, "ONCS bit 8 is clear"],
    [{ copyFormats: { same: undefined, cross: undefined } }, "0h or 2h enabled, which a 16-bit"],
    [{ namespace: { mssrl: 0, mcl: 512, msrc: 1 } }, "MSSRL is 0"],
    [{ namespace: { mssrl: 128, mcl: 0, msrc: 128 } }, "MCL is 0"],
    [{ transport: { listBytesMax: 31 } }, "a single source range entry"],
  ])("%j: %s", (change, reason) => {
    const { limits, copyRefusal } = limitsOf(change);
    expect(copyRefusal).toContain(reason);
    expect(limits).toEqual({ bytesPerBlock: 512, transferBlocksMax: 256 });
  });
});

describe("soft limits", () => {
  it("lower what is in force, not what the device says", () => {
    const { limits } = limitsOf({
      softLimits: {
        copyBlocksMax: 100,
        copyRangesMax: 3,
        copyRangeBlocksMax: 1,
        transferBlocksMax: 7,
      },
    });
    expect(limits).toMatchObject({
      copyBlocksMax: 100,
      copyBlocksHwMax: 512,
      copyRangesMax: 3,
      copyRangesHwMax: 128,
      copyRangeBlocksMax: 1,
      copyRangeBlocksHwMax: 128,
      transferBlocksMax: 7,
    });
  });

  it("cannot raise ranges above what a list carries", () => {
    const transport = { listBytesMax: 64 };
    const { limits } = limitsOf({ transport, softLimits: { copyRangesMax: 100 } });
    expect(limits.copyRangesMax).toBe(2);
  });

  it.each([
    [{ copyBlocksMax: 513 }, "copyBlocksMax of namespace 1 can be lowered to 1 to 512, not to 513"],
    [{ copyBlocksMax: 0 }, "not to 0"],
    [{ copyRangesMax: 129 }, "not to 129"],
    [{ copyRangeBlocksMax: 1.5 }, "not to 1.5"],
    [{ transferBlocksMax: 257 }, "lowered to 1 to 256, not to 257"],
    [{ copyRangesMax: Number.NaN }, "not to NaN"],
  ])("%j is refused", (softLimits, message) => {
    expect(() => limitsOf({ softLimits })).toThrow(
      expect.objectContaining({
        code: "FERRY_NVME_LIMIT",
        message: expect.stringContaining(message),
      }),
    );
  });
});
