import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { LabFailure } from "./lab-failure.mjs";
import { tool } from "./tool.mjs";

// What storage and its file systems need, of the 4,000 modules of a Debian kernel.
const kept = new RegExp(
  `^kernel/(${[
    "crypto|lib|net/9p|arch/x86/crypto",
    "drivers/(nvme|target|ata|block|md|net/virtio|net/net_failover|virtio|char/virtio)",
    "drivers/(scsi/[^/]*$|scsi/device_handler|infiniband/core)",
    "fs/(9p|netfs|fscache|btrfs|xfs|ext4|jbd2|mbcache|overlayfs|fuse|configfs|nls)",
  ].join("|")})`,
);

/** Modules that are loaded before the command runs: always, or with an option. Others: modprobe. */
const moduleGroups = {
  boot: ["virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay", "configfs"],
  nvme: ["nvme"],
  sata: ["ahci", "sd_mod", "sg"],
  scsi: ["virtio_scsi", "sd_mod", "sg"],
  disk: ["virtio_blk"],
  net: ["virtio_net"],
};

/**
 * @typedef {object} KernelManifest
 * @property {string} image Debian package
 * @property {string} release as `uname -r`
 * @property {Record<keyof typeof moduleGroups, string[]>} groups files in load order
 */

/**
 * Makes what a guest boots: vmlinux, initrd, modules, and lab.json with a KernelManifest.
 *
 * @param {string} metaPackage Debian package that depends on the image
 * @param {string} folder to fill
 * @param {object} from
 * @param {string} from.labFolder
 * @param {(names: readonly string[], folder: string) => void} from.unpack
 */
export function buildKernel(metaPackage, folder, from) {
  const depends = tool("apt-cache", ["depends", metaPackage]).toString();
  const image = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
  if (image === undefined) throw new LabFailure(`apt knows no ${metaPackage}`);
  const debian = join(folder, "deb");
  from.unpack([image], debian);
  const [release = ""] = readdirSync(join(debian, "lib/modules"));
  const zImage = readFileSync(join(debian, "boot", `vmlinuz-${release}`));
  writeFileSync(join(folder, "vmlinux"), kernelOf(zImage));
  keepModules(debian, folder, release);
  rmSync(debian, { recursive: true });
  const groups = Object.fromEntries(
    Object.entries(moduleGroups).map(([name, roots]) => [name, loadOrder(folder, release, roots)]),
  );
  writeFileSync(join(folder, "lab.json"), JSON.stringify({ image, release, groups }, null, 2));
  makeInitrd(folder, join(from.labFolder, "guest/init"), groups.boot ?? []);
}

/** @param {Uint8Array} input */
const unxz = (input) => tool("xz", ["-dc", "--single-stream"], { input });

/**
 * The ELF file inside a bzImage, which QEMU boots directly (PVH): emulating its decompression takes 16 s. Offsets are
 * those of Documentation/arch/x86/boot.rst: setup_sects 1F1h, payload_offset 248h, payload_length 24Ch. The payload
 * ends with its size when unpacked.
 *
 * @param {Buffer} zImage
 */
function kernelOf(zImage) {
  const start = ((zImage[0x1f1] || 4) + 1) * 512 + zImage.readUInt32LE(0x248);
  const payload = zImage.subarray(start, start + zImage.readUInt32LE(0x24c) - 4);
  const isZstd = payload.readUInt32BE(0) === 0x28b52ffd;
  return isZstd ? tool("zstd", ["-dc"], { input: payload }) : unxz(payload);
}

/**
 * Copies the wanted modules and what they depend on, uncompressed.
 *
 * @param {string} debian
 * @param {string} folder
 * @param {string} release
 */
function keepModules(debian, folder, release) {
  const modules = join("lib/modules", release);
  tool("depmod", ["-b", debian, release]);
  const lines = readFileSync(join(debian, modules, "modules.dep"), "utf8")
    .trim()
    .split("\n");
  const files = lines
    .map((line) => line.split(/:? +|:$/).filter(Boolean))
    .filter(([module = ""]) => kept.test(module))
    .flat();
  for (const file of new Set(files)) {
    const bytes = readFileSync(join(debian, modules, file));
    const to = join(folder, modules, file.replace(/\.xz$/, ""));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, file.endsWith(".xz") ? unxz(bytes) : bytes);
  }
  for (const file of ["modules.builtin", "modules.builtin.modinfo", "modules.order"]) {
    copyFileSync(join(debian, modules, file), join(folder, modules, file));
  }
  tool("depmod", ["-b", folder, release]);
}

/**
 * @param {string} folder
 * @param {string} release
 * @param {readonly string[]} roots names of modules
 * @returns {string[]} files below `folder`, each after those it needs
 */
function loadOrder(folder, release, roots) {
  const files = roots.flatMap((name) => {
    const words = ["-d", folder, "-S", release, "--show-depends", name];
    const insmods = tool("modprobe", words)
      .toString()
      .matchAll(/^insmod (\S+)/gm);
    return [...insmods].map(([, file = ""]) => relative(folder, file));
  });
  // What is made for one CPU's features does not load on the emulated one; generic modules take its place.
  return [...new Set(files)].filter((file) => !file.includes("/arch/"));
}

/**
 * @param {string} folder
 * @param {string} init
 * @param {readonly string[]} bootModules
 */
function makeInitrd(folder, init, bootModules) {
  const root = join(folder, "initramfs");
  for (const name of ["bin", "mod", "dev", "proc", "sys", "ro", "rw", "new"]) {
    mkdirSync(join(root, name), { recursive: true });
  }
  copyFileSync("/usr/bin/busybox", join(root, "bin/busybox"));
  copyFileSync(init, join(root, "init"));
  chmodSync(join(root, "init"), 0o755);
  bootModules.forEach((file, index) => {
    const name = `${String(index).padStart(2, "0")}.ko`;
    copyFileSync(join(folder, file), join(root, "mod", name));
  });
  const names = tool("find", [".", "-mindepth", "1"], { cwd: root });
  const archive = tool("cpio", ["-o", "-H", "newc", "--quiet"], { cwd: root, input: names });
  writeFileSync(join(folder, "initrd"), archive);
  rmSync(root, { recursive: true });
}
