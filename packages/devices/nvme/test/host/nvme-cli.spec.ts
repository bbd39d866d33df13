import { copyLimits } from "@blockferry/core";
import { toHex } from "@blockferry/core/bytes";
import { plan } from "@blockferry/core/plan";
import { describe, expect, it } from "vitest";
import { encodePlan, type NvmeCommandOptions, nvmeCliCommand } from "../../src/index.ts";
import { type NamespaceShape, namespace } from "./queue.ts";

// Goal: the command line makes nvme-cli send the bytes that we would send.
// Method: each line was run by nvme-cli 2.3 (Debian 12); the hex is what it handed to ioctl(): dwords 10 to 15, and the
// list, whose reserved first eight bytes it leaves as it finds them in memory (zero here).

function planned(
  shape: NamespaceShape,
  sources: readonly (readonly [number, number])[],
  lba: number,
) {
  let offset = 0;
  const segments = sources.map(([from, blocks]) => {
    const segment = {
      source: { device: 0, lba: from },
      destination: { device: 0, lba: lba + offset },
      blocks,
    };
    offset += blocks;
    return segment;
  });
  const target = namespace(shape);
  return { target, commands: plan(segments, copyLimits(target.limits)).commands };
}

interface Recorded {
  readonly shape: NamespaceShape;
  readonly options: NvmeCommandOptions;
  readonly sources: readonly (readonly [number, number])[];
  readonly destination: number;
  readonly line: string;
  readonly command: string;
  readonly list: string;
}

const recorded: readonly Recorded[] = [
  {
    shape: {},
    options: {},
    sources: [
      [0, 2048],
      [8192, 64],
    ],
    destination: 65536,
    line: "nvme copy /dev/nvme0n1 --sdlba=65536 --slbs=0,8192 --blocks=2047,63 --format=0",
    command: "000001000000000001000000000000000000000000000000",
    list:
      "00000000000000000000000000000000ff070000000000000000000000000000" +
      "000000000000000000200000000000003f000000000000000000000000000000",
  },
  {
    shape: { nsid: 7, protection: { type: 1 } },
    options: {
      tagByteOrder: "nvme-cli-2.3",
      protection: {
        source: { applicationTag: 0x1111, applicationTagMask: 0xff00 },
        destination: { applicationTag: 0xabcd, applicationTagMask: 0xf0ff },
      },
    },
    sources: [
      [0, 128],
      [8192, 64],
    ],
    destination: 65536,
    line:
      "nvme copy /dev/nvme0n7 --sdlba=65536 --slbs=0,8192 --blocks=127,63 --format=0 --prinfor=13 " +
      "--prinfow=8 --expected-ref-tags=0,8192 --expected-app-tags=4369,4369 " +
      "--expected-app-tag-masks=65280,65280 --ref-tag=65536 --app-tag=43981 --app-tag-mask=61695",
    command: "000001000000000001d000200000000000000100cdabfff0",
    list:
      "000000000000000000000000000000007f000000000000000000000000ff1111" +
      "000000000000000000200000000000003f000000000000000020000000ff1111",
  },
  {
    shape: { nsid: 7, rangeBlocks: 65536 },
    options: {
      forceUnitAccess: true,
      limitedRetry: true,
      directive: { type: 1, specific: 0x1234 },
    },
    sources: [
      [0x1_0000_0000, 64],
      [8192, 128],
      [5, 65536],
    ],
    destination: 0x123_4567_89ab,
    line:
      "nvme copy /dev/nvme0n7 --sdlba=1250999896491 --slbs=4294967296,8192,5 --blocks=63,127,65535 " +
      "--format=0 --force-unit-access --limited-retry --dir-type=1 --dir-spec=4660",
    command: "ab89674523010000020010c0000034120000000000000000",
    list:
      "000000000000000000000000010000003f000000000000000000000000000000" +
      "000000000000000000200000000000007f000000000000000000000000000000" +
      "00000000000000000500000000000000ffff0000000000000000000000000000",
  },
];

describe("as nvme-cli 2.3", () => {
  it.each(recorded)("$line", ({ shape, options, sources, destination, ...want }) => {
    const { target, commands } = planned(shape, sources, destination);
    expect(commands).toHaveLength(1);
    expect(nvmeCliCommand(commands[0], target, { commands: options })).toBe(want.line);
    const [{ command, list }] = encodePlan(commands, target, options);
    expect(toHex(command.slice(40))).toBe(want.command);
    expect(toHex(list)).toBe(want.list);
  });

  it("one line a command, each of which begins where the last one ended", () => {
    const shape = { rangeBlocks: 128, blocks: 256, ranges: 2 };
    const { target, commands } = planned(shape, [[0, 600]], 4096);
    const device = "/dev/nvme3n2";
    expect(commands.map((one) => nvmeCliCommand(one, target, { device }))).toEqual([
      "nvme copy /dev/nvme3n2 --sdlba=4096 --slbs=0,128 --blocks=127,127 --format=0",
      "nvme copy /dev/nvme3n2 --sdlba=4352 --slbs=256,384 --blocks=127,127 --format=0",
      "nvme copy /dev/nvme3n2 --sdlba=4608 --slbs=512 --blocks=87 --format=0",
    ]);
  });
});

describe("between namespaces", () => {
  const target = namespace({ nsid: 1, cross: 2 });
  const other = namespace({ nsid: 2, cross: 2 });
  const command = {
    segments: [
      { source: { device: 5, lba: 7 }, destination: { device: 4, lba: 64 }, blocks: 2 },
      { source: { device: 4, lba: 9 }, destination: { device: 4, lba: 66 }, blocks: 1 },
    ],
    blocks: 3,
  };

  // `--snsids` and `--sopts`: nvme-copy(1) of nvme-cli 3.0.
  it("sources are named", () => {
    const nsids = new Map([
      [4, 1],
      [5, 2],
    ]);
    expect(nvmeCliCommand(command, target, { nsids, commands: { fastCopyOnly: true } })).toBe(
      "nvme copy /dev/nvme0n1 --sdlba=64 --slbs=7,9 --blocks=1,0 --format=2 --snsids=2,1 --sopts=32768,32768",
    );
    // NVM Command Set 1.2, Figure 39: SNSID 3:0, SLBA 15:8, NLB 17:16.
    const sources = new Map([
      [4, target],
      [5, other],
    ]);
    const [{ list, command: entry }] = encodePlan([command], target, {}, sources);
    expect(entry[49]).toBe(2);
    expect(toHex(list)).toBe(
      "0200000000000000070000000000000001000000000000000000000000000000" +
        "0100000000000000090000000000000000000000000000000000000000000000",
    );
  });

  it("sources that are kept apart take a command each", () => {
    const sources = new Map([
      [4, target],
      [5, other],
    ]);
    const apart = encodePlan([command], target, { separateSourceNamespaces: true }, sources);
    // SDLBA in dwords 10 and 11; the second is a copy inside the namespace, of format 0h.
    expect(apart.map((one) => [one.command[40], one.command[49], one.list.length])).toEqual([
      [64, 2, 32],
      [66, 0, 32],
    ]);
  });

  it("what no command can carry is refused", () => {
    const alone = namespace({ nsid: 1 });
    const nsids = new Map([[5, 2]]);
    expect(() => nvmeCliCommand(command, alone, { nsids })).toThrow(RangeError);
    expect(() => encodePlan([command], alone, {}, new Map([[5, other]]))).toThrow(
      "namespace 1 cannot copy from device 5",
    );
    const small = namespace({ ranges: 1 });
    expect(() => encodePlan([command], small)).toThrow("beyond the limits of namespace 1");
  });
});
