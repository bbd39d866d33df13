import type { AnyStructure } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import {
  identifyController,
  identifyControllerNvm,
  identifyNamespace,
  identifyNamespaceNvm,
  namespaceList,
} from "../../src/codec/index.ts";
import {
  controllerBytes,
  controllerNvmPrinted,
  controllerPrinted,
  extendedFormatsPrinted,
  formatsPrinted,
  namespaceBytes,
  namespaceNvmPrinted,
  namespacePrinted,
} from "./recorded/identify.ts";
import { controllerOffsets, namespaceOffsets } from "./recorded/offsets.ts";

// Goal: every field of the identify data is where, and what, nvme-cli and libnvme say.

/** Values whose form differs from nvme-cli's: counts it leaves 0's based, bits it leaves together. */
function asPrinted(structure: AnyStructure, value: object): Map<string, unknown> {
  const printed = new Map<string, unknown>();
  for (const [name, one] of Object.entries(value)) {
    const { kind } = structure.fields.find((field) => field.name === name)!;
    if (kind === "zeroBased") printed.set(name, one - 1);
    else if (kind === "bitset")
      printed.set(
        name,
        one.reduce((sum: number, bit: number) => sum + 2 ** bit, 0),
      );
    else printed.set(name, one);
  }
  return printed;
}

function decode(structure: AnyStructure, bytes: Uint8Array): Map<string, unknown> {
  const decoded = structure.decode(bytes);
  if (!decoded.ok) throw new Error(decoded.violated);
  return asPrinted(structure, decoded.value);
}

const hex = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString("hex");
const bits = (all: Map<string, unknown>, names: readonly (string | [string, number])[]): number => {
  let value = 0;
  let shift = 0;
  for (const entry of names) {
    const [name, width] = typeof entry === "string" ? [entry, 1] : entry;
    value += Number(all.get(name) ?? 0) * 2 ** shift;
    shift += width;
  }
  return value;
};

describe("Identify Controller", () => {
  const all = decode(identifyController, controllerBytes());
  const apart = new Set(["sqes", "cqes", "oncs", "fuses", "vwc", "fguid", "mn"]);
  it.each(Object.entries(controllerPrinted).filter(([name]) => !apart.has(name)))(
    "%s is %s, as nvme-cli prints it",
    (name, printed) => {
      expect(all.get(name)).toBe(printed);
    },
  );
  it("fields that are taken apart here are together there", () => {
    const { sqes, cqes, oncs, fuses, vwc, fguid, mn } = controllerPrinted;
    expect(
      bits(all, [
        ["sqesmin", 4],
        ["sqesmax", 4],
      ]),
    ).toBe(sqes);
    expect(
      bits(all, [
        ["cqesmin", 4],
        ["cqesmax", 4],
      ]),
    ).toBe(cqes);
    const names = [
      "nvmcmps",
      "nvmwusv",
      "nvmdsmsv",
      "nvmwzsv",
      "ssfs",
      "reservs",
      "tss",
      "nvmvfys",
      "nvmcpys",
      "nvmcsa",
      "nvmafc",
      "maxwzd",
      "nszs",
    ];
    expect(bits(all, names)).toBe(oncs % 2 ** 13);
    expect(bits(all, ["fcws"])).toBe(fuses % 2);
    expect(bits(all, ["vwcp", ["fb", 2]])).toBe(vwc % 8);
    expect(hex(all.get("fguid"))).toBe(fguid.replaceAll("-", ""));
    expect(all.get("mn")).toBe(mn.trimEnd());
  });
  it.each(controllerOffsets.filter(([name]) => !apart.has(name) || name === "fguid"))(
    "%s is at %i, %i bytes long, as in libnvme",
    (name, byte, bytes) => {
      expect(identifyController.field(name as "vid")).toMatchObject({ byte, bytes });
    },
  );
  it("MN is at 24, ONCS at 520 (bytes 521:520), as in libnvme", () => {
    expect(identifyController.offsetOf("mn")).toBe(24);
    expect(identifyController.offsetOf("nvmcmps")).toBe(520);
    expect(identifyController.field("nvmcpys")).toMatchObject({ byte: 521, bits: 1, shift: 8 });
  });
  it("round trip of what the table knows", () => {
    const decoded = identifyController.decode(controllerBytes());
    if (!decoded.ok) throw new Error(decoded.violated);
    const again = identifyController.decode(identifyController.encode(decoded.value));
    expect(again).toEqual(decoded);
  });
  it("refuses an NQN that is no text, unless lenient", () => {
    const bytes = controllerBytes();
    bytes[770] = 0x80;
    expect(identifyController.decode(bytes)).toMatchObject({ ok: false, field: "subnqn" });
    expect(identifyController.decode(bytes, 0, { lenient: true }).ok).toBe(true);
  });
});

