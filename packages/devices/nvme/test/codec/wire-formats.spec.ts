import { fromHex } from "@blockferry/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyCommand, encodeSourceRanges, nvmeStructures } from "../../src/codec/index.ts";

// Goal: whatever bytes somebody has at hand, there is a name under which they are explained.

const names = Object.keys(nvmeStructures);

describe("every wire format", () => {
  it.each(names)("%s explains any bytes, and never throws", (name) => {
    const format = nvmeStructures[name];
    const most = Math.min(format.size ?? 40, 256) + 8;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: most }), (bytes) => {
        const decoded = format.decode(bytes);
        const broken = format.annotate(bytes).filter((one) => one.violated !== undefined);
        if (decoded.ok) expect(broken).toEqual([]);
        if (!decoded.ok) expect(broken.length).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
  it.each(names.filter((name) => nvmeStructures[name].size !== undefined))(
    "%s accounts for every byte",
    (name) => {
      const { size = 0, annotate } = nvmeStructures[name];
      const touched = new Uint8Array(size);
      for (const one of annotate(new Uint8Array(size))) {
        touched.fill(1, one.byte, one.byte + one.hex.length / 2);
      }
      expect(touched.every((byte) => byte === 1)).toBe(true);
    },
  );
  it("tells title and source", () => {
    for (const { title, source } of Object.values(nvmeStructures)) {
      expect(title).toMatch(/^[A-Z]/);
      expect(source).toMatch(/^NVM (Express Base 2.2|Command Set 1.2),/);
    }
  });
});

describe("submission queue entries", () => {
  const copy = copyCommand.encode({ nr: 1, sdlba: 8 });
  it("are read by their opcode", () => {
    expect(nvmeStructures["nvme-sqe"].decode(copy)).toMatchObject({ value: { sdlba: 8 } });
    const flush = new Uint8Array(64);
    expect(nvmeStructures["nvme-sqe"].decode(flush)).toMatchObject({ value: { opc: 0 } });
  });
  it("opcode 09h is Dataset Management among I/O commands, Set Features among admin commands", () => {
    const bytes = new Uint8Array(64);
    bytes[0] = 9;
    expect(nvmeStructures["nvme-sqe"].decode(bytes)).toMatchObject({ value: { nr: 1 } });
    expect(nvmeStructures["nvme-admin-sqe"].decode(bytes)).toMatchObject({ value: { fid: 0 } });
  });
  it("of unknown opcodes are read as dwords", () => {
    const bytes = new Uint8Array(64);
    bytes[0] = 0x7d;
    bytes[40] = 5;
    expect(nvmeStructures["nvme-sqe"].decode(bytes)).toMatchObject({
      value: { opc: 0x7d, cdw10: 5 },
    });
  });
  it("must be 64 bytes", () => {
    const long = new Uint8Array(65);
    long.set(copy);
    expect(nvmeStructures["nvme-sqe"].decode(long)).toMatchObject({
      violated: "Copy command: must be 64 bytes long, not 65",
    });
    expect(nvmeStructures["nvme-sqe"].annotate(long).at(-1)).toMatchObject({
      field: "excess",
      hex: "00",
      violated: "Copy command: must be 64 bytes long, not 65",
    });
    expect(nvmeStructures["nvme-copy"].decode(copy.subarray(0, 60))).toEqual({
      ok: false,
      need: 4,
    });
  });
});

describe("completions", () => {
  it("name the status by type and code", () => {
    const cqe = fromHex("00000000 00000000 00000000 0000 0e83");
    const annotations = nvmeStructures["nvme-cqe"].annotate(cqe);
    expect(annotations.find((one) => one.field === "sct")).toMatchObject({
      value: 1,
      label: "Command Specific Status",
    });
    expect(annotations.find((one) => one.field === "sc")).toMatchObject({
      value: 0x87,
      label: "Overlapping I/O Range",
    });
  });
});

describe("source range entries", () => {
  const range = { snsid: 7, slba: 5, nlb: 9, elbt: 0x0102n };
  const find = (bytes: Uint8Array, field: string, options = {}) =>
    nvmeStructures["nvme-ranges"].annotate(bytes, options).find((one) => one.field === field);

  it("are numbered, in the format that their bytes show", () => {
    const bytes = encodeSourceRanges(3, [range, range]);
    expect(find(bytes, "[1].slba")).toMatchObject({ value: 5, byte: 48, at: "bytes 15:08" });
    expect(find(bytes, "[1].snsid")).toMatchObject({ value: 7 });
    expect(find(bytes, "[0].elbt")).toMatchObject({ value: 0x0102 });
  });
  it("show tags as the peer reads them", () => {
    const bytes = encodeSourceRanges(2, [range], { tagByteOrder: "nvme-cli-3.0-rc1" });
    expect(find(bytes, "[0].elbt")).toMatchObject({ value: 0x02010000 });
    const options = { tagByteOrder: "nvme-cli-3.0-rc1" };
    expect(find(bytes, "[0].elbt", options)).toMatchObject({ value: 0x0102 });
  });
  it("flag tag bytes that the peer does not read", () => {
    const bytes = encodeSourceRanges(3, [{ ...range, elbt: 1n }], {
      tagByteOrder: "standard",
    });
    expect(find(bytes, "[0].elbt")?.violated).toMatch(/tag byte order leaves zero/);
    expect(find(bytes, "[0].elbt", { tagByteOrder: "standard" })).toMatchObject({
      value: 1,
    });
    expect(find(bytes, "[0].elbt", { tagByteOrder: "standard" })?.violated).toBeUndefined();
  });
  it("take a format", () => {
    const bytes = encodeSourceRanges(0, [{ nlb: 1 }]);
    expect(find(bytes, "[0].snsid")).toBeUndefined();
    expect(find(bytes, "[0].snsid", { format: 2 })).toMatchObject({ value: 0 });
    expect(() => find(bytes, "[0].snsid", { format: 4 })).toThrow(/format 4h is not supported/);
  });
});
