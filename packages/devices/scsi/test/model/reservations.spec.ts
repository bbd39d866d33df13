// PERSISTENT RESERVE IN and OUT, RESERVE(6) (SPC-4 5.13, 6.15, 6.16, table 51; SPC-2).
import { describe, expect, it } from "vitest";
import * as c from "./commands.ts";
import { type Rig, rig } from "./rig.ts";

const A = { initiator: "iqn.2000-01.a" };
const B = { initiator: "iqn.2000-01.b" };
const C = { initiator: "iqn.2000-01.c" };

type Who = typeof A;
const out = (one: Rig, who: Who, action: number, key: number, newKey = 0, type = 0) =>
  one.send(c.reserveOut(action, type), { ...who, out: c.reserveList(key, newKey) });
const register = (one: Rig, who: Who, key: number) => out(one, who, 0, 0, key).status;
const reserve = (one: Rig, who: Who, key: number, type: number) =>
  out(one, who, 1, key, 0, type).status;
const read = (one: Rig, who: Who) => one.send(c.read10(0, 1), { ...who, room: 512 });
const write = (one: Rig, who: Who) =>
  one.send(c.write10(0, 1), { ...who, out: new Uint8Array(512) });
const data = (one: Rig, action: number) => [
  ...one.send(c.reserveIn(action), { ...A, room: 8192 }).data,
];