describe("Identify Namespace", () => {
  const all = decode(identifyNamespace, namespaceBytes());
  const apart = new Set(["nsfeat", "flbas", "mc", "dpc", "dps", "dlfeat", "nguid", "eui64"]);
  it.each(Object.entries(namespacePrinted).filter(([name]) => !apart.has(name)))(
    "%s is %s, as nvme-cli prints it",
    (name, printed) => {
      expect(all.get(name)).toBe(printed);
    },
  );
  it("fields that are taken apart here are together there", () => {
    const { nsfeat, flbas, mc, dpc, dps, dlfeat, nguid, eui64 } = namespacePrinted;
    const features = ["thinp", "nsabp", "dae", "uidreuse", ["optperf", 2], "mam", "optrperf"];
    expect(bits(all, features as [string, number][])).toBe(nsfeat);
    expect(bits(all, [["fidxl", 4], "mtelba", ["fidxu", 2]])).toBe(flbas % 128);
    expect(bits(all, ["mtelbas", "mtsbs"])).toBe(mc % 4);
    expect(bits(all, ["pit1s", "pit2s", "pit3s", "piifb", "piilb"])).toBe(dpc % 32);
    expect(bits(all, [["pit", 3], "pip"])).toBe(dps % 16);
    expect(bits(all, [["drb", 3], "wzds", "gds"])).toBe(dlfeat % 32);
    expect(hex(all.get("nguid"))).toBe(nguid);
    expect(hex(all.get("eui64"))).toBe(eui64);
  });
  it("64 LBA formats", () => {
    // nvme-cli prints the whole last byte as rp; the standard defines bits 1:0 of it.
    const printed = formatsPrinted.map(([ms, ds, rp]) => ({ ms, lbads: ds, rp: rp % 4 }));
    expect(all.get("lbaf")).toEqual(printed);
  });
  it.each(namespaceOffsets)("%s is at %i, %i bytes long, as in libnvme", (name, byte, bytes) => {
    expect(identifyNamespace.field(name as "nsze")).toMatchObject({ byte, bytes });
  });
  it("refuses to round a size above 2^53-1", () => {
    const bytes = namespaceBytes();
    bytes[7] = 1;
    expect(identifyNamespace.decode(bytes)).toEqual({
      ok: false,
      violated: "Identify Namespace: nsze (bytes 07:00) is above 2^53-1",
      field: "nsze",
    });
  });
});

describe("Identify data of the NVM command set", () => {
  it("namespace", () => {
    const all = decode(identifyNamespaceNvm, namespaceBytes());
    expect(all.get("lbstm")).toBe(namespaceNvmPrinted.lbstm);
    expect(bits(all, ["pists16b", "pistm16b", "stcrs", "qpifs"])).toBe(
      namespaceNvmPrinted.pic % 16,
    );
    const formats = (all.get("elbaf") as { sts: number; pif: number }[]).map((f) => [f.sts, f.pif]);
    expect(formats).toEqual(extendedFormatsPrinted);
  });
  it("controller", () => {
    const all = decode(identifyControllerNvm, namespaceBytes());
    expect(Object.fromEntries(all)).toEqual({
      ...controllerNvmPrinted,
      dmsl: BigInt(controllerNvmPrinted.dmsl),
    });
  });
  it("namespace list", () => {
    // The first numbers of `nvme list-ns -o json` for the same bytes.
    const all = decode(namespaceList, namespaceBytes());
    const [first, second, third, fourth] = all.get("nsids") as number[];
    expect([first, second, third, fourth]).toEqual([
      2052403211,
      50335,
      2 ** 32 - 1568843725,
      60615,
    ]);
    expect((all.get("nsids") as number[]).length).toBe(1024);
  });
});
