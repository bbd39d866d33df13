/*
 * Goal: what a target is found to be. Method: emulated targets of all profiles, and scripts of answers, recorded and broken.
 */
import { FerryError } from "@blockferry/core";
import { fromHex } from "@blockferry/core/bytes";
import { memoryStore } from "@blockferry/store-memory";
import { describe, expect, it } from "vitest";
import {
  inquiryCdb,
  reportLunsData,
  standardInquiry,
  vpdDeviceIdentification,
  vpdSupportedPages,
} from "../../src/codec/index.ts";
import { openScsiTarget, scsiProfiles } from "../../src/index.ts";
import { type ScsiModelOptions, scsiModel } from "../../src/model/index.ts";
import { modelTransport, scriptedTransport } from "./model-transport.ts";

const store = (bytes = 1 << 20) => memoryStore({ bytes });

function open(options: Partial<ScsiModelOptions> = {}, more = {}, listBytesMax?: number) {
  const units = [
    { store: store(), serial: "a1" },
    { store: store(), serial: "b2" },
  ];
  return openScsiTarget(modelTransport(scsiModel({ units, ...options }), listBytesMax), more);
}

async function failure(running: Promise<unknown>): Promise<FerryError> {
  const error = await running.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof FerryError) return error;
  throw error;
}

