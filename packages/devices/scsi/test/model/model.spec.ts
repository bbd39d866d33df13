// The model as an object: what it is made of, who sees what, and what becomes of it.
import { memoryStore } from "@blockferry/store-memory";
import { describe, expect, it } from "vitest";
import { type ScsiModelOptions, scsiModel } from "../../src/model/index.ts";
import * as c from "./commands.ts";
import { rig } from "./rig.ts";

const store = () => memoryStore({ bytes: 65_536 });

describe("scsiModel", () => {
  it("is a device model", () => {
    const model = scsiModel({ units: [{ store: store() }], name: "disk" });
    expect([model.name, model.family, model.completionBytes]).toEqual(["disk", "scsi", 264]);
    expect(model.nexus("a")).toBe(model.nexus("a"));
    expect(model.nexus("a").initiator).toBe("a");
  });

  const wrong: readonly (readonly [string, Partial<ScsiModelOptions>, RegExp])[] = [
    ["no units", { units: [] }, /at least one unit/],
    [
      "a LUN twice",
      {
        units: [
          { store: store(), lun: 3 },
          { store: store(), lun: 3 },
        ],
      },
      /LUN 3/,
    ],
    ["a LUN of 16384", { units: [{ store: store(), lun: 16_384 }] }, /lun must be/],
    [
      "blocks of 520 bytes",
      { units: [{ store: store(), bytesPerBlock: 520 as 512 }] },
      /512 or 4096/,
    ],
    [
      "a store of half a block",
      { units: [{ store: memoryStore({ bytes: 700 }) }] },
      /whole number/,
    ],
    ["a NAA of 4 bytes", { units: [{ store: store(), naa: "30000000" }] }, /naa must be/],
    [
      "a serial number of control characters",
      { units: [{ store: store(), serial: "\n" }] },
      /serial must/,
    ],
    [
      "an EUI-64 of 7 bytes",
      { units: [{ store: store(), eui64: new Uint8Array(7) }] },
      /eui64 must/,
    ],
    ["a profile that is none", { profile: "iet" as "lio" }, /ideal, lio, scst, ctl/],
    [
      "a map of a unit that is not there",
      { initiators: [{ name: "a", luns: [9] }] },
      /no unit of LUN 9/,
    ],
    [
      "a unit mapped twice",
      { initiators: [{ name: "a", luns: [0, { lun: 0, as: 1 }] }] },
      /mapped twice/,
    ],
    ["an initiator without a name", { initiators: [{ name: "", luns: [0] }] }, /cannot be called/],
    ["a limit below nothing", { copyManager: { cscdDescriptorsMax: -1 } }, /cscdDescriptorsMax/],
    ["background copies of no bytes", { backgroundBytes: 0 }, /backgroundBytes/],
    ["a fault at half a block", { faults: [{ kind: "write-fault", lba: 0.5 }] }, /lba/],
  ];

  it.each(wrong)("refuses %s", (_name, options, message) => {
    expect(() => scsiModel({ units: [{ store: store() }], ...options })).toThrow(RangeError);
    expect(() => scsiModel({ units: [{ store: store() }], ...options })).toThrow(message);
  });

  it("numbers its units, and answers under the LUN alone", () => {
    const one = rig({ units: [{ lun: 4 }, {}, { lun: 9 }] });
    const { data } = one.send(c.reportLuns(), { room: 64 });
    expect([data[3], data[9], data[17], data[25]]).toEqual([24, 4, 5, 9]);
    expect(one.send(c.testUnitReady(), { lun: 4 }).status).toBe(0);
    expect(one.send(c.testUnitReady(), { lun: 0 }).sense).toBe("5/25/00");
  });

  it("tells its initiators of a reset, once each", () => {
    const one = rig();
    one.model.nexus("a");
    one.model.nexus("b");
    one.model.reset();
    for (const initiator of ["a", "b"]) {
      expect(one.send(c.inquiry(), { initiator, room: 36 }).status).toBe(0);
      expect(one.send(c.testUnitReady(), { initiator }).sense).toBe("6/29/00");
      expect(one.send(c.testUnitReady(), { initiator }).status).toBe(0);
    }
    // REQUEST SENSE takes it, too.
    one.model.reset();
    expect(one.send(c.requestSense(), { room: 252 }).data[12]).toBe(0x29);
    expect(one.send(c.requestSense(252, 1), { room: 252 }).data[0]).toBe(0x72);
    expect(one.send(c.testUnitReady()).status).toBe(0);
  });

  it("is gone once it is closed, with its stores", () => {
    const one = rig();
    one.model.close();
    expect(one.send(c.testUnitReady()).outcome).toBe("removed");
    expect(() => one.stores[0].read(0, new Uint8Array(1))).toThrow(/closed/);
  });

  it("tells by what means blocks were copied", () => {
    const seen: unknown[] = [];
    const one = rig({ onStoreCopy: (...copy) => seen.push(copy) });
    const copy = (destination: number) => {
      const segments = [c.blockSegment({ source: 0xffff, destination, blocks: 8, from: 0, to: 8 })];
      const naa = one.send(c.vitalPage(0x83), { lun: 1, room: 64 }).data.slice(8, 16);
      const out = c.lid1List({ cscds: [c.naaCscd(naa)], segments });
      expect(one.send(c.extendedCopy(out.length), { out }).sense).toBe("");
    };
    copy(0xffff);
    copy(0);
    expect(seen).toEqual([
      ["memory", 4096, 0, 0],
      ["read-write", 4096, 0, 1],
    ]);
  });

  it("makes tokens of the random bytes that it is given", () => {
    const token = (fill: number): Uint8Array => {
      const one = rig({ random: (target) => target.fill(fill) });
      const out = c.populateList({ ranges: [[0, 1]] });
      one.send(c.tokenCommand(0x10, 1, out.length), { out });
      return one.send(c.receiveCopy(7, 1), { room: 1024 }).data.slice(38);
    };
    expect(token(0x5a).subarray(200, 512)).toEqual(new Uint8Array(312).fill(0x5a));
    expect(token(1).subarray(0, 16)).not.toEqual(token(2).subarray(0, 16));
  });
});

