import { spawnSync } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readSync, statSync, writeFileSync } from "node:fs";

/** A place for blocks: a block device of the guest, or the image of an emulated device. */
export interface Disk {
  /** What the command line is told. */
  readonly uri: string;
  /** Where the blocks are found past the command line and past its device. */
  readonly path: string;
  readonly bytesPerBlock: number;
  readonly bytes: number;
  /** The URI that has another disk beside this one, and what `--to-device` calls that one. */
  beside?(other: Disk): { readonly uri: string; readonly name: string };
}

/** The URI that has both disks, and what `--to-device` calls the second. */
export function both(first: Disk, second: Disk): { uri: string; name: string } {
  if (first.beside === undefined) throw new Error(`${first.uri} takes no second disk`);
  return first.beside(second);
}

/** Runs a tool to its end. Throws with what it said where it fails. */
export function tool(command: string, words: readonly string[], input = ""): string {
  const done = spawnSync(command, words, { encoding: "utf8", input, maxBuffer: 2 ** 28 });
  if (done.status === 0) return done.stdout;
  const why = done.error?.message ?? `exit status ${done.status ?? done.signal}`;
  throw new Error(`${command} ${words.join(" ")}: ${why}\n${done.stdout}${done.stderr}`);
}

/** `iflag=direct` or `oflag=direct` where the page cache could hide what the device did. */
const direct = (path: string, which: "iflag" | "oflag"): string[] =>
  existsSync(path) && statSync(path).isBlockDevice() ? [`${which}=direct`] : [];

/** Bytes that differ from block to block, the same for the same seed on every machine. */
export function pattern(bytes: number, seed: number): Buffer {
  const key = Buffer.alloc(16, seed);
  return createCipheriv("aes-128-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(bytes));
}

/** Fills the whole disk with the pattern of the seed. */
export function fill(disk: Disk, seed: number, scratch: string): void {
  const file = `${scratch}/pattern-${seed}-${disk.bytes}`;
  if (!existsSync(file)) writeFileSync(file, pattern(disk.bytes, seed));
  const words = [`if=${file}`, `of=${disk.path}`, "bs=1M", "conv=notrunc,fsync", "status=none"];
  tool("dd", [...words, ...direct(disk.path, "oflag")]);
}

/** The blocks before and behind a range, as digests. */
export function digestAround(disk: Disk, lba: number, blocks: number): string {
  const end = lba + blocks;
  const parts = [
    readBlocks(disk, 0, lba),
    readBlocks(disk, end, disk.bytes / disk.bytesPerBlock - end),
  ];
  return parts.map((bytes) => createHash("sha256").update(bytes).digest("hex")).join(" ");
}

/** sha256sum of the whole disk. */
export function digestOf({ path }: Pick<Disk, "path">): string {
  const flags = direct(path, "iflag").join(" ");
  return tool("sh", ["-c", `dd if='${path}' bs=1M status=none ${flags} | sha256sum`]).slice(0, 64);
}

/** Reads blocks past the page cache of a device. */
export function readBlocks(disk: Disk, lba: number, blocks: number): Buffer {
  if (!statSync(disk.path).isBlockDevice()) {
    const bytes = Buffer.alloc(blocks * disk.bytesPerBlock);
    const fd = openSync(disk.path, "r");
    readSync(fd, bytes, 0, bytes.length, lba * disk.bytesPerBlock);
    closeSync(fd);
    return bytes;
  }
  const { path, bytesPerBlock } = disk;
  const range = [`skip=${lba * bytesPerBlock}`, `count=${blocks * bytesPerBlock}`];
  const how = ["bs=1M", "iflag=direct,skip_bytes,count_bytes", "status=none"];
  const words = [`if=${path}`, ...range, ...how];
  const done = spawnSync("dd", words, { maxBuffer: 2 ** 28 });
  if (done.status !== 0) throw new Error(`dd if=${disk.path}: ${done.stderr}`);
  return done.stdout;
}
