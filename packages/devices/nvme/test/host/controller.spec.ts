import type { AdminCommandOptions, Transport } from "@blockferry/core";
import { memoryStore } from "@blockferry/store-memory";
import { describe, expect, it } from "vitest";
import { nvmePeers, openNvmeController, recognisePeer } from "../../src/index.ts";
import { type NvmeModelOptions, nvmeModel } from "../../src/model/index.ts";

// Goal: a controller is found as it is, and one that contradicts the standard is refused by the name of the rule.

const MiB = 2 ** 20;

interface Intercept {
  /** Changes identify data on its way to the host. */
  readonly identify?: (cns: number, nsid: number, data: Uint8Array) => void;
  /** Answers instead of the controller: a status, SCT << 8 | SC. */
  readonly refuse?: (opcode: number, cdw10: number) => number | undefined;
}

/** Commands straight to a model, with a hand on the way. */
function transportTo(options: NvmeModelOptions, intercept: Intercept = {}) {
  const model = nvmeModel(options);
  const sent: { opcode: number; cdw10: number }[] = [];
  let closed = 0;
  const transport: Transport = {
    name: "test",
    supports: { queueDepthMax: 8 },
    async execute(command: Uint8Array, { dataIn, dataOut }: AdminCommandOptions = {}) {
      const view = new DataView(command.buffer, command.byteOffset);
      const [opcode, cdw10, nsid] = [command[0], view.getUint32(40, true), view.getUint32(4, true)];
      sent.push({ opcode, cdw10 });
      const completion = new Uint8Array(16);
      const refused = intercept.refuse?.(opcode, cdw10);
      if (refused !== undefined) {
        new DataView(completion.buffer).setUint16(14, refused << 1, true);
        return completion;
      }
      model.execute("admin", command, dataOut, dataIn, completion);
      if (opcode === 6 && dataIn !== undefined) intercept.identify?.(cdw10 & 0xff, nsid, dataIn);
      return completion;
    },
    connect() {
      throw new Error("no queues here");
    },
    async close() {
      closed++;
    },
  };
  return { transport, sent, closings: () => closed };
}

const store = () => memoryStore({ bytes: MiB });
const plain: NvmeModelOptions = {
  namespaces: [
    { store: store(), mssrl: 64, mcl: 256, msrc: 9 },
    { store: store(), nsid: 40 },
  ],
  mdts: 3,
};

