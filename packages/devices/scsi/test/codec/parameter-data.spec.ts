import { fromHex, toHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cachingModePage,
  controlModePage,
  encodeLun,
  lbaStatusData,
  type ModePageInput,
  modeData6,
  modeData10,
  readCapacity10Data,
  readCapacity16Data,
  registerAndMoveList,
  reportLunsData,
  reservationCapabilities,
  reservationFullStatus,
  reservationHeld,
  reservationKeys,
  reservationOutList,
  scsiStructures,
  supportedOperationCode,
  supportedOperationCodes,
  unmapList,
  writeScatteredList,
} from "../../src/codec/index.ts";
import { anyValueOf } from "./arbitrary-values.ts";
import { ask, has, reason, spaced } from "./referee.ts";

// Goal: what devices answer to the commands around copying, and what those commands carry.

describe("what LIO of Linux 6.1 answered", () => {
  it("READ CAPACITY(16)", () => {
    const hex = `000000000007ffff0000020000008000${"00".repeat(16)}`;
    const decoded = readCapacity16Data.decode(fromHex(hex));
    expect(decoded).toMatchObject({
      ok: true,
      value: { lastLba: 524287, blockLength: 512, lbpme: true, lbprz: false, protEn: false },
    });
    if (decoded.ok) expect(toHex(readCapacity16Data.encode(decoded.value))).toBe(hex);
  });
  it("READ CAPACITY(10)", () => {
    const decoded = readCapacity10Data.decode(fromHex("0007ffff00000200"));
    expect(decoded).toMatchObject({ ok: true, value: { lastLba: 524287, blockLength: 512 } });
  });
  it("MODE SENSE(6) with a block descriptor", () => {
    const hex =
      "430000080007ffff00000200010a000000000000000000000812000000000000000000002000000000000000" +
      "0a0a021000400000ffff001e1c0a00000000000000000000";
    const decoded = modeData6.decode(fromHex(hex), { exact: true });
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        wp: false,
        dpofua: false,
        blockDescriptors: [{ blocks: 524287, blockLength: 512 }],
        pages: [
          { pageCode: "other", code: 1, subpageCode: 0 },
          { pageCode: 0x08, wce: false, rcd: false, dra: true },
          {
            pageCode: 0x0a,
            gltsd: true,
            dSense: false,
            queueAlgorithmModifier: 1,
            tas: true,
            swp: false,
            busyTimeoutPeriod: 0xffff,
            extendedSelfTestCompletionTime: 30,
          },
          { pageCode: "other", code: 0x1c },
        ],
      },
    });
    if (decoded.ok) expect(toHex(modeData6.encode(decoded.value))).toBe(hex);
  });
  it("PERSISTENT RESERVE IN, READ KEYS", () => {
    const decoded = reservationKeys.decode(fromHex("0000002300000000"), { exact: true });
    expect(decoded).toEqual({ ok: true, value: { prGeneration: 0x23, keys: [] } });
  });
});

describe("mode data", () => {
  it("of 10 bytes, with a long block descriptor", () => {
    const bytes = modeData10.encode({
      wp: true,
      dpofua: true,
      longLba: true,
      blockDescriptors: [{ blocks: 2 ** 33, blockLength: 4096 }],
      pages: [{ pageCode: 0x08, wce: true }],
    });
    expect(toHex(bytes)).toBe(
      `002a00900100001000000002000000000000000000001000081204${"00".repeat(17)}`,
    );
    const decoded = modeData10.decode(bytes, { exact: true });
    expect(decoded).toMatchObject({ ok: true, value: { blockDescriptors: [{ blocks: 2 ** 33 }] } });
    const field = scsiStructures["mode-sense-10"]
      .annotate(bytes)
      .find((one) => one.field === "blockDescriptors[0].blocks");
    expect(field).toMatchObject({ byte: 8, value: 2 ** 33 });
  });
  it("any pages come back", () => {
    const other = fc.record({
      pageCode: fc.constant("other" as const),
      ps: fc.boolean(),
      code: fc.constantFrom(1, 2, 0x1c, 0x3f),
      subpageCode: fc.nat(255),
      parameters: fc.uint8Array({ maxLength: 30 }),
    });
    const page = fc.oneof(
      anyValueOf(cachingModePage),
      anyValueOf(controlModePage),
      other,
    ) as fc.Arbitrary<ModePageInput>;
    fc.assert(
      fc.property(fc.array(page, { maxLength: 4 }), (pages) => {
        const decoded = modeData10.decode(modeData10.encode({ pages }), { exact: true });
        expect(decoded).toMatchObject({ ok: true, value: { pages } });
      }),
    );
  });
  it("a known page of another length is not taken apart", () => {
    const decoded = modeData6.decode(fromHex("09000000080400000000"), { exact: false });
    expect(decoded).toMatchObject({ ok: true, value: { pages: [{ pageCode: "other", code: 8 }] } });
  });
});

