import { spawnSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of one's own, mounted; or why there is none. */
export type MountedImage = { readonly path: string; unmount(): void } | { readonly skip: string };

/** What to mount. */
export interface MountOptions {
  readonly fs: "xfs" | "btrfs" | "ext4" | "tmpfs";
  /** Size of the file system; raised to the least that its mkfs takes. */
  readonly bytes: number;
  /** Further words for mkfs, such as `["-b", "size=1024"]`. Not for tmpfs. */
  readonly mkfs?: readonly string[];
}

const MiB = 2 ** 20;
const prefix = "blockferry-mount-";
// mkfs.xfs 6.1 refuses less than 300 MiB, mkfs.btrfs 6.2 less than 109 MiB. Images are sparse.
const bytesMin = { xfs: 300 * MiB, btrfs: 128 * MiB, ext4: 1 * MiB, tmpfs: 4096 };
const mkfsWords = {
  xfs: ["mkfs.xfs", "-q", "-m", "reflink=1"],
  btrfs: ["mkfs.btrfs", "-q"],
  ext4: ["mke2fs", "-q", "-F", "-t", "ext4", "-m", "0"],
};

const mounted = new Set<string>();
let sweeping = false;

function run(command: string, words: readonly string[]): string | undefined {
  const done = spawnSync(command, words, { encoding: "utf8" });
  if (done.error !== undefined) return `${command}: ${done.error.message}`;
  if (done.status === 0) return undefined;
  return `${command} ${words.join(" ")}: ${done.stderr.trim() || `exit ${done.status}`}`;
}

function remove(folder: string): void {
  const mountPoint = join(folder, "mnt");
  // `mount -o loop` sets autoclear: unmounting frees the loop device. Lazily if a file is open.
  if (run("umount", [mountPoint]) !== undefined) run("umount", ["--lazy", mountPoint]);
  rmSync(folder, { recursive: true, force: true });
  mounted.delete(folder);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// What an earlier run left because it was killed, and what this one would leave.
function sweep(): void {
  if (sweeping) return;
  sweeping = true;
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split("-")[0] : "x");
    if (Number.isInteger(pid) && !isAlive(pid)) remove(join(tmpdir(), name));
  }
  process.on("exit", () => {
    for (const folder of mounted) remove(folder);
  });
}

function mount(options: MountOptions, folder: string): string | undefined {
  const { fs } = options;
  const bytes = Math.max(options.bytes, bytesMin[fs]);
  const mountPoint = join(folder, "mnt");
  mkdirSync(mountPoint);
  if (fs === "tmpfs") {
    return run("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "blockferry", mountPoint]);
  }
  const image = join(folder, "image");
  const fd = openSync(image, "wx");
  ftruncateSync(fd, bytes);
  closeSync(fd);
  const [mkfs, ...words] = mkfsWords[fs];
  const failed = run(mkfs as string, [...words, ...(options.mkfs ?? []), image]);
  return failed ?? run("mount", ["-o", "loop", "-t", fs, image, mountPoint]);
}

/**
 * Makes a file system in a temporary image and mounts it by a loop device, or says why it cannot:
 * not Linux, not root, no mkfs, no loop device. Call `unmount` when done; leaving the process
 * does it too, and what a killed process left goes with the next call.
 */
export function mountImage(options: MountOptions): MountedImage {
  if (process.platform !== "linux")
    return { skip: `mounts are for Linux, not ${process.platform}` };
  if (process.getuid?.() !== 0) return { skip: "mounting needs root" };
  sweep();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  mounted.add(folder);
  const failed = mount(options, folder);
  if (failed === undefined) {
    return {
      path: join(folder, "mnt"),
      unmount: () => void (mounted.has(folder) && remove(folder)),
    };
  }
  remove(folder);
  return { skip: `no ${options.fs} to mount here: ${failed}` };
}
