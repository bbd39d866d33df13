// Goal: a device's file is known for what it is, and one that is in use is not touched.
// Method: /sys and /proc made for the test, laid out as Linux 6.12 lays them out (sysfs(5), proc_pid_mountinfo(5),
// proc_swaps(5)).
import { constants } from "node:fs";
import { describe, expect, it } from "vitest";
import { deviceNode, usersOf } from "../src/index.ts";
import { openNode } from "../src/node/open-node.ts";
import { transferBytesMax } from "../src/node/transfer-limit.ts";
import { fakeKernel } from "./support/fake-kernel.ts";
import { type FakeMachine, machineWithDisks } from "./support/fake-sysfs.ts";

const node = (path: string) => deviceNode(path, machineWithDisks());

describe("a device's file", () => {
  it.each([
    ["/dev/nvme0n1", "nvme", true, "/dev/nvme0n1"],
    ["/dev/ng0n2", "nvme", false, "/dev/nvme0n2"],
    ["/dev/sda", "scsi", true, "/dev/sda"],
    ["/dev/sg0", "scsi", false, "/dev/sda"],
    ["/dev/loop0", "block", true, "/dev/loop0"],
  ])("%s is %s", (path, family, isBlock, block) => {
    expect(node(path)).toMatchObject({ path, family, isBlock, block: { path: block } });
  });

  it("tells what one command can move", () => {
    expect(transferBytesMax(node("/dev/nvme0n1").block)).toBe(127 * 4096);
    expect(transferBytesMax(node("/dev/sg0").block)).toBe(167 * 4096);
    expect(transferBytesMax(undefined)).toBe(131_072);
  });

  it("of a partition is refused, with the way to name its place", () => {
    const open = () =>
      openNode(
        fakeKernel(() => ({ result: 0 })),
        "/dev/sda1",
        {
          isReadonly: true,
          force: true,
          surroundings: machineWithDisks(),
        },
      );
    expect(open).toThrow(
      expect.objectContaining({
        code: "FERRY_TRANSPORT_PARTITION",
        hint: expect.stringContaining("--stack partition:2048b+4096b"),
      }),
    );
  });
});

const DM = "virtual/block/dm-0";
const SDA = "pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda";

function users(prepare: (machine: FakeMachine) => void): string[] {
  const machine = machineWithDisks();
  prepare(machine);
  const { block } = deviceNode("/dev/sg0", machine);
  return block === undefined ? ["no block device"] : usersOf(block, machine);
}

/** A logical volume on sda1. */
function addMapped(machine: FakeMachine): void {
  machine.add({
    ...{ folder: DM, kind: "block", number: "254:0", subsystem: "block" },
    attributes: { "dm/name": "vg-root" },
  });
  machine.add({
    ...{ folder: `${SDA}/sda2`, kind: "block", number: "8:2", subsystem: "block" },
    attributes: { partition: "2", start: "6144", size: "4096" },
    links: { "holders/dm-0": DM },
  });
}

describe("who uses a disk", () => {
  it("is nobody, where nothing is on it", () => {
    expect(users(() => {})).toEqual([]);
  });

  it("is a file system on it or on a part of it, by number or by name", () => {
    const line = (number: string, place: string, source: string) =>
      `36 35 ${number} / ${place} rw,noatime master:1 - ext4 ${source} rw\n`;
    expect(users((m) => m.setMounts(line("8:0", "/mnt/a\\040b", "/dev/sda")))).toEqual([
      "sda is mounted on /mnt/a b",
    ]);
    expect(users((m) => m.setMounts(line("8:1", "/boot", "/dev/sda1")))).toEqual([
      "sda1 is mounted on /boot",
    ]);
    // btrfs: a number of its own.
    expect(users((m) => m.setMounts(line("0:44", "/home", "/dev/sda1")))).toEqual([
      "sda1 is mounted on /home",
    ]);
    expect(users((m) => m.setMounts(line("8:16", "/other", "/dev/sdb")))).toEqual([]);
  });

  it("is swap space", () => {
    const table = "Filename\tType\tSize\tUsed\tPriority\n/dev/sda1   partition\t2048\t0\t-2\n";
    expect(users((m) => m.setSwaps(table))).toEqual(["sda1 is swap space"]);
  });

  it("is a device that is made of it, and what is on that one", () => {
    expect(users(addMapped)).toEqual(["dm-0 (vg-root) is made of sda2"]);
    const mounted = users((machine) => {
      addMapped(machine);
      machine.setMounts("36 35 254:0 / / rw - xfs /dev/mapper/vg-root rw\n");
    });
    expect(mounted).toEqual(["dm-0 (vg-root) is made of sda2", "dm-0 (vg-root) is mounted on /"]);
  });
});

