import { toHex } from "@blockferry/core/bytes";
import { describe, expect, it } from "vitest";
import { type NvmeCommandSetOptions, nvmeCommandSet } from "../../src/index.ts";
import { copyCommands, namespace, queue, type Source } from "./queue.ts";

// Goal: commands are the bytes that another implementation sends for the same request.
// Method: each hex below is what nvme-cli 2.3 (Debian 12) handed to ioctl() for the command line beside it. Linux fills in
// CID, PSDT and DPTR later, so that they are left out of the comparison; nvme-cli leaves the reserved first eight bytes of
// an entry as it finds them in memory, and they are shown as zero.

interface Vector {
  readonly line: string;
  readonly shape: Parameters<typeof namespace>[0];
  readonly options: NvmeCommandSetOptions;
  readonly sources: readonly Source[];
  readonly destination: number;
  readonly command: string;
  readonly list: string;
}

const vectors: readonly Vector[] = [
  {
    line:
      "copy -n 7 --sdlba=0x123456789ab --slbs=0x100000000,8192,5 --blocks=63,127,65535 " +
      "--force-unit-access --limited-retry --dir-type=1 --dir-spec=0x1234",
    shape: { nsid: 7, rangeBlocks: 65536 },
    options: {
      forceUnitAccess: true,
      limitedRetry: true,
      directive: { type: 1, specific: 0x1234 },
    },
    sources: [
      { lba: 0x1_0000_0000, blocks: 64 },
      { lba: 8192, blocks: 128 },
      { lba: 5, blocks: 65536 },
    ],
    destination: 0x123_4567_89ab,
    command: "ab89674523010000020010c0000034120000000000000000",
    list:
      "000000000000000000000000010000003f000000000000000000000000000000" +
      "000000000000000000200000000000007f000000000000000000000000000000" +
      "00000000000000000500000000000000ffff0000000000000000000000000000",
  },
  {
    line:
      "copy -n 7 --sdlba=65536 --slbs=0,8192 --blocks=127,63 --prinfor=13 --prinfow=8 --ref-tag=65536 " +
      "--expected-ref-tags=0,8192 --expected-app-tags=0x1111,0x1111 " +
      "--expected-app-tag-masks=0xff00,0xff00 --app-tag=0xabcd --app-tag-mask=0xf0ff",
    shape: { nsid: 7, protection: { type: 1 } },
    options: {
      // This version has ELBAT and ELBATM the wrong way round.
      tagByteOrder: "nvme-cli-2.3",
      protection: {
        source: { applicationTag: 0x1111, applicationTagMask: 0xff00 },
        destination: { applicationTag: 0xabcd, applicationTagMask: 0xf0ff },
      },
    },
    sources: [
      { lba: 0, blocks: 128 },
      { lba: 8192, blocks: 64 },
    ],
    destination: 65536,
    command: "000001000000000001d000200000000000000100cdabfff0",
    list:
      "000000000000000000000000000000007f000000000000000000000000ff1111" +
      "000000000000000000200000000000003f000000000000000020000000ff1111",
  },
];

/** Dwords of a command by number, as hex. */
function dwords(command: Uint8Array, first: number, last: number): string {
  return toHex(command.slice(first * 4, (last + 1) * 4));
}

describe("Copy, byte for byte as nvme-cli 2.3", () => {
  it.each(vectors)("$line", ({ shape, options, sources, destination, command, list }) => {
    const [sent] = copyCommands(queue([namespace(shape)], options), 0, sources, destination);
    expect(sent.command[0]).toBe(0x19);
    expect(dwords(sent.command, 1, 5)).toBe(`07000000${"00".repeat(16)}`);
    expect(dwords(sent.command, 10, 15)).toBe(command);
    expect(toHex(sent.list)).toBe(list);
  });

  it("points to the list by a transport SGL of its length", () => {
    // NVM Express Base 2.2, Figure 92 (PSDT 01b in byte 1) and section 4.3.2 (type 5h, subtype Ah).
    const sources = [0, 100, 200].map((lba) => ({ lba, blocks: 1 }));
    const [sent] = copyCommands(queue([namespace()]), 0, sources, 1000);
    expect(sent.command[1]).toBe(0x40);
    expect(dwords(sent.command, 6, 9)).toBe("0000000000000000600000000000005a");
  });
});

describe("Read, Write and Flush, as nvme-cli 2.3", () => {
  const { memory, encoder } = queue([namespace({ nsid: 7 })], {
    forceUnitAccess: true,
    limitedRetry: true,
    directive: { type: 1, specific: 0x1234 },
  });
  const sent = (): Uint8Array => memory.commandBytes[0];

  it("write -n 7 -s 0x100000005 -c 7 -f -l -T 1 -S 0x1234", () => {
    encoder.write(0, 0, 5, 1, 8);
    expect([sent()[0], dwords(sent(), 1, 5)]).toEqual([1, `07000000${"00".repeat(16)}`]);
    expect(dwords(sent(), 10, 15)).toBe("0500000001000000070010c0000034120000000000000000");
    expect(dwords(sent(), 8, 9)).toBe("001000000000005a");
  });

  it("read -n 7 -s 0x100000005 -c 7 -l -p 9 -r 5 -a 0x1234 -m 0xff", () => {
    const protection = {
      source: {
        check: { referenceTag: true },
        applicationTag: 0x1234,
        applicationTagMask: 0xff,
      },
    };
    const options = { limitedRetry: true, protection };
    const { memory: own, encoder: reader } = queue(
      [namespace({ nsid: 7, protection: { type: 1 } })],
      options,
    );
    reader.read(0, 0, 5, 1, 8);
    const command = own.commandBytes[0];
    expect(command[0]).toBe(2);
    // Recorded with -f as well, which is bit 30 of CDW12 and which reads of ours never ask for: e4 there, a4 here.
    expect(dwords(command, 10, 15)).toBe("0500000001000000070000a400000000050000003412ff00");
  });

  it("flush -n 7", () => {
    encoder.flush(0, 0);
    expect(toHex(sent().slice(4))).toBe(`07000000${"00".repeat(56)}`);
    expect([sent()[0], sent()[1]]).toEqual([0, 0]);
  });
});