describe("openNvmeController", () => {
  it("finds namespaces, limits and formats, and enables copies between namespaces", async () => {
    const { transport, sent } = transportTo(plain);
    const controller = await openNvmeController(transport);
    expect(controller.namespaces.map(({ nsid }) => nsid)).toEqual([1, 40]);
    expect(controller.crossNamespace).toBe(true);
    expect(controller.peer).toBe(nvmePeers.standard);
    const [first] = controller.namespaces;
    expect(first).toMatchObject({
      family: "nvme",
      capacityBlocks: 2048,
      bytesPerBlock: 512,
      copyRefusal: undefined,
      copyFormats: { same: 0, cross: 2 },
      readonly: false,
    });
    expect(first.limits).toEqual({
      bytesPerBlock: 512,
      transferBlocksMax: 64,
      copyShape: "many-to-one",
      copyBlocksMax: 256,
      copyBlocksHwMax: 256,
      // MSRC 9 is ten ranges.
      copyRangesMax: 10,
      copyRangesHwMax: 10,
      copyRangeBlocksMax: 64,
      copyRangeBlocksHwMax: 64,
      copyCrossDevice: true,
    });
    // Set Features 16h, once.
    expect(sent.filter(({ opcode }) => opcode === 9)).toEqual([{ opcode: 9, cdw10: 0x16 }]);
    const again = await openNvmeController(transport);
    expect(again.crossNamespace).toBe(true);
    expect(sent.filter(({ opcode }) => opcode === 9)).toHaveLength(1);
  });

  it("leaves copies between namespaces alone where it is told to", async () => {
    const { transport, sent } = transportTo(plain);
    const controller = await openNvmeController(transport, { crossNamespace: false });
    expect(controller.namespaces[0].copyFormats).toEqual({ same: 0, cross: undefined });
    expect(sent.filter(({ opcode }) => opcode === 9 || opcode === 10)).toEqual([]);
  });

  it.each([
    ["Set Features", 9],
    ["Get Features", 10],
  ])("does without copies between namespaces where %s is refused", async (_, refused) => {
    const refuse = (opcode: number) => (opcode === refused ? 0x006 : undefined);
    const { transport } = transportTo(plain, { refuse });
    const controller = await openNvmeController(transport);
    expect(controller.crossNamespace).toBe(false);
    expect(controller.namespaces[0].limits.copyCrossDevice).toBe(false);
  });

  it("uses format 1h and 3h, and longer entries, with a 64-bit guard", async () => {
    const { transport } = transportTo({
      namespaces: [
        {
          store: store(),
          metadata: { bytes: 16, protection: 2, guardBits: 64, storageTagBits: 8 },
        },
      ],
      mdts: 1,
    });
    const { namespaces } = await openNvmeController(transport);
    expect(namespaces[0].copyFormats).toEqual({ same: 1, cross: 3 });
    expect(namespaces[0].format.protection).toMatchObject({
      type: 2,
      guardBits: 64,
      storageTagBits: 8,
    });
    expect(namespaces[0].limits.copyRangesMax).toBe(128);
  });

  it("says why a namespace has no copy command", async () => {
    const { transport } = transportTo({ ...plain, commands: { copy: false } });
    const [first] = (await openNvmeController(transport)).namespaces;
    expect(first.copyRefusal).toContain("ONCS bit 8");
    expect(first.limits.copyShape).toBeUndefined();
    const { transport: old } = transportTo({ ...plain, formats: [1] });
    const [none] = (await openNvmeController(old)).namespaces;
    expect(none.copyRefusal).toContain("0h or 2h");
  });

  it("reads lists of more than 1024 namespaces", async () => {
    const pages = [Array.from({ length: 1024 }, (_, i) => i + 1), [1025, 4000]];
    let page = 0;
    const { transport } = transportTo(plain, {
      identify(cns, nsid, data) {
        if (cns === 2) {
          expect(nsid).toBe(page === 0 ? 0 : 1024);
          data.fill(0);
          const view = new DataView(data.buffer);
          pages[page++].forEach((one, i) => {
            view.setUint32(i * 4, one, true);
          });
        }
        if (cns === 0 && nsid !== 1) data.fill(0);
      },
      // Namespaces that the model does not have are refused by it: answer for them.
      refuse: (opcode, cdw10) => (opcode === 6 && (cdw10 & 0xff) === 0 ? 0 : undefined),
    });
    await expect(openNvmeController(transport)).rejects.toMatchObject({
      code: "FERRY_NVME_NO_NAMESPACE",
    });
    expect(page).toBe(2);
  });

  it("lowers limits", async () => {
    const { transport } = transportTo(plain);
    const softLimits = { copyRangesMax: 2 };
    const { namespaces, commandSet } = await openNvmeController(transport, { softLimits });
    expect(namespaces[0].limits.copyRangesMax).toBe(2);
    expect(commandSet.layout.listBytes).toBeLessThan(256);
    await expect(
      openNvmeController(transport, { softLimits: { copyRangesMax: 11 } }),
    ).rejects.toMatchObject({ code: "FERRY_NVME_LIMIT" });
  });

  it("closes its transport", async () => {
    const { transport, closings } = transportTo(plain);
    const controller = await openNvmeController(transport);
    expect(closings()).toBe(0);
    await controller.close();
    expect(closings()).toBe(1);
  });
});

