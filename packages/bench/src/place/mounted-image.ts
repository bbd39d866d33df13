import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Place } from "./place.ts";
import { prefix, temporaryFolder } from "./temporary-folder.ts";

/** File systems with reflinks, and what makes them. */
const makers = {
  xfs: ["mkfs.xfs", "-q", "-m", "reflink=1"],
  btrfs: ["mkfs.btrfs", "-q"],
} as const;
export type ReflinkFileSystem = keyof typeof makers;

function run(command: string, words: readonly string[]): string | undefined {
  const { error, status, stderr } = spawnSync(command, words, { encoding: "utf8" });
  if (error !== undefined) return `${command}: ${error.message}`;
  return status === 0 ? undefined : `${command}: ${stderr.trim() || `exit ${status}`}`;
}

function unmount(folder: string): void {
  const point = join(folder, "mounted");
  // Unmounting frees the loop device: `mount -o loop` sets autoclear.
  if (run("umount", [point]) !== undefined) run("umount", ["--lazy", point]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Removes what runs left that were killed. */
export function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split("-")[0] : "");
    if (!Number.isInteger(pid) || pid <= 0 || isAlive(pid)) continue;
    unmount(join(tmpdir(), name));
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** A file system of one's own in a sparse image on a loop device; or why there is none. */
export function mountedImage(fs: ReflinkFileSystem, bytes: number): Place | string {
  if (process.platform !== "linux") return `${fs}: mounts are for Linux`;
  if (process.getuid?.() !== 0) return `${fs}: mounting needs root`;
  const folder = temporaryFolder();
  const image = join(folder.path, "image");
  const point = join(folder.path, "mounted");
  mkdirSync(point);
  const fd = openSync(image, "wx");
  ftruncateSync(fd, bytes);
  closeSync(fd);
  const [maker, ...words] = makers[fs];
  const failed =
    run(maker, [...words, image]) ?? run("mount", ["-o", "loop", "-t", fs, image, point]);
  if (failed !== undefined) {
    folder.remove();
    return failed;
  }
  const leave = (): void => unmount(folder.path);
  process.prependListener("exit", leave);
  return {
    name: `${fs}, reflink`,
    folder: point,
    hasReflink: true,
    remove() {
      process.off("exit", leave);
      unmount(folder.path);
      folder.remove();
    },
  };
}