describe("a slot used again", () => {
  const plain = namespace({ nsid: 1, cross: 2 });
  const other = namespace({ nsid: 2, cross: 2 });
  const tagged = namespace({ nsid: 3, protection: { type: 1, guardBits: 64 }, same: 1 });

  it("has no trace of the command before", () => {
    const requests: readonly (readonly [number, readonly Source[]])[] = [
      [0, [{ lba: 1, blocks: 2 }]],
      [
        0,
        [
          { device: 1, lba: 5, blocks: 2 },
          { lba: 9, blocks: 1 },
        ],
      ],
      [
        2,
        [
          { device: 2, lba: 7, blocks: 3 },
          { device: 2, lba: 3, blocks: 3 },
        ],
      ],
      [1, [{ device: 1, lba: 8, blocks: 65535 }]],
      [0, [{ lba: 1, blocks: 2 }]],
    ];
    const used = queue([plain, other, tagged], {}, 1);
    for (const [device, sources] of requests) {
      used.encoder.write(0, 2, -1, -1, 65536);
      const [again] = copyCommands(used, device, sources, 0x7777);
      const fresh = queue([plain, other, tagged], {}, 1);
      const [first] = copyCommands(fresh, device, sources, 0x7777);
      expect(toHex(again.list)).toBe(toHex(first.list));
      expect(dwords(again.command, 1, 15)).toBe(dwords(first.command, 1, 15));
    }
  });

  it("is understood after its memory is put back to an earlier state", () => {
    const used = queue([plain, other], {}, 1);
    const before = [used.memory.commands.slice(), used.memory.lists.slice()];
    const sources = [{ device: 1, lba: 5, blocks: 2 }];
    const [first] = copyCommands(used, 0, sources, 64);
    used.memory.commands.set(before[0]);
    used.memory.lists.set(before[1]);
    used.memory.generation[0] = 0;
    const [again] = copyCommands(used, 0, sources, 64);
    expect(toHex(again.command)).toBe(toHex(first.command));
    expect(toHex(again.list)).toBe(toHex(first.list));
  });
});

describe("options", () => {
  const sources = [{ lba: 1, blocks: 2 }];

  it("fastCopyOnly sets SOPT bit 15 of every entry, in format 2h", () => {
    // NVM Command Set 1.2, Figure 39: SNSID 3:0, SOPT 23:22.
    const own = queue([namespace({ nsid: 9, cross: 2 })], { fastCopyOnly: true });
    const [sent] = copyCommands(own, 0, [...sources, ...sources], 64);
    expect(sent.command[49] & 0x0f).toBe(2);
    const entry = "0900000000000000010000000000000001000000000000800000000000000000";
    expect(toHex(sent.list)).toBe(entry + entry);
  });

  it("fastCopyOnly is refused where there is only format 0h", () => {
    expect(() => queue([namespace()], { fastCopyOnly: true })).toThrow(
      expect.objectContaining({ code: "FERRY_NVME_FAST_COPY" }),
    );
  });

  it.each([
    [
      { directive: { type: 16, specific: 0 } },
      "directive.type must be a whole number from 0 to 15",
    ],
    [{ directive: { type: 1, specific: 65536 } }, "directive.specific"],
    [{ tagByteOrder: "middle" as never }, "no tag byte order is named"],
  ])("%j is refused by name", (options, message) => {
    expect(() => queue([namespace()], options)).toThrow(message);
  });

  it("listBytesMax is 32 to 10240", () => {
    expect(() => nvmeCommandSet({ listBytesMax: 31 })).toThrow(RangeError);
    expect(() => nvmeCommandSet({ listBytesMax: 10241 })).toThrow(RangeError);
    expect(nvmeCommandSet({ listBytesMax: 32 }).layout.listBytes).toBeGreaterThanOrEqual(32);
  });

  it("a namespace whose lists are longer than queue memory has room for is not bound", () => {
    expect(() => queue([namespace({ ranges: 5 })], { listBytesMax: 4 * 32 })).toThrow(
      "lists of 160 bytes",
    );
    expect(() => queue([namespace({ ranges: 4 })], { listBytesMax: 4 * 32 })).not.toThrow();
  });

  it("a target of another family is not bound", () => {
    const other = { family: "scsi", capacityBlocks: 1, bytesPerBlock: 512 };
    expect(() => queue([other])).toThrow("a scsi target is no namespace");
  });

  it("reads and writes that would lose metadata are refused", () => {
    const { encoder } = queue([namespace({ metadataBytes: 8 })]);
    expect(() => encoder.read(0, 0, 0, 0, 1)).toThrow(
      expect.objectContaining({ code: "FERRY_NVME_METADATA" }),
    );
    const made = queue([namespace({ protection: { type: 1 } })]);
    expect(() => made.encoder.read(0, 0, 0, 0, 1)).not.toThrow();
  });
});