describe("emulated targets", () => {
  it.each([
    // LIO 6.1's operating parameters, recorded: 2 CSCD descriptors, 1 segment, 256 MiB, granularity 2^9, SNLID.
    ["lio", "lio", "extended-copy", { copyRangesMax: 1, copyRangeBlocksMax: 65535 }, 1],
    // 64 KiB granularity: 65535 blocks are cut to a multiple of 128.
    ["scst", "scst", "extended-copy", { copyRangesMax: 286, copyRangeBlocksMax: 65408 }, 64],
    ["ctl", "ctl", "extended-copy", { copyRangesMax: 9, copyRangeBlocksMax: 65535 }, 255],
    ["ideal", "standard", "extended-copy", { copyRangesMax: 256, copyRangeBlocksMax: 65535 }, 64],
  ] as const)("%s", async (profile, name, copy, limits, copiesMax) => {
    const target = await open({ profile });
    expect(target.profile.name).toBe(name);
    expect(target.copy).toBe(copy);
    expect(target.copiesMax).toBe(copiesMax);
    expect(target.units.map(({ lun, serial, copyRefusal }) => [lun, serial, copyRefusal])).toEqual([
      [0, "a1", undefined],
      [1, "b2", undefined],
    ]);
    expect(target.units[0].limits).toMatchObject({
      ...limits,
      copyShape: "pairs",
      copyCrossDevice: true,
    });
  });

  it("tell of tokens where they have them, and why not where they do not", async () => {
    const ctl = await open({ profile: "ctl" }, { copy: "token" });
    expect(ctl.units[0].limits).toMatchObject({ copyShape: "token", copyRangesMax: 64 });
    expect(ctl.commandSet.name).toBe("token-copy");
    const lio = await open({ profile: "lio" }, { copy: "token" });
    expect(lio.units[0].limits.copyShape).toBeUndefined();
    expect(lio.units[0].copyRefusal).toMatch(/does not tell of POPULATE TOKEN/);
  });

  it("are asked as another initiator would ask them", async () => {
    const vaai = await open({}, { profile: "vmware-vaai" });
    expect(vaai.units[0].limits).toMatchObject({ copyRangesMax: 1, copyRangeBlocksMax: 8192 });
    const odx = await open({}, { profile: "windows-odx", copy: "token" });
    // 131072 blocks is what the model calls optimal.
    expect(odx.units[0].limits).toMatchObject({ copyBlocksMax: 131_072, copyRangesMax: 64 });
    const none = { tokens: { transferBlocksOptimal: 0 } };
    const bare = await open(none, { profile: "windows-odx", copy: "token" });
    expect(bare.units[0].limits.copyBlocksMax).toBe((64 * 1024 * 1024) / 512);
    await expect(open({}, { profile: "unheard-of" })).rejects.toThrow(RangeError);
  });

  it("are bounded by what the transport carries and by what the administrator lowers", async () => {
    // 16 bytes of head, 2 CSCD descriptors of 32, then segments of 28.
    const narrow = await open({}, {}, 16 + 64 + 3 * 28 + 5);
    expect(narrow.units[0].limits.copyRangesMax).toBe(3);
    const tight = await open({}, {}, 100);
    expect(tight.units[0].copyRefusal).toMatch(/no segment fits/);
    const soft = await open({}, { softLimits: { copyRangeBlocksMax: 100 } });
    expect(soft.units[0].limits).toMatchObject({
      copyRangeBlocksMax: 100,
      copyRangeBlocksHwMax: 65535,
    });
    const wrong = await failure(open({}, { softLimits: { copyRangesMax: 257 } }));
    expect(wrong).toMatchObject({ code: "FERRY_SCSI_LIMIT", details: { hardware: 256 } });
  });

  it("are understood where a translator cuts READ CAPACITY(16) off behind the block length", async () => {
    /** Says that so few bytes came, as libata of Linux 6.12 does: 16 of 32, by SG_IO's resid. */
    const cutOff = (bytes: number) => {
      const whole = modelTransport(scsiModel({ units: [{ store: store() }] }));
      return {
        ...whole,
        async execute(...[command, options]: Parameters<typeof whole.execute>) {
          const completion = await whole.execute(command, options);
          if (command[8] !== 0x9e) return completion;
          options?.dataIn?.fill(0xee, bytes);
          new DataView(completion.buffer).setUint32(4, bytes);
          return completion;
        },
      };
    };
    const { units } = await openScsiTarget(cutOff(16));
    expect(units[0]).toMatchObject({ capacityBlocks: 2048, bytesPerBlock: 512 });
    const error = await failure(openScsiTarget(cutOff(8)));
    expect(error.code).toBe("FERRY_SCSI_DATA");
  });

  it("are refused where two units have one designator", async () => {
    // LIO makes NAA designators from the first 25 hexadecimal digits of a serial number.
    const digits = "0123456789abcdef012345678";
    const units = [`${digits}1`, `${digits}2`].map((serial) => ({ store: store(), serial }));
    const options = { profile: "lio", units, duplicateDesignators: "ambiguous" } as const;
    const error = await failure(open(options));
    expect(error.code).toBe("FERRY_SCSI_DUPLICATE_DESIGNATOR");
    expect(error.details).toMatchObject({ luns: [0, 1] });
    expect(error.message).toContain("6001405");
    const one = await openScsiTarget(modelTransport(scsiModel(options)), { luns: [1] });
    expect(one.units).toHaveLength(1);
  });

  it("say what is read-only, and skip what has no medium", async () => {
    const units = [
      { store: store(), readonly: true },
      { store: store(), removable: true },
      { store: store(1 << 16), lun: 700, bytesPerBlock: 4096 as const },
    ];
    const model = scsiModel({ units });
    model.eject(1);
    const target = await openScsiTarget(modelTransport(model));
    expect(target.units.map((one) => [one.lun, one.readonly, one.capacityBlocks])).toEqual([
      [0, true, 2048],
      [700, false, 16],
    ]);
    expect(target.skipped).toEqual([
      { lun: 1, reason: expect.stringContaining("MEDIUM NOT PRESENT") },
    ]);
  });

  it("may be busy and have much to tell before they answer", async () => {
    const units = [{ store: store() }];
    const model = scsiModel({
      units,
      faults: [
        { kind: "busy", after: 1, times: 3 },
        { kind: "sense", key: 0x6, asc: 0x3f, ascq: 0x0e, after: 6, times: 4 },
      ],
    });
    expect((await openScsiTarget(modelTransport(model))).units).toHaveLength(1);
  });
});

