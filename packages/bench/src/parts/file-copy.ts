import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type BottomDevice, copy } from "@blockferry/block";
import { linux } from "@blockferry/linux";
import { type FileStore, fileStore } from "@blockferry/store-file";
import { sourceList } from "@blockferry/strategy-source-list";
import { interleave } from "../measure/rounds.ts";
import { mountedImage } from "../place/mounted-image.ts";
import type { Place } from "../place/place.ts";
import { fileSystemOf, temporaryFolder } from "../place/temporary-folder.ts";
import { row } from "../report/document.ts";
import { BYTES_PER_BLOCK, modelDevice } from "../workload/model-device.ts";
import type { Part, PartContext } from "./part.ts";

const MiB = 2 ** 20;

function seconds(run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function command(name: string, words: readonly string[]): void {
  const { error, status, stderr } = spawnSync(name, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${error?.message ?? stderr.trim()}`);
}

/** Fills `bytes` of a file with blocks that all differ. */
function writeLabels(path: string, bytes: number): void {
  const piece = new Uint32Array(MiB / 4);
  const fd = openSync(path, "r+");
  for (let at = 0; at < bytes; at += MiB) {
    for (let i = 0; i < piece.length; i++) piece[i] = Math.imul(at / 4 + i, 2654435761);
    writeSync(fd, piece, 0, MiB, at);
  }
  closeSync(fd);
}

/** Throws unless two ranges of a file hold the same bytes. */
function requireEqual(path: string, first: number, second: number, bytes: number): void {
  const a = Buffer.alloc(MiB);
  const b = Buffer.alloc(MiB);
  const fd = openSync(path, "r");
  for (let at = 0; at < bytes; at += MiB) {
    readSync(fd, a, 0, MiB, first + at);
    readSync(fd, b, 0, MiB, second + at);
    if (!a.equals(b)) throw new Error(`${path}: what was copied to ${second + at} differs`);
  }
  closeSync(fd);
}

/** An image: source blocks, as much room behind them, and a file of the same bytes for `cp`. */
interface Bench {
  readonly place: Place;
  readonly image: string;
  readonly plain: string;
  readonly bytes: number;
  readonly store: FileStore;
}

function makeBench(place: Place, bytes: number): Bench {
  const folder = join(place.folder, "files");
  mkdirSync(folder);
  const image = join(folder, "disk.img");
  const plain = join(folder, "plain.bin");
  const store = fileStore({ path: image, create: { bytes: 2 * bytes } });
  writeLabels(image, bytes);
  command("cp", ["--reflink=auto", image, plain]);
  command("truncate", ["-s", String(bytes), plain]);
  // What is written back now does not disturb the measurement later.
  command("sync", ["-f", folder]);
  return { place, image, plain, bytes, store };
}

/** Copies the first `bytes` behind the source blocks. Returns seconds; the room is empty again afterwards. */
async function copied(bench: Bench, device: BottomDevice, bytes: number, emulate: boolean) {
  const { store } = bench;
  const blocks = bytes / BYTES_PER_BLOCK;
  const destination = bench.bytes / BYTES_PER_BLOCK;
  const options = { strategy: sourceList(), emulate };
  const start = process.hrtime.bigint();
  const result = await copy(device, { sources: [{ lba: 0, blocks }], destination }, options);
  const used = Number(process.hrtime.bigint() - start) / 1e9;
  if (result.status !== "success") throw new Error(`the copy ended with ${result.status}`);
  if (emulate === (result.bytesThroughHost === 0)) throw new Error("copied by other means");
  if (bytes <= 64 * MiB) requireEqual(bench.image, 0, bench.bytes, bytes);
  store.deallocate(bench.bytes, bytes);
  return used;
}

function cpSeconds({ plain }: Bench, reflink: string): number {
  const target = `${plain}.copy`;
  const used = seconds(() => command("cp", [`--reflink=${reflink}`, plain, target]));
  rmSync(target);
  return used;
}

function ddSeconds({ image, bytes, store }: Bench): number {
  const count = bytes / MiB;
  const words = [`if=${image}`, `of=${image}`, "bs=1M", `count=${count}`, `seek=${count}`];
  const used = seconds(() => command("dd", [...words, "conv=notrunc", "status=none"]));
  store.deallocate(bytes, bytes);
  return used;
}

async function measureBench(context: PartContext, bench: Bench): Promise<void> {
  const { add, rounds } = context;
  const { place, bytes, store } = bench;
  const small = Math.min(bytes / 4, 64 * MiB);
  // Two controllers over one store: the second has no Copy command, so that all goes through the host.
  const offload = await modelDevice(store, true);
  const emulated = await modelDevice(store, false);
  try {
    const { medians, ratio } = await interleave(
      {
        offload: () => copied(bench, offload.device, bytes, false),
        small: () => copied(bench, offload.device, small, false),
        emulation: () => copied(bench, emulated.device, bytes, true),
        cp: () => cpSeconds(bench, "never"),
        "cp auto": () => cpSeconds(bench, "auto"),
        dd: () => ddSeconds(bench),
      },
      rounds,
    );
    const part = `file store, ${bytes / MiB} MiB on ${place.name}`;
    const unit = "s";
    const note = store.copyMeans;
    const { offload: ours, emulation } = medians;
    const against = (peerName: string, key: "cp" | "cp auto" | "dd") => ({
      peerName,
      peer: medians[key],
    });
    add(
      row({
        part,
        what: place.hasReflink ? "offload, times as fast as cp" : "offload, cp's time / ours",
        unit,
        ours,
        ...against("cp --reflink=never", "cp"),
        ratio: ratio("cp", "offload"),
        goal: { atLeast: place.hasReflink ? 100 : 1 },
        note,
      }),
      row({
        part,
        what: "offload",
        unit,
        ours,
        ...against("cp --reflink=auto", "cp auto"),
        ratio: ratio("cp auto", "offload"),
      }),
      row({
        part,
        what: "offload",
        unit,
        ours,
        ...against("dd bs=1M, same ranges", "dd"),
        ratio: ratio("dd", "offload"),
      }),
      row({
        part,
        what: "emulation through the host",
        unit,
        ours: emulation,
        ...against("dd bs=1M, same ranges", "dd"),
        ratio: ratio("dd", "emulation"),
      }),
      row({
        part,
        what: `offload of ${small / MiB} MiB`,
        unit,
        ours: medians.small,
        peerName: `offload of ${bytes / MiB} MiB`,
        peer: ours,
        ratio: ratio("offload", "small"),
        note: `${bytes / small} times the bytes`,
      }),
    );
  } finally {
    await offload.close();
    await emulated.close();
  }
}

async function measurePlace(context: PartContext, place: Place, bytes: number): Promise<void> {
  context.progress(`file store on ${place.name}`);
  try {
    const bench = makeBench(place, bytes);
    try {
      await measureBench(context, bench);
    } finally {
      bench.store.close();
    }
  } finally {
    place.remove();
  }
}

/** One large copy in an image file. */
export const fileCopy: Part = {
  name: "file",
  title: "a copy of 1 GiB in the file store, on this disk and on file systems with reflinks",
  async run(context) {
    const bytes = (context.quick ? 256 : 1024) * MiB;
    if (linux() === undefined) {
      context.skip("clones and copies by the kernel: its calls are not available to this process");
    }
    const { path, remove } = temporaryFolder();
    const name = fileSystemOf(path);
    const hasReflink = name === "xfs" || name === "btrfs";
    await measurePlace(context, { name, folder: path, hasReflink, remove }, bytes);
    for (const fs of ["xfs", "btrfs"] as const) {
      const place = mountedImage(fs, 6 * bytes);
      if (typeof place === "string") context.skip(`file store on a reflink file system: ${place}`);
      else await measurePlace(context, place, bytes);
    }
  },
};
