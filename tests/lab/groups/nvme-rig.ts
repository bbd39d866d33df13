import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Disk } from "../support/disk.ts";
import { sparseFile } from "../support/images.ts";
import type { Rig } from "../support/lab-case.ts";
import { protectedImage } from "../support/protected-image.ts";

/** A namespace of QEMU's controller. Limits are Identify fields as they are: MSRC is 0's based. */
export interface NamespaceSpec {
  readonly mib: number;
  readonly bytesPerBlock: 512 | 4096;
  readonly mssrl: number;
  readonly mcl: number;
  readonly msrc: number;
  /** Protection information of type 1, that is all there is of the metadata: bits of its guard. */
  readonly guardBits?: 16 | 64;
  /** Blocks that cannot be read: first and number. */
  readonly unreadable?: readonly [lba: number, blocks: number];
}

/** Controllers in order, each with its namespaces by name. */
export type Controllers = readonly Readonly<Record<string, NamespaceSpec>>[];

/** blkdebug's rules for reads that fail; sectors of 512 bytes. */
function rulesFor([lba, blocks]: readonly [number, number]): string {
  const rules = Array.from({ length: blocks }, (_, index) =>
    [
      "[inject-error]",
      'event = "read_aio"',
      'iotype = "read"',
      'errno = "5"',
      'once = "off"',
      `sector = "${lba + index}"`,
    ].join("\n"),
  );
  return `${rules.join("\n\n")}\n`;
}

/** Properties of QEMU's nvme-ns, and parameters of a model's URI, by the guard. */
const qemuProtection = { 16: "ms=8,pi=1", 64: "ms=16,pi=1,pif=2" } as const;
const modelProtection = { 16: "&ms=8&pi=1", 64: "&ms=16&pi=1&pif=64" } as const;

function qemuSpec(name: string, spec: NamespaceSpec, folder: string): string {
  const { mib, bytesPerBlock, mssrl, mcl, msrc, guardBits, unreadable } = spec;
  const words = [`size=${mib}M`, `mssrl=${mssrl},mcl=${mcl},msrc=${msrc}`];
  if (bytesPerBlock !== 512) words.push(`bs=${bytesPerBlock}`);
  if (guardBits !== undefined) words.push(qemuProtection[guardBits]);
  if (unreadable !== undefined) {
    const rules = `${folder}/${name}.rules`;
    writeFileSync(rules, rulesFor(unreadable));
    const image = sparseFile(`${folder}/${name}.disk`, mib * 2 ** 20);
    words[0] = `file=blkdebug:${rules}:${image}`;
  }
  return words.join(",");
}

const contents = (path: string): string => readFileSync(path, "utf8").trim();

/**
 * Name of the namespace's block device. `nvme0n1` need not be namespace 1: Linux 6.12 finds them side by side and counts in
 * the order in which they answer.
 */
function namespaceName(serial: string, nsid: number): string {
  const classFolder = "/sys/class/nvme";
  for (const controller of readdirSync(classFolder)) {
    const folder = `${classFolder}/${controller}`;
    if (contents(`${folder}/serial`) !== serial) continue;
    const names = readdirSync(folder).filter((name) => /^nvme\d+n\d+$/.test(name));
    const found = names.find((name) => contents(`/sys/block/${name}/nsid`) === String(nsid));
    if (found !== undefined) return found;
  }
  throw new Error(`no namespace ${nsid} of ${serial}`);
}

function modelUri(image: string, spec: NamespaceSpec): string {
  const { bytesPerBlock, mssrl, mcl, msrc, guardBits, unreadable } = spec;
  const limits = `bs=${bytesPerBlock}&mssrl=${mssrl}&mcl=${mcl}&msrc=${msrc}`;
  const fault = unreadable && `&fault=unrecovered-read,at=${unreadable[0]}%2B${unreadable[1]}`;
  const protection = guardBits === undefined ? "" : modelProtection[guardBits];
  return `nvme-model:${image}?peer=qemu-7.2&${limits}${protection}${fault ?? ""}`;
}

/** What protection information needs beside an image. */
function driverOf(path: string, { bytesPerBlock, mib, guardBits }: NamespaceSpec): Partial<Disk> {
  if (guardBits === undefined) return {};
  const metadataPath = `${path}.meta`;
  const bytes = mib * 2 ** 20;
  return { driver: protectedImage({ path, metadataPath, bytes, bytesPerBlock, guardBits }) };
}

/**
 * QEMU's NVMe controllers and their models. A model has one format and one set of limits for all its namespaces, so each
 * namespace gets a model of its own, with those of the same spec beside it.
 */
export function nvmeRig(controllers: Controllers): Rig {
  const specs = new Map(controllers.flatMap((one) => Object.entries(one)));
  const specOf = (name: string): NamespaceSpec => {
    const spec = specs.get(name);
    if (spec === undefined) throw new Error(`no namespace ${name}`);
    return spec;
  };
  const shape = (name: string) => {
    const { bytesPerBlock, mib } = specOf(name);
    return { bytesPerBlock, bytes: mib * 2 ** 20 };
  };
  return {
    labWords: (folder) =>
      controllers.flatMap((namespaces) =>
        Object.entries(namespaces).flatMap(([name, spec], index) => [
          index === 0 ? "--nvme" : "--ns",
          qemuSpec(name, spec, folder),
        ]),
      ),
    real: () => (name) => {
      const number = controllers.findIndex((one) => name in one);
      const nsid = Object.keys(controllers[number] ?? {}).indexOf(name) + 1;
      const path = `/dev/${namespaceName(`LABNVME${number}`, nsid)}`;
      const beside = (other: Disk) => {
        const of = contents(`/sys/block/${other.path.slice("/dev/".length)}/nsid`);
        return { uri: `${path}?ns${of}=${other.path}`, name: `ns${of}` };
      };
      // Protection information takes some of the room.
      const bytes = Number(contents(path.replace("/dev/", "/sys/block/").concat("/size"))) * 512;
      return { uri: path, path, ...shape(name), bytes, beside };
    },
    model: (scratch) => (name) => {
      const path = sparseFile(`${scratch}/${name}.img`, shape(name).bytes);
      const uri = modelUri(path, specOf(name));
      const beside = (other: Disk) => ({ uri: `${uri}&ns2=${other.path}`, name: "ns2" });
      return { uri, path, ...shape(name), ...driverOf(path, specOf(name)), beside };
    },
  };
}
