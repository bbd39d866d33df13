import { basename, join } from "node:path";
import type { BlockNode } from "./device-node.ts";
import { linesOf, type Mount, mountsNow, unescaped } from "./mounts.ts";
import { machine, type Surroundings } from "./surroundings.ts";
import { attribute, fileOf, linked, namesIn } from "./sysfs.ts";

function swaps({ proc }: Surroundings): ReadonlySet<string> {
  const [, ...rows] = linesOf(join(proc, "swaps"));
  return new Set(rows.map((row) => unescaped(row.split(/\s/)[0])));
}

/** What a device is called, with the name that device mapper gives it. */
function titleOf(folder: string): string {
  const name = basename(folder);
  const mapped = attribute(folder, "dm/name");
  return mapped === undefined || mapped === "" ? name : `${name} (${mapped})`;
}

/** Folder, number and names of a device and of all that lies on it: partitions, and devices that are made of them. */
interface Layer {
  readonly folder: string;
  /** The device that it is made of, of which it is no part. */
  readonly below: string | undefined;
  readonly names: readonly string[];
}

/** A disk and all that lies on it, each once. */
function layersOf(disk: BlockNode): Layer[] {
  const layers: Layer[] = [];
  const look = (folder: string, below: string | undefined): void => {
    if (layers.some((layer) => layer.folder === folder)) return;
    const mapped = attribute(folder, "dm/name");
    const names = [attribute(folder, "dev") ?? "", fileOf(folder), `/dev/mapper/${mapped ?? ""}`];
    layers.push({ folder, below, names });
    for (const name of namesIn(join(folder, "holders"))) {
      const holder = linked(join(folder, "holders", name));
      if (holder !== undefined) look(holder, folder);
    }
    for (const name of namesIn(folder)) {
      const part = join(folder, name);
      if (attribute(part, "partition") !== undefined) look(part, undefined);
    }
  };
  look(disk.folder, undefined);
  return layers;
}

const isOn = ({ names }: Layer, { number, source }: Mount): boolean =>
  names.includes(number) || names.includes(source);

/** The file systems that are mounted from a disk, its partitions, and the devices that are made of them. */
export function mountsOn(disk: BlockNode, surroundings: Surroundings = machine): Mount[] {
  const layers = layersOf(disk);
  return mountsNow(surroundings).filter((mount) => layers.some((layer) => isOn(layer, mount)));
}

/**
 * Who uses a disk: file systems and swap space on it, on its partitions, and on the devices that are made of them (device
 * mapper, md). One sentence each; empty where nobody does, as far as the kernel tells.
 */
export function usersOf(disk: BlockNode, surroundings: Surroundings = machine): string[] {
  const mounted = mountsNow(surroundings);
  const swapping = swaps(surroundings);
  return layersOf(disk).flatMap((layer) => {
    const { folder, below, names } = layer;
    const mount = mounted.find((one) => isOn(layer, one));
    return [
      ...(below === undefined ? [] : [`${titleOf(folder)} is made of ${basename(below)}`]),
      ...(mount === undefined ? [] : [`${titleOf(folder)} is mounted on ${mount.place}`]),
      ...(names.some((name) => swapping.has(name)) ? [`${titleOf(folder)} is swap space`] : []),
    ];
  });
}
