import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { deviceWords } from "./devices.mjs";
import { LabFailure } from "./lab-failure.mjs";
import { usage } from "./options.mjs";
import { networkWords, reservePorts } from "./ports.mjs";
import { labFolder, labHome, setUp } from "./set-up.mjs";

/**
 * @typedef {import("./options.mjs").LabOptions} LabOptions
 * @typedef {import("./kernel.mjs").KernelManifest} KernelManifest
 *
 * @typedef {object} Place what a run of a guest leaves while it lasts
 * @property {string} folder logs and images
 * @property {string} share the guest's /run/lab
 * @property {string} kernelFolder
 * @property {Record<string, string>} ports LAB_PORT, LAB_PORT2, ...
 */

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * @param {string} file
 * @returns {string} "" where there is no such file yet
 */
function contents(file) {
  try {
    return readFileSync(file, "latin1").trim();
  } catch {
    return "";
  }
}

/**
 * Boots a guest, runs the command in it and ends with it.
 *
 * @param {LabOptions} options
 * @returns {Promise<number>} exit status
 */
export async function runInGuest(options) {
  if (options.command.length === 0) throw new LabFailure(`no command\n${usage}`, 2);
  const kernelFolder = setUp(options.kernel);
  const folder = mkdtempSync(join(tmpdir(), "lab-run-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const ports = await reservePorts(options.from);
  const place = { folder, share: join(folder, "share"), kernelFolder, ports };
  mkdirSync(place.share);
  const manifest = JSON.parse(readFileSync(join(kernelFolder, "lab.json"), "utf8"));
  writeFileSync(join(place.share, "env"), environment(options, place, manifest));
  const command = options.command.map(quoted).join(" ");
  writeFileSync(join(place.share, "cmd"), `cd ${quoted(process.cwd())}\nexec ${command}\n`);
  return boot(options, place);
}

/**
 * @param {LabOptions} options
 * @param {Place} place
 * @param {KernelManifest} manifest
 */
function environment(options, place, manifest) {
  const needed = new Set(options.devices.map(({ kind }) => (kind === "ns" ? "nvme" : kind)));
  /** @type {(keyof KernelManifest["groups"])[]} */
  const groups = [...needed];
  if (options.from.length + options.to.length > 0) groups.push("net");
  const modules = new Set(groups.flatMap((name) => manifest.groups[name]));
  for (const file of manifest.groups.boot) modules.delete(file);
  const { PATH = "" } = process.env;
  const variables = {
    LAB_DIR: labFolder,
    LAB_HOME: labHome,
    LAB_KDIR: place.kernelFolder,
    LAB_VERSION: manifest.release,
    LAB_INSMOD: [...modules].join(" "),
    LAB_FROM: Object.values(place.ports).join(" "),
    LAB_TO: options.to.join(" "),
    LAB_RW: options.writable.join(" "),
    LAB_HOST: options.host === undefined ? "" : "1",
    ...place.ports,
    HOME: homedir(),
    LD_LIBRARY_PATH: join(labHome, "tools/usr/lib/x86_64-linux-gnu"),
    PATH: `${labFolder}/guest/bin:${labHome}/tools/sbin:${PATH}:/usr/sbin:/sbin`,
    ...options.env,
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return `${lines.join("\n")}\n`;
}

/**
 * A folder of the host for the guest.
 *
 * @param {string} tag
 * @param {string} path
 * @param {string} [access]
 */
const shared = (tag, path, access = "") => [
  "-fsdev",
  `local,id=${tag},path=${path},security_model=passthrough,multidevs=remap${access}`,
  "-device",
  `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`,
];

/**
 * @param {LabOptions} options
 * @param {Place} place
 */
function qemuWords(options, place) {
  const kernel = [`console=ttyS0 loglevel=${options.verbose ? 7 : 2} panic=-1 nokaslr`]
    .concat("mitigations=off no_timer_check cryptomgr.notests net.ifnames=0")
    .join(" ");
  return [
    ...["-M", "q35,accel=tcg", "-cpu", "qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt"],
    ...["-m", options.memory, "-no-reboot", "-nodefaults", "-display", "none"],
    ...["-kernel", join(place.kernelFolder, "vmlinux"), "-append", kernel],
    ...["-initrd", join(place.kernelFolder, "initrd")],
    ...["-serial", `file:${join(place.folder, "console.log")}`, "-device", "virtio-serial-pci"],
    // Node's pipes to a child are socket pairs, which QEMU takes as they are.
    ...["-chardev", "socket,id=out,fd=3", "-device", "virtserialport,chardev=out,name=lab.out"],
    ...["-chardev", "socket,id=err,fd=4", "-device", "virtserialport,chardev=err,name=lab.err"],
    ...networkWords(Object.values(place.ports), options.to),
    ...shared("labroot", "/", ",readonly=on"),
    ...shared("labrun", place.share),
    ...options.writable.flatMap((path, index) => shared(`labrw${index}`, path)),
    ...deviceWords(options.devices, place.folder),
  ];
}

/**
 * @param {LabOptions} options
 * @param {Place} place
 * @returns {Promise<number>} exit status
 */
function boot(options, place) {
  const log = openSync(join(place.folder, "qemu.log"), "w");
  const qemu = spawn("qemu-system-x86_64", qemuWords(options, place), {
    stdio: ["ignore", log, log, "pipe", "pipe"],
  });
  /** @type {import("node:stream").Readable} */ (qemu.stdio[3]).pipe(process.stdout);
  /** @type {import("node:stream").Readable} */ (qemu.stdio[4]).pipe(process.stderr);
  const here = hostCommand(options.host, place);
  let isLate = false;
  /** @type {NodeJS.Signals | undefined} */
  let signal;
  const stop = () => {
    here.stop();
    qemu.kill("SIGKILL");
  };
  const timer = setTimeout(() => {
    isLate = true;
    stop();
  }, options.timeoutSeconds * 1000);
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(name, () => {
      signal = name;
      stop();
    });
  }
  return new Promise((resolve, reject) => {
    qemu.on("error", (error) => reject(new LabFailure(`qemu-system-x86_64: ${error.message}`)));
    qemu.on("close", () => {
      clearTimeout(timer);
      here.stop();
      if (signal !== undefined) resolve(128 + constants.signals[signal]);
      else resolve(conclusion(options, place, isLate) || here.exitStatus());
    });
  });
}

/**
 * Runs the host's command when the guest's has ended well, and tells the guest when it is over.
 *
 * @param {string | undefined} command
 * @param {Place} place
 */
function hostCommand(command, place) {
  if (command === undefined) return { stop: () => {}, exitStatus: () => 0 };
  let exitStatus = 0;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  const watch = setInterval(() => {
    if (contents(join(place.share, "ready")) === "") return;
    clearInterval(watch);
    const env = { ...process.env, ...place.ports };
    child = spawn("sh", ["-c", command], { stdio: "inherit", env });
    child.on("close", (code, signal) => {
      exitStatus = code ?? 128 + constants.signals[signal ?? "SIGKILL"];
      writeFileSync(join(place.share, "stop"), "1");
    });
  }, 100);
  const stop = () => {
    clearInterval(watch);
    child?.kill("SIGTERM");
  };
  return { stop, exitStatus: () => exitStatus };
}

/**
 * @param {LabOptions} options
 * @param {Place} place
 * @param {boolean} isLate
 * @returns {number} exit status
 */
function conclusion(options, place, isLate) {
  const result = contents(join(place.share, "rc"));
  const isBroken = isLate || result === "";
  const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);
  if (options.verbose || isBroken) {
    for (const name of ["console.log", "qemu.log"]) {
      const lines = contents(join(place.folder, name)).split("\n");
      say(lines.slice(options.verbose ? 0 : -25).join("\n"));
    }
  }
  const problem = contents(join(place.share, "problem"));
  if (problem !== "") say(`lab: ${problem}`);
  if (isLate) say(`lab: stopped after ${options.timeoutSeconds} s`);
  else if (isBroken) say("lab: the guest ended without a result");
  if (isLate) return 124;
  return isBroken ? 125 : Number(result);
}
