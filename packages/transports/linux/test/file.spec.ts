// Goal: files are copied by the kernel's calls, and what came of it is told as the kernel tells it.
// Method: real files and, as root, real file systems on loop devices: XFS shares blocks, ext4 does not (mkfs.xfs(8),
// ext4(5)). That blocks are shared is looked up with FIEMAP by filefrag(8). Errors come from the kernel, or from one of the
// test's own.
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataDirection } from "@blockferry/core";
import { linux } from "@blockferry/linux";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../tests/support/temporary-folder.ts";
import { pieceBlocks } from "../src/file/file-encoder.ts";
import { coreStatusOf } from "../src/file/file-status.ts";
import { type FileTransportOptions, fileCommandSet, fileTransport } from "../src/index.ts";
import { fakeKernel } from "./support/fake-kernel.ts";
import { queueMemory, watchedQueue } from "./support/queue-memory.ts";

const calls = linux();
const folder = temporaryFolder();
const KIB = 1024;

function fileOf(name: string, bytes: number, within = folder): string {
  const path = join(within, name);
  const data = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 4) data.writeUInt32LE(Math.imul(at, 0x9e3779b1) >>> 0, at);
  writeFileSync(path, data);
  return path;
}

/** A queue at files, and how to copy one range by one command. */
function copier(options: FileTransportOptions) {
  const transport = fileTransport(options);
  const { commandBytes, listBytes, completionBytes } = fileCommandSet.layout;
  const memory = queueMemory(2, commandBytes, listBytes, completionBytes);
  const encoder = fileCommandSet.open(memory, 4);
  transport.targets.forEach((target, number) => {
    encoder.bind(number, target);
  });
  const line = watchedQueue(transport, memory);
  return {
    ...{ transport, encoder, line },
    /** Sends one command; its status, what it told, and the blocks it was for. */
    async copy(source: number, blocks: number, destination: number, from = 0, to = 0) {
      const window = Int32Array.of(from, source, 0, blocks);
      const cursor = new Int32Array(3);
      encoder.copy(0, to, destination, 0, window, 0, 1, cursor, 0);
      line.queue.submit(0, 0, undefined, dataDirection.none);
      line.queue.doorbell();
      const before = line.told.length;
      while (line.told.length === before) await new Promise((wake) => setTimeout(wake, 1));
      const { means, name, fields } = encoder.describe(0);
      return { status: encoder.interpret(0), means, name, blocks: cursor[2], ...fields };
    },
  };
}

describe("the next command of a copy", () => {
  it.each([
    // Aligned alike: the edge, whole blocks of the file system, the rest.
    [0, 65_536, 203, 200, "whole blocks, without the rest"],
    [512, 65_536 + 512, 200, 7, "up to where a block ends"],
    [512, 65_536 + 512, 3, 3, "all, where no block ends"],
    [4096, 8192, 3, 3, "all, where no block is whole"],
    // Not aligned alike: nothing can be shared.
    [512, 65_536, 200, 200, "all"],
  ])("from %i to %i of %i blocks has %i: %s", (source, destination, blocks, expected) => {
    expect(pieceBlocks(source, destination, blocks, 512, 4096)).toBe(expected);
  });

  it("has all blocks where they are no part of the file system's", () => {
    expect(pieceBlocks(0, 65_536, 5, 65_536, 4096)).toBe(5);
  });
});

describe("an error number", () => {
  // errno(3), and the ERRORS of copy_file_range(2) and ioctl_ficlonerange(2).
  it.each([
    [0, 0, "success"],
    [28, 14, "ENOSPC: capacityExceeded"],
    [122, 14, "EDQUOT: capacityExceeded"],
    [95, 1, "EOPNOTSUPP: unsupported"],
    [18, 1, "EXDEV: unsupported"],
    [30, 11, "EROFS: writeProtected"],
    [5, 25, "EIO: deviceError"],
    [26, 15, "ETXTBSY: busy"],
  ])("%i means status %i (%s)", (errno, status) => {
    expect(coreStatusOf(errno)).toBe(status);
  });
});