describe("opening for writing", () => {
  const EXCLUSIVE = constants.O_RDWR | constants.O_EXCL;

  function opened(path: string, more: { isReadonly?: boolean; force?: boolean } = {}) {
    const kernel = fakeKernel(() => ({ result: 0 }));
    const surroundings = machineWithDisks();
    const options = { isReadonly: false, force: false, surroundings, ...more };
    return { kernel, surroundings, open: () => openNode(kernel, path, options) };
  }

  it("claims the block device, of a generic one too, until it is closed", () => {
    const { kernel, open } = opened("/dev/sg0");
    const found = open();
    expect(kernel.opened).toEqual([
      { path: "/dev/sda", flags: EXCLUSIVE },
      { path: "/dev/sg0", flags: constants.O_RDWR },
    ]);
    expect(kernel.files.get(found.fd)).toBe("/dev/sg0");
    found.close();
    found.close();
    expect(kernel.files.size).toBe(0);
  });

  it("is refused where something is on the device, or somebody has claimed it", () => {
    const mounted = opened("/dev/sda");
    mounted.surroundings.setMounts("36 35 8:1 / /boot rw - ext4 /dev/sda1 rw\n");
    expect(mounted.open).toThrow(
      expect.objectContaining({
        code: "FERRY_TRANSPORT_IN_USE",
        message: "/dev/sda is in use: sda1 is mounted on /boot",
        hint: expect.stringContaining("--force"),
      }),
    );
    expect(mounted.kernel.opened).toEqual([]);
    const claimed = opened("/dev/sda");
    claimed.kernel.unopenable.set("/dev/sda", 16);
    expect(claimed.open).toThrow(/in use: another program has claimed it/);
  });

  it("writes out and forgets what is cached, before and after; for reading it does neither", () => {
    for (const isReadonly of [false, true]) {
      const calls: string[] = [];
      const kernel = fakeKernel(
        ({ request }) => {
          calls.push(request.toString(16));
          return { result: 0 };
        },
        { fsync: () => void calls.push("fsync") },
      );
      const options = { isReadonly, force: false, surroundings: machineWithDisks() };
      const found = openNode(kernel, "/dev/sda", options);
      expect(calls).toEqual(isReadonly ? [] : ["fsync", "1261"]);
      found.close();
      // BLKFLSBUF, include/uapi/linux/fs.h.
      expect(calls).toEqual(isReadonly ? [] : ["fsync", "1261", "1261"]);
    }
  });

  it("by force, or for reading, claims nothing", () => {
    for (const [more, flags] of [
      [{ force: true }, constants.O_RDWR],
      [{ isReadonly: true }, constants.O_RDONLY],
    ] as const) {
      const { kernel, surroundings, open } = opened("/dev/sda", more);
      surroundings.setMounts("36 35 8:0 / /mnt rw - ext4 /dev/sda rw\n");
      open().close();
      expect(kernel.opened).toEqual([{ path: "/dev/sda", flags }]);
    }
  });

  it("of a partition claims the partition, and asks who uses that one alone", () => {
    const surroundings = machineWithDisks();
    addMapped(surroundings);
    const kernel = fakeKernel(() => ({ result: 0 }));
    const options = { isReadonly: false, force: false, takesPartitions: true, surroundings };
    openNode(kernel, "/dev/sda1", options).close();
    expect(kernel.opened).toEqual([{ path: "/dev/sda1", flags: EXCLUSIVE }]);
    surroundings.setMounts("36 35 8:1 / /boot rw - ext4 /dev/sda1 rw\n");
    expect(() => openNode(kernel, "/dev/sda1", options)).toThrow(/sda1 is mounted on \/boot/);
    expect(() => openNode(kernel, "/dev/sda2", options)).toThrow(
      /dm-0 \(vg-root\) is made of sda2/,
    );
  });

  it("tells what may not be opened, and what would help", () => {
    const { kernel, open } = opened("/dev/sda");
    kernel.unopenable.set("/dev/sda", 13);
    expect(open).toThrow(
      expect.objectContaining({
        code: "FERRY_TRANSPORT_OPEN",
        message: "/dev/sda: EACCES: permission denied",
        hint: expect.stringMatching(/CAP_SYS_RAWIO.*group disk/),
      }),
    );
    expect(kernel.files.size).toBe(0);
  });
});
