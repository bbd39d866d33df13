// Goal: device URIs come apart as RFC 3986 has them, and every bad parameter is refused by name before anything is opened.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prepareAtaModel } from "../src/device/ata-model.ts";
import { prepareNvmeModel } from "../src/device/nvme-model.ts";
import { prepareScsiModel } from "../src/device/scsi-model.ts";
import { parseDeviceUri } from "../src/parse/device-uri.ts";

describe("parseDeviceUri", () => {
  it("takes scheme, path and parameters apart and decodes them", () => {
    expect(
      parseDeviceUri("nvme-model:my%20disk.img?mssrl=128&fault=busy&fault=a%26b"),
    ).toMatchObject({
      scheme: "nvme-model",
      path: "my disk.img",
      parameters: [
        ["mssrl", "128"],
        ["fault", "busy"],
        ["fault", "a&b"],
      ],
    });
    expect(parseDeviceUri("nvme-model:?size=1GiB")).toMatchObject({ path: "" });
    expect(parseDeviceUri("nvme-model:/a/b+c=d&e.img")).toMatchObject({ path: "/a/b+c=d&e.img" });
  });

  it.each([
    "disk.img",
    "/home/disk.img",
    "",
    ":x",
    "nvme-model:x?mssrl",
    "nvme-model:x?=1",
    "nvme-model:%zz",
  ])("refuses %j", (text) => {
    expect(() => parseDeviceUri(text)).toThrow(
      expect.objectContaining({ code: "FERRY_URI_SYNTAX" }),
    );
  });

  it("gives back every path and value that was encoded", () => {
    const word = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(word, word, word, (path, name, value) => {
        const [p, n, v] = [path, name, value].map(encodeURIComponent);
        expect(parseDeviceUri(`s:${p}?${n}=${v}`)).toMatchObject({
          path,
          parameters: [[name, value]],
        });
      }),
    );
  });
});

describe("parameters of emulated devices", () => {
  const schemes = {
    "nvme-model": prepareNvmeModel,
    "scsi-model": prepareScsiModel,
    "ata-model": prepareAtaModel,
  };
  const prepare = (text: string) => {
    const uri = parseDeviceUri(text);
    return schemes[uri.scheme as keyof typeof schemes](uri);
  };

  it("tell the block size before anything is opened", () => {
    expect(prepare("nvme-model:x").bytesPerBlock).toBe(512);
    expect(prepare("nvme-model:x?bs=4096").bytesPerBlock).toBe(4096);
  });

  it.each([
    ["nvme-model:x?msrl=1", "mssrl"],
    ["nvme-model:x?mssrl=0", "whole number from 1 to 65535"],
    ["nvme-model:x?mssrl=65536", "whole number from 1 to 65535"],
    ["nvme-model:x?mssrl=-1", "whole number"],
    ["nvme-model:x?mssrl=1.5", "whole number"],
    ["nvme-model:x?mcl=0", "whole number from 1 to 4294967295"],
    ["nvme-model:x?mcl=4294967296", "whole number"],
    ["nvme-model:x?msrc=256", "whole number from 0 to 255"],
    ["nvme-model:x?bs=500", "one of 512"],
    ["nvme-model:x?bs=131072", "one of 512"],
    ["nvme-model:x?peer=quemu", "one of ideal"],
    ["nvme-model:x?depth=0", "whole number"],
    ["nvme-model:x?mssrl=1&mssrl=2", "twice"],
    ["nvme-model:", "neither an image nor a size"],
    ["nvme-model:?size=0", "at least one block"],
    ["nvme-model:?size=huge", "a size"],
    ["nvme-model:?size=9007199254740991", "at most 2^53-1 bytes"],
    ["nvme-model:x?size=1GiB", "size= is for a device in memory"],
    ["nvme-model:?create=1GiB", "none is named"],
    ["nvme-model:x?fault=unrecoverd-read,at=1", "unrecovered-read"],
    ["nvme-model:x?fault=unrecovered-read", "needs a place"],
    ["nvme-model:x?fault=busy,at=1", 'no "at"'],
    ["nvme-model:x?fault=status", "needs sct and sc"],
    ["nvme-model:x?fault=status,sct=8,sc=1", "whole number from 0 to 7"],
    ["nvme-model:x?fault=busy,times=0", "whole number from 1 on"],
    ["nvme-model:x?fault=busy,times=1,times=2", "times is given twice"],
    ["nvme-model:x?fault=lost-completion,executed=no", "true or false"],
    ["nvme-model:x?ms=0", "whole number from 1 to 65535"],
    ["nvme-model:x?ms=8&pi=4", "one of 1, 2, 3"],
    ["nvme-model:x?ms=8&pi=1&pif=2", "one of 16, 32, 64"],
    ["nvme-model:x?pi=1", "pi= needs blocks with metadata"],
    ["nvme-model:x?meta=y", "meta= needs blocks with metadata"],
    ["nvme-model:x?ms=8&pif=64", "add pi=1"],
    ["nvme-model:x?ms=7&pi=1", "ms=7 has no room for protection information"],
    ["nvme-model:x?ms=8&pi=1&pif=64", "write ms=16"],
    ["nvme-model:x?ms=15&pi=3&pif=32", "write ms=16"],
    ["nvme-model:?size=1MiB&ms=8&meta=y", "meta= is for an image"],
    ["scsi-model:x?fault=busy,opcode=256", "whole number from 0 to 255"],
    ["scsi-model:x?fault=sense,key=16,asc=0", "whole number from 0 to 15"],
    ["scsi-model:x?fault=sense,asc=0x44", "needs key and asc"],
    ["scsi-model:x?fault=underrun", "needs a place"],
    ["scsi-model:x?fault=reset,afterBlocks=1", 'no "afterBlocks"'],
    ["scsi-model:x?fault=interface-crc", 'no kind "interface-crc"'],
    ["ata-model:x?fault=registers,error=256", "whole number from 0 to 255"],
    ["ata-model:x?fault=unrecovered-read,at=1,lun=0", 'no "lun"'],
    ["ata-model:x?fault=busy", 'no kind "busy"'],
    ["ata-model:x?sat=passthrough", "one of off, extended-copy, lid4, token, pass-through"],
    ["ata-model:x?sat=token&translator=libata", "one of standard, libata-6.12"],
    ["ata-model:x?translator=libata-6.12", "add sat=pass-through"],
    ["ata-model:x?sense=descriptor", "add sat=pass-through"],
    ["ata-model:x?sat=pass-through&sense=70h", "one of fixed, descriptor"],
    ["ata-model:x?sat=pass-through&queued=on", "queued=on is not for a disk behind a translator"],
    ["ata-model:x?gathered=p.json&profile=none", "omit one"],
    ["ata-model:x?provisional=send", "add gathered=FILE"],
    ["ata-model:x?gathered=p.json&provisional=yes", "one of send"],
  ])("%s is refused", (text, words) => {
    let said = "";
    try {
      prepare(text);
    } catch (error) {
      const { code, message, hint } = error as { code: string; message: string; hint?: string };
      said = `${code}: ${message} ${hint}`;
    }
    expect(said).toMatch(/^FERRY_URI_PARAMETER: /);
    expect(said).toContain(words);
  });
});