describe.skipIf(calls === undefined)("files", () => {
  it("are copied inside, and from one to another", async () => {
    const a = fileOf("a", 64 * KIB);
    const b = fileOf("b", 64 * KIB);
    const before = readFileSync(a);
    const own = copier({ paths: [a, b] });
    expect(await own.copy(3, 5, 64)).toMatchObject({ status: 0, blocks: 5, bytes: 2560 });
    expect(await own.copy(0, 8, 8, 0, 1)).toMatchObject({ status: 0, errno: 0 });
    await own.transport.close();
    const after = readFileSync(a);
    expect(after.subarray(64 * 512, 69 * 512)).toEqual(before.subarray(3 * 512, 8 * 512));
    expect(after.subarray(69 * 512)).toEqual(before.subarray(69 * 512));
    expect(readFileSync(b).subarray(8 * 512, 16 * 512)).toEqual(before.subarray(0, 8 * 512));
  });

  it("are read and written, for copies through the host", async () => {
    const path = fileOf("rw", 8 * KIB);
    const { transport, encoder, line } = copier({ paths: [path] });
    const data = new Uint8Array(1024).fill(7);
    encoder.write(0, 0, 4, 0, 2);
    line.queue.submit(0, 0, data, dataDirection.toDevice);
    line.queue.doorbell();
    await line.until(1);
    const back = new Uint8Array(1024);
    encoder.read(1, 0, 4, 0, 2);
    line.queue.submit(1, 0, back, dataDirection.toHost);
    line.queue.doorbell();
    await line.until(2);
    encoder.flush(0, 0);
    line.queue.submit(0, 0, undefined, dataDirection.none);
    line.queue.doorbell();
    await line.until(3);
    expect(encoder.interpret(0)).toBe(0);
    expect(back).toEqual(data);
    encoder.read(1, 0, 4, 0, 2);
    line.queue.submit(1, 0, new Uint8Array(512), dataDirection.toHost);
    expect(() => line.queue.doorbell()).toThrow(RangeError);
    await transport.close();
    expect(readFileSync(path).subarray(2048, 3072)).toEqual(Buffer.from(data));
  });

  it("that are opened for reading are write protected", async () => {
    const path = fileOf("ro", 8 * KIB);
    const own = copier({ paths: [path], readonly: true });
    expect(await own.copy(0, 1, 8)).toMatchObject({ status: 11, errno: 30 });
    await own.transport.close();
  });

  it("that were cut meanwhile are not copied", async () => {
    const path = fileOf("cut", 64 * KIB);
    const own = copier({ paths: [path] });
    truncateSync(path, 2048);
    expect(await own.copy(0, 8, 64)).toMatchObject({ status: 25, errno: 5, bytes: 0 });
    expect(readFileSync(path)).toHaveLength(2048);
    await own.transport.close();
  });

  it("are refused where they are locked, of part blocks, or no files", () => {
    const path = fileOf("locked", 8 * KIB);
    const holder = openSync(path, "r");
    expect(calls?.flockExclusive(holder)).toBe(true);
    const open = (paths: string[], more: Partial<FileTransportOptions> = {}) => {
      const opening = () => fileTransport({ paths, ...more });
      return expect(opening);
    };
    const code = (name: string) => expect.objectContaining({ code: `FERRY_TRANSPORT_${name}` });
    open([path]).toThrow(code("IN_USE"));
    open([join(folder, "none")]).toThrow(code("OPEN"));
    open([fileOf("odd", 1000)]).toThrow(code("SIZE"));
    open([fileOf("empty", 0)]).toThrow(code("SIZE"));
    open([folder]).toThrow(/EISDIR|neither a file/);
    open([]).toThrow(RangeError);
    open([path], { bytesPerBlock: 3 }).toThrow(RangeError);
  });

  it("are copied by one call after the other where the kernel copies less, and keep its error", async () => {
    const asked: number[][] = [];
    const kernel = (answers: readonly (readonly [result: number, errno: number])[]) => {
      const left = [...answers];
      const next = (...words: unknown[]) => {
        const done = words.pop() as (result: number, errno: number) => void;
        asked.push(words as number[]);
        const [result, errno] = left.shift() ?? [-1, 99];
        setImmediate(() => done(result, errno));
      };
      return fakeKernel(() => undefined, {
        ...{ open: openSync, close: closeSync },
        ranges: { copyFileRange: next, cloneRange: next } as never,
      });
    };
    const path = fileOf("less", 64 * KIB);
    const own = copier({
      paths: [path],
      kernel: kernel([
        [1000, 0],
        [1560, 0],
      ]),
    });
    expect(await own.copy(1, 5, 64)).toMatchObject({ status: 0, means: "kernel-copy" });
    expect(asked.map((words) => words.slice(-1))).toEqual([[2560], [1560]]);
    expect(asked[1][1]).toBe(512 + 1000);
    await own.transport.close();
    const full = copier({
      paths: [path],
      force: true,
      kernel: kernel([
        [512, 0],
        [-1, 28],
      ]),
    });
    const end = await full.copy(1, 5, 64);
    expect(end).toMatchObject({ status: 14, errno: 28, bytes: 512 });
    expect(end.name).toMatch(/^ENOSPC: no space left on device/);
    await full.transport.close();
    // 0 bytes: the source has ended (copy_file_range(2), RETURN VALUE).
    const cut = copier({
      paths: [path],
      force: true,
      kernel: kernel([
        [1000, 0],
        [0, 0],
      ]),
    });
    expect(await cut.copy(1, 5, 64)).toMatchObject({ status: 25, errno: 5, bytes: 1000 });
    expect(cut.encoder.blocksDone(0, 0, new Int32Array(0), 0, 0, 0, 0)).toBe(1);
    await cut.transport.close();
  });
});

