import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildKernel } from "./kernel.mjs";
import { LabFailure } from "./lab-failure.mjs";
import { tool } from "./tool.mjs";

/** Where kernels and unpacked packages are kept. */
export const labHome = process.env.LAB_HOME || join(homedir(), ".cache/blockferry-lab");

/** The folder of the lab itself. */
export const labFolder = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Kernels by the names of --kernel, with the Debian package that depends on the newest of its line. */
const kernelPackages = new Map([
  ["6.12", "linux-image-6.12-amd64"],
  ["6.1", "linux-image-amd64"],
]);

const installed = ["qemu-system-x86", "busybox-static", "cpio", "xz-utils", "zstd", "kmod", "socat"]
  .concat(["nvme-cli", "sg3-utils", "ddpt", "hdparm"])
  .concat(["xfsprogs", "btrfs-progs", "e2fsprogs"]);
// Only unpacked: the host does not want their daemons.
const unpacked = ["open-iscsi", "libopeniscsiusr", "libisns0"];

/**
 * Installs what is missing and makes the kernel, unless both are there.
 *
 * @param {string} kernel
 * @returns {string} folder of the kernel: vmlinux, initrd, lib/modules, lab.json
 */
export function setUp(kernel) {
  const kernelPackage = kernelPackages.get(kernel);
  if (kernelPackage === undefined) {
    throw new LabFailure(`no kernel ${kernel}: ${[...kernelPackages.keys()].join(", ")}`, 2);
  }
  const kernelFolder = join(labHome, `linux-${kernel}-${recipe()}`);
  const tools = join(labHome, "tools");
  const missing = missingPackages();
  if (missing.length === 0 && existsSync(kernelFolder) && existsSync(tools)) return kernelFolder;
  requireDebian();
  tool("apt-get", ["update", "-qq"]);
  if (missing.length > 0) {
    tool("apt-get", ["install", "-qq", "-y", "--no-install-recommends", ...missing]);
  }
  make(tools, (folder) => unpack(unpacked, folder));
  make(kernelFolder, (folder) => buildKernel(kernelPackage, folder, { labFolder, unpack }));
  return kernelFolder;
}

function requireDebian() {
  const isFit = process.platform === "linux" && process.arch === "x64";
  if (!isFit) throw new LabFailure(`Linux on x64 is needed, not ${process.platform}`);
  if (process.getuid?.() !== 0) throw new LabFailure("set-up needs root");
  if (spawnSync("apt-get", ["--version"]).status !== 0) throw new LabFailure("apt-get is needed");
}

function missingPackages() {
  const { stdout = "" } = spawnSync("dpkg", ["-s", ...installed], { encoding: "utf8" });
  const there = stdout.matchAll(/^Package: (.+)\nStatus: install ok installed$/gm);
  const names = new Set([...there].map(([, name]) => name));
  return installed.filter((name) => !names.has(name));
}

// A kernel is made again when the way of making it has changed.
function recipe() {
  const hash = createHash("sha256");
  for (const file of ["src/kernel.mjs", "guest/init"])
    hash.update(readFileSync(join(labFolder, file)));
  return hash.digest("hex").slice(0, 8);
}

/**
 * Whole or not at all, also when two labs start at once.
 *
 * @param {string} folder
 * @param {(folder: string) => void} fill
 */
function make(folder, fill) {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    fill(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * Downloads Debian packages and lays their files out.
 *
 * @param {readonly string[]} names
 * @param {string} folder
 */
function unpack(names, folder) {
  const downloads = mkdtempSync(join(tmpdir(), "lab-deb-"));
  try {
    const asRoot = ["-o", "APT::Sandbox::User=root"];
    tool("apt-get", ["download", "-qq", ...asRoot, ...names], { cwd: downloads });
    for (const file of readdirSync(downloads))
      tool("dpkg-deb", ["-x", join(downloads, file), folder]);
  } finally {
    rmSync(downloads, { recursive: true });
  }
}