describe("lists of blocks", () => {
  it("UNMAP, as sg_unmap 1.46 sends it for --lba=0x123456789a,0x55 --num=0x10,0x20", () => {
    const hex =
      "0026002000000000000000123456789a00000010000000000000000000000055" + "0000002000000000";
    const ranges = [
      { lba: 0x123456789a, blocks: 0x10 },
      { lba: 0x55, blocks: 0x20 },
    ];
    expect(toHex(unmapList.encode({ ranges }))).toBe(hex);
    expect(unmapList.decode(fromHex(hex), { exact: true })).toEqual({
      ok: true,
      value: { ranges },
    });
  });
  it("WRITE SCATTERED, as sg_write_x 1.46 sends it", () => {
    const hex =
      `${"00".repeat(32)}000000000000001000000002${"00".repeat(20)}` +
      `000000123456789000000003${"00".repeat(20)}`;
    const ranges = [
      { lba: 0x10, blocks: 2 },
      { lba: 0x1234567890, blocks: 3 },
    ];
    expect(toHex(writeScatteredList.encode({ ranges }))).toBe(hex);
    expect(writeScatteredList.decode(fromHex(hex))).toEqual({ ok: true, value: { ranges } });
  });
  const statuses = [
    { lba: 0x1000, blocks: 0x20, provisioningStatus: 1 },
    { lba: 0x1020, blocks: 0x40, provisioningStatus: 2 },
  ];
  it("GET LBA STATUS", () => {
    const bytes = lbaStatusData.encode({ statuses });
    expect(toHex(bytes)).toBe(
      "00000024000000000000000000001000000000200100000000000000000010200000004002000000",
    );
    expect(lbaStatusData.decode(bytes, { exact: true })).toEqual({ ok: true, value: { statuses } });
  });
  it.skipIf(!has("sg_get_lba_status"))(
    `GET LBA STATUS as sg_get_lba_status reads it${reason("sg_get_lba_status")}`,
    () => {
      const said = ask(
        "sg_get_lba_status",
        ["--inhex=-", "--maxlen=64"],
        spaced(lbaStatusData.encode({ statuses })),
      );
      expect(said).toMatch(/LBA: 0x0*1000\s+blocks:\s+32\s+deallocated/);
      expect(said).toMatch(/LBA: 0x0*1020\s+blocks:\s+64\s+anchored/);
    },
  );
});

describe("REPORT LUNS", () => {
  it("lists units of one level (SAM-5 4.7.7)", () => {
    const luns = [encodeLun(0), encodeLun(1), encodeLun(300)];
    const bytes = reportLunsData.encode({ luns });
    expect(toHex(bytes)).toBe(
      "0000001800000000" + "0000000000000000" + "0001000000000000" + "412c000000000000",
    );
    expect(reportLunsData.decode(bytes, { exact: true })).toEqual({ ok: true, value: { luns } });
    const values = scsiStructures["report-luns"].annotate(bytes).map((one) => one.value);
    expect(values).toContain(300);
  });
  it("refuses what is no LUN", () => {
    expect(() => reportLunsData.encode({ luns: [new Uint8Array(7)] })).toThrow(RangeError);
    expect(reportLunsData.decode(fromHex("00000004000000000001"))).toEqual({ ok: false, need: 2 });
    expect(
      reportLunsData.decode(fromHex("0000000400000000 00010000".replace(" ", ""))),
    ).toMatchObject({
      ok: false,
      field: "luns[0]",
      byte: 8,
    });
  });
});