function run(program: string, words: readonly string[]): string | undefined {
  const done = spawnSync(program, words, { encoding: "utf8" });
  if (done.error !== undefined) return done.error.message;
  return done.status === 0 ? undefined : `${program}: ${done.stderr.trim()}`;
}

describe.skipIf(calls === undefined)("file systems on loop devices", () => {
  const mounted: string[] = [];
  afterAll(() => {
    for (const place of mounted) run("umount", [place]);
  });

  /** Mounts a new file system; why not, where that is impossible here. */
  function mount(maker: string, mib: number): { place: string } | { skip: string } {
    if (process.getuid?.() !== 0) return { skip: "loop devices need root" };
    const image = join(folder, `${maker}.img`);
    const place = join(folder, maker);
    writeFileSync(image, "");
    truncateSync(image, mib * 2 ** 20);
    mkdirSync(place);
    const why = run(maker, ["-q", image]) ?? run("mount", ["-o", "loop", image, place]);
    if (why !== undefined) return { skip: why };
    mounted.push(place);
    return { place };
  }

  it("XFS: whole blocks are cloned, edges copied, and no command says it was both", async (context) => {
    const xfs = mount("mkfs.xfs", 300);
    if ("skip" in xfs) return context.skip(xfs.skip);
    const path = fileOf("image", 4 * 2 ** 20, xfs.place);
    const before = readFileSync(path);
    const own = copier({ paths: [path] });
    expect(own.transport.targets[0]).toMatchObject({ fileSystem: "xfs", clones: "yes" });
    expect(await own.copy(0, 1024, 4096)).toMatchObject({ means: "clone", blocks: 1024 });
    expect(await own.copy(1027, 100, 6147)).toMatchObject({ means: "kernel-copy", blocks: 5 });
    expect(await own.copy(1, 64, 7000)).toMatchObject({ means: "kernel-copy", blocks: 64 });
    await own.transport.close();
    const after = readFileSync(path);
    expect(after.subarray(4096 * 512, 5120 * 512)).toEqual(before.subarray(0, 1024 * 512));
    expect(after.subarray(7000 * 512, 7064 * 512)).toEqual(before.subarray(512, 65 * 512));
    const shown = spawnSync("filefrag", ["-v", path], { encoding: "utf8" }).stdout ?? "";
    if (shown !== "") expect(shown).toMatch(/shared/);
  });

  it("ext4: the kernel copies, and says no more", async (context) => {
    const ext4 = mount("mkfs.ext4", 64);
    if ("skip" in ext4) return context.skip(ext4.skip);
    const path = fileOf("image", 4 * 2 ** 20, ext4.place);
    const own = copier({ paths: [path] });
    expect(own.transport.targets[0]).toMatchObject({ fileSystem: "ext4", clones: "no" });
    expect(await own.copy(0, 1024, 4096)).toMatchObject({ means: "kernel-copy", status: 0 });
    await own.transport.close();
  });

  it("a block device is claimed, and the kernel copies nothing in it", async (context) => {
    if (process.getuid?.() !== 0) return context.skip("loop devices need root");
    const image = fileOf("disk.img", 2 ** 20);
    const attached = spawnSync("losetup", ["--find", "--show", image], { encoding: "utf8" });
    if (attached.status !== 0) return context.skip(`losetup: ${attached.stderr}`);
    const device = attached.stdout.trim();
    try {
      const own = copier({ paths: [device] });
      expect(own.transport.targets[0]).toMatchObject({
        ...{ capacityBlocks: 2048, bytesPerBlock: 512 },
        copyRefusal: expect.stringContaining("copy_file_range(2) refuses block devices"),
      });
      expect(own.encoder.reaches(0, 0)).toBe(false);
      expect(() => fileTransport({ paths: [device] })).toThrow(/in use: another program/);
      // What the refusal says is what the kernel says: EINVAL.
      expect(await own.copy(0, 8, 100)).toMatchObject({ status: 1, errno: 22 });
      await own.transport.close();
    } finally {
      run("losetup", ["--detach", device]);
    }
  });
});
