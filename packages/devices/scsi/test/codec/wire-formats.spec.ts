import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cdbs,
  copyStatusLid4,
  extendedCopyLid1List,
  scsiStructures,
  senseData,
  vpdThirdPartyCopy,
} from "../../src/codec/index.ts";

// Goal: every decoder takes any bytes without throwing, keeps none of them, and the registry
// explains what it can of them.

const names = Object.keys(scsiStructures);

/** Bytes that look right at the front, so that decoders get further than the first check. */
const likely: Record<string, Uint8Array> = {
  "xcopy-lid1": extendedCopyLid1List.encode({
    cscds: [{ type: 0xe4 }],
    segments: [{ type: 0x0a }],
  }),
  "vpd-8f": vpdThirdPartyCopy.encode({
    descriptors: [{ type: 0x000c, ids: [0xffff] }, { type: 0x0108 }],
  }),
  "copy-status-lid4": copyStatusLid4.encode({ senseData: senseData.encode({ senseKey: 10 }) }),
  sense: senseData.encode({ format: "descriptor", senseKey: 10, copySegment: 1, information: 2 }),
};

const bytesFor = (name: string): fc.Arbitrary<Uint8Array> => {
  const random = fc.uint8Array({ maxLength: 600 });
  const first = likely[name];
  if (first === undefined) return random;
  const change = fc.tuple(fc.nat(first.length - 1), fc.nat(255));
  const mutated = fc.array(change, { maxLength: 4 }).map((changes) => {
    const bytes = first.slice();
    for (const [at, value] of changes) bytes[at] = value;
    return bytes;
  });
  return fc.oneof(random, mutated);
};

describe.each(names)("%s", (name) => {
  const format = scsiStructures[name];
  it("says what it is", () => {
    expect(format.title).not.toBe("");
    expect(format.source).toMatch(/^(SPC|SBC|SAM)-\d/);
  });
  it("any bytes give a value, a need or a named rule, and an explanation", () => {
    fc.assert(
      fc.property(bytesFor(name), fc.boolean(), (bytes, lenient) => {
        const decoded = format.decode(bytes, { lenient });
        if (!decoded.ok && decoded.need !== undefined) expect(decoded.need).toBeGreaterThan(0);
        else if (!decoded.ok) expect(decoded.violated).not.toBe("");
        for (const one of format.annotate(bytes)) expect(one.byte).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });
  it("explains what is missing of too few bytes", () => {
    const explained = format.annotate(new Uint8Array(1));
    expect(explained.some((one) => one.violated !== undefined)).toBe(true);
  });
  it("keeps no reference to the bytes", () => {
    fc.assert(
      fc.property(bytesFor(name), (bytes) => {
        const decoded = format.decode(bytes, { lenient: true });
        const before = JSON.stringify(decoded, replacer);
        bytes.fill(0xa5);
        expect(JSON.stringify(decoded, replacer)).toBe(before);
      }),
      { numRuns: 10 },
    );
  });
});

function replacer(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array ? [...value] : value;
}

it("says that bytes follow", () => {
  const long = new Uint8Array(20);
  long.set(extendedCopyLid1List.encode({}));
  expect(scsiStructures["xcopy-lid1"].annotate(long).at(-1)).toMatchObject({
    field: "excess",
    byte: 16,
    violated: "EXTENDED COPY(LID1) parameter list: must be 16 bytes long, not 20",
  });
  expect(scsiStructures["read-capacity-10"].annotate(long).at(-1)?.field).toBe("excess");
  expect(scsiStructures["read-capacity-10"].decode(long).ok).toBe(false);
  expect(scsiStructures["scsi-cdb"].decode(cdbs["read-10"].encode({})).ok).toBe(true);
});

it("knows VPD pages by their code", () => {
  expect(scsiStructures.vpd.decode(vpdThirdPartyCopy.encode({})).ok).toBe(true);
  expect(scsiStructures.vpd.decode(Uint8Array.of(0, 0x99, 0, 0))).toMatchObject({
    ok: false,
    violated: "VPD page: page code 99h is not known",
  });
  expect(scsiStructures.vpd.decode(Uint8Array.of(0))).toEqual({ ok: false, need: 3 });
});