describe("REPORT SUPPORTED OPERATION CODES", () => {
  const question = (options: number, code = 0, action = 0): number[] => [
    0xa3,
    0x0c,
    options,
    code,
    0,
    action,
    0,
    0,
    0x10,
    0,
    0,
    0,
  ];

  it("lists commands that are carried out, and no others", () => {
    for (const profile of ["ideal", "ctl", "scst"] as const) {
      const one = rig({ profile });
      const { data } = one.send(question(0), { room: 4096 });
      expect(data.length).toBeGreaterThan(100);
      for (let at = 4; at < data.length; at += 8) {
        const hasAction = (data[at + 5] & 1) === 1;
        const cdb = new Array(data[at + 7]).fill(0);
        cdb[0] = data[at];
        if (hasAction) cdb[1] = data[at + 3];
        // REPORT LUNS and RSOC itself want other fields; none says that it does not exist.
        expect(one.send(cdb, { room: 64 }).sense).not.toBe("5/20/00");
      }
    }
  });

  it("tells of one command which bits count (SPC-4 6.35.3)", () => {
    const one = rig();
    const usage = (options: number, code: number, action = 0) =>
      Buffer.from(one.send(question(options, code, action), { room: 64 }).data).toString("hex");
    // READ(10): RDPROTECT, DPO, FUA, RARC; LBA; group; length.
    expect(usage(1, 0x28)).toBe("0003000a28fcffffffff1fffff00");
    expect(usage(2, 0x83, 0x10)).toBe(
      "000300108310000000 00ffffffffffffffff1f00".replace(/ /g, ""),
    );
    expect(usage(1, 0xc1)).toBe("00010000");
    expect(usage(3, 0x83, 0x1f)).toBe("00010000");
    expect(one.send(question(1, 0x83), { room: 64 }).sense).toBe("5/24/00");
    expect(one.send(question(2, 0x28), { room: 64 }).sense).toBe("5/24/00");
    expect(one.send(question(4), { room: 64 }).sense).toBe("5/24/00");
  });
});
