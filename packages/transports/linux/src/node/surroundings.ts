import { statSync } from "node:fs";

/** The number of a device's file: what it is, whatever it is called. */
export interface DeviceNumber {
  readonly kind: "block" | "char";
  readonly major: number;
  readonly minor: number;
}

/** Where the kernel tells of its devices. */
export interface Surroundings {
  /** Default `/sys`. */
  readonly sysfs: string;
  /** Default `/proc`. */
  readonly proc: string;
  /** `undefined` for what is no device. @throws NodeJS.ErrnoException */
  readonly deviceNumberOf: (path: string) => DeviceNumber | undefined;
}

/** Splits a device number as glibc's gnu_dev_major() and gnu_dev_minor() do. */
function split(rdev: bigint): { readonly major: number; readonly minor: number } {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  return { major: Number(major), minor: Number(minor) };
}

function deviceNumberOf(path: string): DeviceNumber | undefined {
  const stat = statSync(path, { bigint: true });
  if (stat.isBlockDevice()) return { kind: "block", ...split(stat.rdev) };
  if (stat.isCharacterDevice()) return { kind: "char", ...split(stat.rdev) };
  return undefined;
}

/** This machine. */
export const machine: Surroundings = { sysfs: "/sys", proc: "/proc", deviceNumberOf };
