import { spawnSync } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readSync, statSync, writeFileSync } from "node:fs";

/** Moves blocks whose bytes are not all there is of them. Every call throws what the device says. */
export interface BlockDriver {
  write(lba: number, data: Uint8Array): void;
  read(lba: number, blocks: number): Buffer;
  /** A copy command of the device, of one's own: nothing is asked for but the ranges. */
  copy(ranges: readonly (readonly [lba: number, blocks: number])[], to: number): void;
}

/** A place for blocks: a block device of the guest, or the image of an emulated device. */
export interface Disk {
  /** What the command line is told. */
  readonly uri: string;
  /** Where the blocks are found past the command line and past its device. */
  readonly path: string;
  readonly bytesPerBlock: number;
  readonly bytes: number;
  /** What reads and writes the blocks as the kernel does those of a real device. Default: dd, which sees bytes alone. */
  readonly driver?: BlockDriver;
  /**
   * Runs a tool that sends commands of its own, and returns what it says. Default: the tool as it is, on `path`.
   *
   * @param words makes the arguments from the path that the tool is to be given
   */
  said?(command: string, words: (path: string) => readonly string[]): Promise<string>;
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

/** What a tool says that may fail, and sends the disk commands of its own. */
export async function saidBy(
  { path, said }: Disk,
  command: string,
  words: (path: string) => readonly string[],
): Promise<string> {
  if (said !== undefined) return said(command, words);
  const done = spawnSync(command, words(path), { encoding: "utf8" });
  return `${done.stdout}${done.stderr}`;
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
  if (disk.driver !== undefined) {
    disk.driver.write(0, pattern(disk.bytes, seed));
    return;
  }
  const file = `${scratch}/pattern-${seed}-${disk.bytes}`;
  if (!existsSync(file)) writeFileSync(file, pattern(disk.bytes, seed));
  const words = [`if=${file}`, `of=${disk.path}`, "bs=1M", "conv=notrunc,fsync", "status=none"];
  tool("dd", [...words, ...direct(disk.path, "oflag")]);
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** The blocks before and behind a range, as digests. */
export function digestAround(disk: Disk, lba: number, blocks: number): string {
  const end = lba + blocks;
  const parts = [
    readBlocks(disk, 0, lba),
    readBlocks(disk, end, disk.bytes / disk.bytesPerBlock - end),
  ];
  return parts.map(sha256).join(" ");
}

/** sha256sum of the whole disk. */
export function digestOf(disk: Pick<Disk, "path"> | Disk): string {
  const { path } = disk;
  if ("driver" in disk && disk.driver !== undefined) {
    return sha256(disk.driver.read(0, disk.bytes / disk.bytesPerBlock));
  }
  const flags = direct(path, "iflag").join(" ");
  return tool("sh", ["-c", `dd if='${path}' bs=1M status=none ${flags} | sha256sum`]).slice(0, 64);
}

/** Reads blocks past the page cache of a device. */
export function readBlocks(disk: Disk, lba: number, blocks: number): Buffer {
  if (disk.driver !== undefined) return disk.driver.read(lba, blocks);
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