describe("answers that are wrong", () => {
  const inquiry = standardInquiry.encode({
    version: 6,
    responseDataFormat: 2,
    thirdPartyCopy: true,
    vendor: "LIO-ORG",
    product: "FILEIO",
    revision: "4.0",
  });
  const naa = fromHex("6001405f0102030405060708090a0b0c");
  const pages: Record<number, Uint8Array> = {
    0: vpdSupportedPages.encode({ pages: [0x00, 0x83] }),
    131: vpdDeviceIdentification.encode({
      designators: [{ codeSet: 1, designatorType: 3, designator: naa }],
    }),
  };
  const invalidOpcode = { sense: "700005000000000a00000000200000000000" };
  const answers: Record<number, (cdb: Uint8Array) => Uint8Array | { sense: string }> = {
    0: () => new Uint8Array(0),
    18: (cdb) => {
      const { evpd, pageCode } = decoded(cdb);
      return evpd ? (pages[pageCode] ?? invalidOpcode) : inquiry;
    },
    158: () => fromHex(`00000000000007ff00000200${"00".repeat(20)}`),
    // LIO 6.1, recorded.
    132: () =>
      fromHex(`0000002a01000000000200010000040010000000${"00".repeat(14)}0001010909090000000202e4`),
    160: () => reportLunsData.encode({ luns: [new Uint8Array(8)] }),
  };
  const decoded = (cdb: Uint8Array) => {
    const value = inquiryCdb.decode(cdb, 0, { lenient: true });
    if (!value.ok) throw new Error("no INQUIRY");
    return value.value;
  };

  function script(more: typeof answers = {}) {
    const all = { ...answers, ...more };
    return openScsiTarget(scriptedTransport((_lun, cdb) => all[cdb[0]]?.(cdb) ?? invalidOpcode));
  }

  it("are none in what Linux answers", async () => {
    const target = await script();
    expect(target.profile).toBe(scsiProfiles.lio);
    expect(target.units[0]).toMatchObject({
      capacityBlocks: 2048,
      bytesPerBlock: 512,
      copyRefusal: undefined,
      extendedCopy: { cscdsMax: 2, segmentType: 0x02, listIdNone: true },
    });
  });

  it.each<[string, string, RegExp, typeof answers]>([
    ["INQUIRY refused", "FERRY_SCSI_REFUSED", /refused INQUIRY/, { 18: () => invalidOpcode }],
    ["INQUIRY cut off", "FERRY_SCSI_DATA", /INQUIRY/, { 18: () => new Uint8Array(4) }],
    [
      "a last address above 2^53",
      "FERRY_SCSI_DATA",
      /above 2\^53/,
      {
        158: () => fromHex(`00ffffffffffffff00000200${"00".repeat(20)}`),
      },
    ],
    [
      "blocks without bytes",
      "FERRY_SCSI_DATA",
      /no bytes/,
      {
        158: () => fromHex(`00000000000007ff00000000${"00".repeat(20)}`),
      },
    ],
    [
      "another kind of device",
      "FERRY_SCSI_NO_UNIT",
      /no disk \(device type 05h\)/,
      {
        18: () => Uint8Array.of(5, ...inquiry.subarray(1)),
      },
    ],
    [
      "no such unit",
      "FERRY_SCSI_NO_UNIT",
      /no such unit/,
      {
        18: () => Uint8Array.of(0x7f, ...inquiry.subarray(1)),
      },
    ],
    [
      "operating parameters cut off",
      "FERRY_SCSI_DATA",
      /OPERATING PARAMETERS/,
      {
        132: () => new Uint8Array(10),
      },
    ],
  ])("%s", async (_what, code, message, more) => {
    const error = await failure(script(more));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it("leave a unit without copies where its copy manager does not say what it can do", async () => {
    const target = await script({ 132: () => invalidOpcode });
    expect(target.units[0].limits.copyShape).toBeUndefined();
    expect(target.units[0].copyRefusal).toMatch(/does not say what it can do/);
  });

  it("leave a unit without EXTENDED COPY where nothing can name it", async () => {
    const target = await script({
      18: (cdb) => {
        const { evpd, pageCode } = decoded(cdb);
        if (!evpd) return inquiry;
        return pageCode === 0 ? vpdSupportedPages.encode({ pages: [0x00] }) : invalidOpcode;
      },
    });
    expect(target.units[0].copyRefusal).toMatch(/no designator/);
  });

  it("take READ CAPACITY(10) where there is no other", async () => {
    const target = await script({
      158: () => invalidOpcode,
      37: () => fromHex("000003ff00000200"),
    });
    expect(target.units[0].capacityBlocks).toBe(1024);
  });

  it("are refused where a completion is none", async () => {
    const transport = scriptedTransport(() => new Uint8Array(0));
    const error = await failure(
      openScsiTarget({ ...transport, execute: async () => new Uint8Array(3) }),
    );
    expect(error.code).toBe("FERRY_SCSI_COMPLETION");
  });
});