describe("REPORT SUPPORTED OPERATION CODES", () => {
  const timeouts = { commandSpecific: 1, nominalTimeout: 2, recommendedTimeout: 3 };
  it("of all commands", () => {
    const commands = [
      { operationCode: 0x00, cdbLength: 6 },
      { operationCode: 0x83, serviceAction: 0x10, servactv: true, cdbLength: 16, timeouts },
    ];
    const bytes = supportedOperationCodes.encode({ commands });
    expect(toHex(bytes)).toBe(
      "0000001c" + "0000000000000006" + "8300001000030010" + "000a00010000000200000003",
    );
    expect(supportedOperationCodes.decode(bytes, { exact: true })).toMatchObject({
      ok: true,
      value: {
        commands: [
          { ctdp: false, timeouts: undefined },
          { ctdp: true, timeouts },
        ],
      },
    });
  });
  it("of one command", () => {
    const value = { support: 3, cdbUsage: fromHex("83100000000000000000ffffffff1f00") };
    const bytes = supportedOperationCode.encode(value);
    expect(toHex(bytes)).toBe("0003001083100000000000000000ffffffff1f00");
    expect(supportedOperationCode.decode(bytes, { exact: true })).toEqual({
      ok: true,
      value: { ...value, timeouts: undefined },
    });
    const timed = supportedOperationCode.encode({ ...value, timeouts });
    expect(timed[1]).toBe(0x83);
    expect(supportedOperationCode.decode(timed, { exact: true })).toMatchObject({
      value: { timeouts },
    });
    expect(supportedOperationCode.decode(timed.subarray(0, 20)).ok).toBe(false);
    expect(
      supportedOperationCode.decode(Uint8Array.of(...bytes, 0), { exact: true }),
    ).toMatchObject({
      ok: false,
      byte: 20,
    });
  });
});

describe("persistent reservations", () => {
  it("PERSISTENT RESERVE OUT, as sg_persist 1.46 sends it", () => {
    const value = { key: 0x1122334455667788n, serviceActionKey: 0x99aabbccddeeff00n };
    const bytes = reservationOutList.encode({ ...value, allTgPt: true, aptpl: true });
    expect(toHex(bytes)).toBe("112233445566778899aabbccddeeff000000000005000000");
  });
  it("REGISTER AND MOVE, as sg_persist 1.46 sends it", () => {
    const transportId = fromHex("0500001469716e2e61".padEnd(48, "0"));
    const bytes = registerAndMoveList.encode({
      key: 0x11n,
      serviceActionKey: 0x99n,
      unreg: true,
      relativeTargetPortIdentifier: 0x0203,
      transportId,
    });
    expect(toHex(bytes.subarray(0, 24))).toBe("000000000000001100000000000000990002020300000018");
    expect(registerAndMoveList.decode(bytes, { exact: true })).toMatchObject({
      value: { transportId },
    });
  });
  it("PERSISTENT RESERVE IN", () => {
    const keys = reservationKeys.encode({ prGeneration: 1, keys: [{ key: 2n }, { key: 3n }] });
    expect(toHex(keys)).toBe("000000010000001000000000000000020000000000000003");
    const held = reservationHeld.encode({
      prGeneration: 1,
      reservations: [{ key: 2n, scope: 0, type: 5 }],
    });
    expect(toHex(held)).toBe("00000001000000100000000000000002000000000005" + "0000");
    expect(reservationHeld.decode(fromHex("0000000100000000"))).toMatchObject({
      value: { reservations: [] },
    });
    // TMV, PTPL_C, types 1, 3, 5, 6, 7 and 8: bits 9, 11, 13, 14, 15 and 0 (SPC-4 6.15.4).
    const able = reservationCapabilities.encode({
      ptplC: true,
      tmv: true,
      typeMask: [0, 9, 11, 13, 14, 15],
    });
    expect(toHex(able)).toBe("00080180ea010000");
    const registrations = [
      {
        key: 7n,
        rHolder: true,
        type: 1,
        relativeTargetPortIdentifier: 2,
        transportId: fromHex("05000000"),
      },
    ];
    const full = reservationFullStatus.encode({ registrations });
    expect(toHex(full)).toBe(
      "000000000000001c" +
        "0000000000000007" +
        "00000000" +
        "0101" +
        "00000000" +
        "0002" +
        "00000004" +
        "05000000",
    );
    expect(reservationFullStatus.decode(full, { exact: true })).toMatchObject({
      value: { registrations },
    });
  });
});
