import { realpathSync } from "node:fs";
import { LabFailure } from "./lab-failure.mjs";

export const usage = `usage: lab setup [--kernel 6.12|6.1]
       lab run [OPTION...] -- COMMAND [WORD...]                      run COMMAND in the guest
       lab run [OPTION...] --host 'COMMAND' -- COMMAND [WORD...]     then run another one here, while the guest stays
Devices, in order; SPEC is NAME=VALUE,...
  --nvme SPEC    NVMe controller with one namespace: size=64M bs=512 mssrl= mcl= msrc= file=, or what nvme-ns takes
  --ns SPEC      a further namespace of the last controller
  --sata SPEC    SATA disk on AHCI: size= file=, or what ide-hd takes
  --scsi SPEC    disk on virtio-scsi: size= bs= file=, or what scsi-hd takes
  --disk SPEC    virtio-blk disk: size= bs= file=
Ports, 127.0.0.1:PORT on both sides
  --from PORT    the guest listens, and is reached from here; 0: a free port. Both sides read $LAB_PORT, $LAB_PORT2, ...
  --to PORT      the host listens, and is reached from the guest
The rest
  --rw FOLDER    what the guest writes there reaches the host; all its other writes are lost
  --env K=V      set K in the guest
  --kernel 6.12|6.1 (default: $LAB_KERNEL, or 6.12)   --mem 1G   --timeout 600 (seconds)   -v: the kernel's console
Exit status: the command's; 124 after the timeout, 125 when the lab failed`;

/** @typedef {"nvme" | "ns" | "sata" | "scsi" | "disk"} DeviceKind */

/**
 * @typedef {object} LabOptions
 * @property {{ kind: DeviceKind, properties: Record<string, string> }[]} devices
 * @property {string[]} from
 * @property {string[]} to
 * @property {string[]} writable
 * @property {Record<string, string>} env
 * @property {string} kernel
 * @property {string} memory
 * @property {number} timeoutSeconds
 * @property {boolean} verbose
 * @property {string} [host] shell command for the host
 * @property {string[]} command
 */

/**
 * @param {string} text
 * @returns {[string, string]}
 */
function nameAndValue(text) {
  const [name = "", value = ""] = text.split(/=(.*)/s);
  return [name, value];
}

/** @param {string} text */
const spec = (text) => Object.fromEntries(text.split(",").filter(Boolean).map(nameAndValue));

/** @type {Record<string, (options: LabOptions, value: string) => void>} */
const withValue = {
  from: (options, value) => options.from.push(value),
  to: (options, value) => options.to.push(value),
  rw: (options, value) => options.writable.push(realpathSync(value)),
  env: (options, value) => Object.assign(options.env, Object.fromEntries([nameAndValue(value)])),
  kernel: (options, value) => Object.assign(options, { kernel: value }),
  mem: (options, value) => Object.assign(options, { memory: value }),
  timeout: (options, value) => Object.assign(options, { timeoutSeconds: Number(value) }),
  host: (options, value) => Object.assign(options, { host: value }),
};
for (const kind of /** @type {const} */ (["nvme", "ns", "sata", "scsi", "disk"])) {
  withValue[kind] = ({ devices }, value) => devices.push({ kind, properties: spec(value) });
}

/**
 * Reads the words after `lab run` or `lab setup`.
 *
 * @param {readonly string[]} words
 * @returns {LabOptions}
 */
export function optionsFrom(words) {
  const end = words.indexOf("--");
  const own = end < 0 ? [...words] : words.slice(0, end);
  /** @type {LabOptions} */
  const options = {
    devices: [],
    from: [],
    to: [],
    writable: [],
    env: {},
    kernel: process.env.LAB_KERNEL || "6.12",
    memory: "1G",
    timeoutSeconds: 600,
    verbose: false,
    command: end < 0 ? [] : words.slice(end + 1),
  };
  for (let word = own.shift(); word !== undefined; word = own.shift()) {
    if (word === "-v") {
      options.verbose = true;
      continue;
    }
    const take = word.startsWith("--") ? withValue[word.slice(2)] : undefined;
    if (take === undefined) throw new LabFailure(`no option ${word}\n${usage}`, 2);
    const value = own.shift();
    if (value === undefined) throw new LabFailure(`${word} needs a value`, 2);
    take(options, value);
  }
  if (!(options.timeoutSeconds > 0)) throw new LabFailure("--timeout needs seconds", 2);
  return options;
}