describe("what the controller must not say", () => {
  // [what, CNS, byte, value, rule]. Bytes: NVM Command Set 1.2, Figures 114 and 118.
  it.each<readonly [string, number, number, number, string]>([
    ["LBA format 7 of 1", 0, 26, 7, "flbas-beyond-nlbaf"],
    ["blocks of 2^8 bytes", 0, 130, 8, "lbads-out-of-range"],
    ["blocks of 2^31 bytes", 0, 130, 31, "lbads-out-of-range"],
    ["protection type 5", 0, 29, 5, "dps-reserved"],
    ["protection type 1 without metadata", 0, 29, 1, "protection-format"],
  ])("%s", async (_, cns, byte, value, rule) => {
    const { transport } = transportTo(plain, {
      identify(answered, nsid, data) {
        if (answered === cns && nsid === 40) data[byte] = value;
      },
    });
    await expect(openNvmeController(transport)).rejects.toMatchObject({
      code: "FERRY_NVME_IDENTIFY",
      details: { rule, nsid: 40 },
    });
  });

  it("a size above 2^53-1 blocks, by the codec's own rule", async () => {
    const { transport } = transportTo(plain, {
      identify: (cns, _, data) => cns === 0 && data.fill(0xff, 0, 8),
    });
    await expect(openNvmeController(transport)).rejects.toMatchObject({
      code: "FERRY_NVME_IDENTIFY",
      details: { rule: expect.stringContaining("nsze"), field: "nsze" },
    });
  });

  it("a list of namespaces that does not ascend", async () => {
    const { transport } = transportTo(plain, {
      identify: (cns, _, data) => cns === 2 && data.copyWithin(4, 0, 4),
    });
    await expect(openNvmeController(transport)).rejects.toMatchObject({
      code: "FERRY_NVME_IDENTIFY",
      details: { rule: "namespace-list-order" },
    });
  });

  it("that it has no namespace at all", async () => {
    const { transport } = transportTo(plain, {
      identify: (cns, _, data) => cns === 2 && data.fill(0),
    });
    await expect(openNvmeController(transport)).rejects.toMatchObject({
      code: "FERRY_NVME_NO_NAMESPACE",
    });
  });

  it("no to Identify", async () => {
    const refuse = (opcode: number) => (opcode === 6 ? 0x002 : undefined);
    const { transport } = transportTo(plain, { refuse });
    await expect(openNvmeController(transport)).rejects.toMatchObject({
      code: "FERRY_NVME_REFUSED",
      message: "the controller refused Identify CNS 01h: Invalid Field in Command",
      details: { cns: 1, sct: 0, sc: 2 },
    });
  });

  it("half a completion", async () => {
    const { transport } = transportTo(plain);
    const short: Transport = { ...transport, execute: async () => new Uint8Array(15) };
    await expect(openNvmeController(short)).rejects.toMatchObject({
      code: "FERRY_NVME_COMPLETION",
    });
  });
});

describe("peers", () => {
  // Model numbers as the controllers give them: hw/nvme/ctrl.c of QEMU, lib/nvmf/ctrlr.c of SPDK.
  it.each([
    ["QEMU NVMe Ctrl", "7.2.22", "qemu-7.2"],
    ["QEMU NVMe Ctrl", "10.0.2", "qemu-10"],
    ["SPDK bdev Controller", "26.09", "spdk"],
    ["Linux", "6.12.95-", "standard"],
  ] as const)("%s %s is %s", (mn, fr, name) => {
    expect(recognisePeer({ mn, fr })).toBe(nvmePeers[name]);
  });

  it("are told by the controller, unless they are given", async () => {
    const { transport } = transportTo({
      ...plain,
      modelNumber: "QEMU NVMe Ctrl",
      firmwareRevision: "10.0.2",
    });
    expect((await openNvmeController(transport)).peer.name).toBe("qemu-10");
    expect((await openNvmeController(transport, { peer: "spdk" })).peer.name).toBe("spdk");
    await expect(openNvmeController(transport, { peer: "qemu" as never })).rejects.toThrow(
      "peer must be one of standard, qemu-7.2, qemu-10, spdk, not qemu",
    );
  });
});
