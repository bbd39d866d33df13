// Whatever bytes come, the model answers: it never throws, and its answers are well formed.
import { fromHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scsiCommands } from "../../src/codec/index.ts";
import type { ProfileName } from "../../src/model/index.ts";
import * as c from "./commands.ts";
import { type Rig, rig } from "./rig.ts";

const NAA_0 = fromHex("3111111111111111");
const NAA_1 = fromHex("3222222222222222");
const profileNames: readonly ProfileName[] = ["ideal", "lio", "scst", "ctl"];
const rigs = (): Rig[] =>
  profileNames.map((profile) =>
    rig({
      profile,
      unitBytes: 65_536,
      units: [{ naa: NAA_0 }, { naa: NAA_1, bytesPerBlock: 4096, removable: true }],
    }),
  );

const STATUSES = [0x00, 0x02, 0x08, 0x18, 0x28, 0x40];

function check(
  one: Rig,
  cdb: Uint8Array,
  out: Uint8Array | undefined,
  lun: number,
  room: number,
): void {
  const answer = one.send(cdb, { lun, room, ...(out === undefined ? {} : { out }) });
  expect(STATUSES).toContain(answer.status);
  expect(answer.senseBytes.length > 0).toBe(answer.status === 2);
  expect(answer.moved).toBeLessThanOrEqual(Math.max(room, out?.length ?? 0));
}

/** Bytes of a list with some of them changed. */
const broken = (list: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array => {
  const copy = list.slice();
  for (const [at, value] of changes) copy[at % copy.length] = value;
  return copy;
};

const changes = fc.array(fc.tuple(fc.nat(4095), fc.nat(255)), { minLength: 1, maxLength: 4 });

describe("any bytes", () => {
  it("as CDB and data", () => {
    const all = rigs();
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.option(fc.uint8Array({ maxLength: 200 }), { nil: undefined }),
        fc.nat(2),
        fc.nat(1024),
        (cdb, out, lun, room) => {
          for (const one of all) check(one, cdb, out, lun, room);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("behind the operation codes that there are", () => {
    const all = rigs();
    const known = fc.constantFrom(...scsiCommands);
    fc.assert(
      fc.property(
        known,
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.option(fc.uint8Array({ maxLength: 1200 }), { nil: undefined }),
        fc.boolean(),
        (info, rest, out, isSmall) => {
          const cdb = rest.slice();
          cdb[0] = info.operationCode;
          if (info.serviceAction !== undefined) cdb[1] = info.serviceAction;
          // Small numbers, so that more than addresses is looked at; no NACA.
          if (isSmall) for (let at = 2; at < 15; at += 1) cdb[at] &= at % 4 === 1 ? 0x1f : 0;
          cdb[info.cdb.size - 1] &= 0xfb;
          for (const one of all) check(one, cdb, out, cdb[15] % 2, 700);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it.each([
    ["EXTENDED COPY(LID1)", 0],
    ["EXTENDED COPY(LID4)", 1],
  ])("in a list of %s", (_name, action) => {
    const all = rigs();
    const token = c.zeroToken();
    const list = (action === 0 ? c.lid1List : c.lid4List)({
      cscds: [
        c.naaCscd(NAA_0),
        c.naaCscd(NAA_1),
        c.rodCscd({ rodType: 0x0080_0000, flags: 2 }),
        c.rodCscd({ rodType: 0 }),
      ],
      segments: [
        c.blockSegment({ destination: 1, blocks: 8, from: 0, to: 2 }),
        c.offsetSegment({ destination: 1, bytes: 600, from: 1, to: 1, toOffset: 3 }),
        c.verifySegment(0, 1),
        c.registerSegment(0, 0, 0),
        c.rodRangesSegment(0, 2, [
          [0, 4],
          [9, 1],
        ]),
        c.rodRangeSegment(0, 2, 20, 4),
        c.blockSegment({ source: 3, destination: 0, blocks: 1, from: 0, to: 100 }),
      ],
      inline: token,
    });
    fc.assert(
      fc.property(changes, fc.nat(list.length), (some, cut) => {
        const out = broken(list, some).subarray(0, cut % 3 === 0 ? cut : list.length);
        const cdb = Uint8Array.from(c.extendedCopy(list.length, action));
        for (const one of all) check(one, cdb, out, 0, 0);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([0x10, 0x11])("in a list of service action %i", (action) => {
    const all = rigs();
    const list =
      action === 0x10
        ? c.populateList({
            ranges: [
              [0, 4],
              [10, 2],
            ],
            rodType: 0x0080_0000,
          })
        : c.writeTokenList(c.zeroToken(), {
            ranges: [
              [0, 4],
              [10, 2],
            ],
          });
    fc.assert(
      fc.property(changes, fc.nat(list.length), (some, cut) => {
        const out = broken(list, some).subarray(0, cut % 3 === 0 ? cut : list.length);
        const cdb = Uint8Array.from(c.tokenCommand(action, cut, out.length));
        for (const one of all) check(one, cdb, out, 0, 0);
      }),
      { numRuns: 3000 },
    );
  });

  it("too few or too many for a command", () => {
    const one = rig();
    const completion = new Uint8Array(one.model.completionBytes);
    for (const length of [0, 1, 8, 13, 41, 100]) {
      const outcome = one.model.execute(
        "io",
        new Uint8Array(length),
        undefined,
        undefined,
        completion,
      );
      expect([outcome, completion[0], completion[12 + 12]]).toEqual(["completed", 2, 0x24]);
    }
    expect(() =>
      one.model.execute("io", new Uint8Array(24), undefined, undefined, new Uint8Array(263)),
    ).toThrow(RangeError);
  });

  it("as a logical unit number", () => {
    const one = rig();
    const completion = new Uint8Array(one.model.completionBytes);
    const luns = [
      "0000010000000000",
      "c101000000000000",
      "8000000000000000",
      "4001000000000000",
      "0001000000000000",
    ];
    const senses = luns.map((lun) => {
      const command = Uint8Array.of(...fromHex(lun), 0, 0, 0, 0, 0, 0);
      one.model.execute("io", command, undefined, undefined, completion);
      return completion[12 + 12];
    });
    // Two levels, a well-known unit and a bus are not there; flat and peripheral addressing of LUN 1 are.
    expect(senses).toEqual([0x25, 0x25, 0x25, 0, 0]);
  });
});