describe("persistent reservations", () => {
  // Columns: a registered initiator reads, writes; a stranger reads, writes (SPC-4 table 51; 18h = conflict).
  it.each([
    [1, "Write Exclusive", [0, 0x18], [0, 0x18]],
    [3, "Exclusive Access", [0x18, 0x18], [0x18, 0x18]],
    [5, "Write Exclusive, registrants only", [0, 0], [0, 0x18]],
    [6, "Exclusive Access, registrants only", [0, 0], [0x18, 0x18]],
    [7, "Write Exclusive, all registrants", [0, 0], [0, 0x18]],
    [8, "Exclusive Access, all registrants", [0, 0], [0x18, 0x18]],
  ])("type %i, %s", (type, _name, registered, stranger) => {
    const one = rig();
    expect([register(one, A, 1), register(one, B, 2)]).toEqual([0, 0]);
    expect(reserve(one, A, 1, type)).toBe(0);
    expect([read(one, A).status, write(one, A).status]).toEqual([0, 0]);
    expect([read(one, B).status, write(one, B).status]).toEqual(registered);
    expect([read(one, C).status, write(one, C).status]).toEqual(stranger);
    // These never conflict.
    for (const cdb of [
      c.inquiry(),
      c.reportLuns(),
      c.requestSense(),
      c.reserveIn(0),
      c.testUnitReady(),
    ]) {
      expect(one.send(cdb, { ...C, room: 8192 }).status).toBe(0);
    }
  });

  it("are reported: keys, reservation, capabilities, full status", () => {
    const one = rig();
    register(one, A, 0x11);
    register(one, B, 0x22);
    reserve(one, B, 0x22, 5);
    expect(data(one, 0)).toEqual([
      0, 0, 0, 2, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0x11, 0, 0, 0, 0, 0, 0, 0, 0x22,
    ]);
    expect(data(one, 1)).toEqual([
      0, 0, 0, 2, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0x22, 0, 0, 0, 0, 0, 5, 0, 0,
    ]);
    // Length 8; ALL_TG_PT capable; type mask valid: EA 01h, and WE_AR, EA_RO, WE_RO, EA, WE EAh (SPC-4 table 226).
    expect(data(one, 2)).toEqual([0, 8, 0x04, 0x80, 0xea, 0x01, 0, 0]);
    const full = data(one, 3);
    expect(full.slice(0, 8)).toEqual([0, 0, 0, 2, 0, 0, 0, 96]);
    // The second: holder, type, relative port 1, TransportID of iSCSI with the name.
    const second = full.slice(8 + 48);
    expect([second[7], second[12], second[13], second[19], second[24]]).toEqual([0x22, 1, 5, 1, 5]);
    expect(String.fromCharCode(...second.slice(28, 41))).toBe("iqn.2000-01.b");
    expect(one.send(c.reserveIn(9), { ...A, room: 64 }).sense).toBe("5/24/00");
  });

  it("want the right key, scope, type and length", () => {
    const one = rig();
    register(one, A, 1);
    expect(out(one, A, 0, 9, 5).status).toBe(0x18);
    expect(reserve(one, A, 2, 1)).toBe(0x18);
    expect(reserve(one, B, 1, 1)).toBe(0x18);
    expect(out(one, A, 1, 1, 0, 2).sense).toBe("5/24/00");
    expect(out(one, A, 1, 1, 0, 0x11).sense).toBe("5/24/00");
    expect(out(one, A, 9, 1).sense).toBe("5/24/00");
    const short = one.send([0x5f, 0, 0, 0, 0, 0, 0, 0, 23, 0], { ...A, out: new Uint8Array(23) });
    expect(short.sense).toBe("5/1A/00");
    const aptpl = one.send(c.reserveOut(0), { ...A, out: c.reserveList(1, 2, 1) });
    expect(aptpl.sense).toBe("5/26/00");
    const specIPt = one.send(c.reserveOut(0), { ...A, out: c.reserveList(1, 2, 8) });
    expect(specIPt.sense).toBe("5/26/00");
  });

  it("are released by the holder, of the right type", () => {
    const one = rig();
    register(one, A, 1);
    register(one, B, 2);
    reserve(one, A, 1, 5);
    expect(out(one, B, 2, 2, 0, 5).status).toBe(0);
    expect(data(one, 1)[7]).toBe(16);
    expect(out(one, A, 2, 1, 0, 1).sense).toBe("5/26/04");
    expect(out(one, A, 2, 1, 0, 5).status).toBe(0);
    expect(data(one, 1)[7]).toBe(0);
    // RESERVATIONS RELEASED.
    expect(read(one, B).sense).toBe("6/2A/04");
  });

  it("go with the registration of their holder; those of all registrants with the last", () => {
    const one = rig();
    register(one, A, 1);
    register(one, B, 2);
    reserve(one, A, 1, 7);
    expect(out(one, A, 0, 1, 0).status).toBe(0);
    expect(write(one, A).status).toBe(0x18);
    expect(out(one, B, 6, 0, 0).status).toBe(0);
    expect(write(one, A).status).toBe(0);
  });

  it("are preempted by key, and the preempted are told", () => {
    const one = rig();
    register(one, A, 1);
    register(one, B, 2);
    register(one, C, 2);
    reserve(one, B, 2, 3);
    expect(out(one, A, 4, 1, 99, 1).status).toBe(0x18);
    expect(out(one, A, 4, 1, 2, 1).status).toBe(0);
    // REGISTRATIONS PREEMPTED.
    expect([read(one, B).sense, read(one, C).sense]).toEqual(["6/2A/05", "6/2A/05"]);
    expect([write(one, B).status, write(one, A).status]).toEqual([0x18, 0]);
    expect(data(one, 0).slice(4)).toEqual([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(out(one, A, 4, 1, 0, 1).sense).toBe("5/26/00");
  });

  it("PREEMPT AND ABORT ends the copies of the preempted", () => {
    const one = rig({ backgroundBytes: 4096 });
    register(one, A, 1);
    register(one, B, 2);
    const segments = [
      c.blockSegment({ source: 0xffff, destination: 0xffff, blocks: 512, from: 0, to: 1024 }),
    ];
    const list = c.lid4List({ cscds: [], segments, immed: true });
    expect(one.send(c.extendedCopy(list.length, 1), { ...B, out: list }).status).toBe(0);
    expect(one.model.backgroundCopies).toBe(1);
    expect(out(one, A, 5, 1, 2, 1).status).toBe(0);
    expect(one.model.backgroundCopies).toBe(0);
    // COMMANDS CLEARED BY ANOTHER INITIATOR.
    const senses = [read(one, B).sense, read(one, B).sense];
    expect(senses.sort()).toEqual(["6/2A/05", "6/2F/00"]);
  });

  it("are cleared, with all registrations", () => {
    const one = rig();
    register(one, A, 1);
    register(one, B, 2);
    reserve(one, A, 1, 3);
    expect(out(one, B, 3, 2).status).toBe(0);
    expect(read(one, A).sense).toBe("6/2A/03");
    expect(data(one, 0).slice(4)).toEqual([0, 0, 0, 0]);
    expect(write(one, C).status).toBe(0);
  });

  it("are moved to another initiator", () => {
    const one = rig();
    register(one, A, 1);
    reserve(one, A, 1, 3);
    const name = [...Buffer.from(B.initiator), ...new Array(20 - B.initiator.length).fill(0)];
    const transportId = [5, 0, 0, 20, ...name];
    const list = Uint8Array.from([
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0x55,
      0,
      2,
      0,
      1,
      0,
      0,
      0,
      24,
      ...transportId,
    ]);
    const cdb = [0x5f, 7, 3, 0, 0, 0, 0, 0, list.length, 0];
    expect(one.send(cdb, { ...A, out: list }).status).toBe(0);
    expect([write(one, A).status, write(one, B).status]).toEqual([0x18, 0]);
  });
});

describe("RESERVE(6)", () => {
  it("keeps everybody else out, until it is released or the nexus is lost", () => {
    const one = rig();
    expect(one.send([0x16, 0, 0, 0, 0, 0], A).status).toBe(0);
    expect([read(one, B).status, one.send(c.testUnitReady(), B).status]).toEqual([0x18, 0x18]);
    expect(one.send([0x16, 0, 0, 0, 0, 0], B).status).toBe(0x18);
    expect(register(one, B, 1)).toBe(0x18);
    one.send([0x17, 0, 0, 0, 0, 0], B);
    expect(read(one, B).status).toBe(0x18);
    one.send([0x17, 0, 0, 0, 0, 0], A);
    expect(read(one, B).status).toBe(0);
    one.send([0x16, 0, 0, 0, 0, 0], A);
    one.model.nexus(A.initiator).lose();
    expect(read(one, B).status).toBe(0);
  });
});
