// What Linux' target (LIO 6.1, FILEIO backstore of 256 MiB, serial 02345678-aaaa-bbbb-cccc-…) answered to libiscsi, read
// off the wire; here its profile answers the same.
import { fromHex } from "@blockferry/core/bytes";
import { memoryStore } from "@blockferry/store-memory";
import { describe, expect, it } from "vitest";
import { type Rig, rig } from "./rig.ts";

const target = (): Rig =>
  rig({
    profile: "lio",
    units: [
      {
        store: memoryStore({ bytes: 256 * 1_048_576 }),
        serial: "02345678-aaaa-bbbb-cccc-000000000000",
      },
    ],
  });

/** CDB, room, and the bytes that came back. */
const answers: readonly (readonly [name: string, cdb: string, room: number, data: string])[] = [
  [
    "READ CAPACITY(16)",
    "9e100000000000000000000000200000",
    32,
    "000000000007ffff000002000000800000000000000000000000000000000000",
  ],
  [
    "INQUIRY",
    "120000006000",
    96,
    "000006025bb810024c494f2d4f52472046494c45494f20202020202020202020342e30200000000000000000000000000000000000000000" +
      "000000a00960046004c0000000000000000000000000000000000000000000000000000000000000",
  ],
  [
    "Block Limits",
    "1201b0004000",
    64,
    "00b0003c010100010000400000004000000000000000200000000001000000010000000000000000000010000000000000000000000000000000000000000000",
  ],
  ["Block Device Characteristics", "1201b100ff00", 255, `00b1003c${"00".repeat(60)}`],
  ["Logical Block Provisioning", "1201b2004000", 64, "00b2000400e00000"],
  [
    "MODE SENSE(6), no block descriptor",
    "1a083f00ff00",
    255,
    "3b000000010a00000000000000000000081200000000000000000000200000000000000" +
      "00a0a021000400000ffff001e1c0a00000000000000000000",
  ],
  [
    "MODE SENSE(6)",
    "1a003f00ff00",
    255,
    "430000080007ffff00000200010a000000000000000000000812000000000000000000002000000000000000" +
      "0a0a021000400000ffff001e1c0a00000000000000000000",
  ],
  ["READ CAPACITY(10)", "25000000000000000000", 8, "0007ffff00000200"],
];

/** CDB, data, and the sense data that came back, all 96 bytes of it after its length. */
const refusals: readonly (readonly [name: string, cdb: string, out: string, sense: string])[] = [
  [
    "REPORT SUPPORTED OPERATION CODES",
    "a30c800000000000ffff000000000000",
    "",
    "70000500000000 0a 00000000 2000",
  ],
  [
    "EXTENDED COPY, CSCD list cut off",
    "83000000000000000000 0000002f 0000",
    "01000020000000000000001c00000000e400000001030010600140502345678aaaabbbbcccc0000000000000000002",
    "70000500000000 0a 00000000 1a00",
  ],
  [
    "EXTENDED COPY, segment cut off",
    "83000000000000000000 0000004b 0000",
    "01000020000000000000001c00000000e400000001030010600140502345678aaaabbbbcccc000000000000000000200" +
      "0200001800000000000008000000000000000000000000000007f8",
    "70000500000000 0a 00000000 1a00",
  ],
];

describe("profile lio, against what LIO answered", () => {
  it.each(answers)("%s", (_name, cdb, room, data) => {
    const { send } = target();
    const answer = send(fromHex(cdb), { room });
    expect(answer.sense).toBe("");
    expect(Buffer.from(answer.data).toString("hex")).toBe(data);
  });

  it.each(refusals)("%s", (_name, cdb, out, sense) => {
    const { send } = target();
    const data = fromHex(out);
    const answer = send(fromHex(cdb), data.length > 0 ? { out: data } : { room: 65_535 });
    expect(answer.status).toBe(2);
    const expected = Buffer.alloc(96);
    expected.set(fromHex(sense));
    expect(Buffer.from(answer.senseBytes).toString("hex")).toBe(expected.toString("hex"));
  });

  it("EXTENDED COPY without a list is no error", () => {
    const { send } = target();
    expect(send(fromHex("83000000000000000000000000000000")).status).toBe(0);
  });

  it("PERSISTENT RESERVE IN, no keys (generation aside)", () => {
    const { send } = target();
    const { data } = send(fromHex("5e000000000000400000"), { room: 16_384 });
    expect(Buffer.from(data.subarray(4)).toString("hex")).toBe("00000000");
  });

  it("lists the VPD pages that LIO lists, but Extended INQUIRY Data (86h) and Referrals (B3h)", () => {
    const { send } = target();
    const { data } = send(fromHex("120100004000"), { room: 64 });
    const lio = [...fromHex("0000000800808386b0b1b2b3")].slice(4);
    expect([...data.subarray(4)]).toEqual(lio.filter((page) => page !== 0x86 && page !== 0xb3));
  });

  it("names its unit as LIO does", () => {
    const { send } = target();
    const { data } = send(fromHex("12018300ac00"), { room: 172 });
    // The first two designation descriptors: NAA 6h, and T10 of 34h bytes.
    expect(Buffer.from(data.subarray(4, 64)).toString("hex")).toBe(
      "01030010600140502345678aaaabbbbcccc00000020100344c494f2d4f52472046494c45494f3a30323334353637382d616161612d626262622d6363",
    );
  });

  it("reports the operating parameters as measured", () => {
    const { send } = target();
    const { data } = send(fromHex("84030000000000000000000000ff0000"), { room: 255 });
    expect(Buffer.from(data).toString("hex")).toBe(
      "0000002a0100000000020001000004001000000000000000000000000000000000000001010909090000000202e4",
    );
  });
});
