import type { Outcome, Running } from "./command-line.ts";
import type { Disk } from "./disk.ts";

/** Where a case runs: on devices of the guest, or on emulated devices. */
export interface Bench {
  readonly side: "real" | "model";
  /** Kernel of the guest, as `--kernel`; undefined beside emulated devices. */
  readonly kernel: string | undefined;
  /** A folder for files of the case. */
  readonly scratch: string;
  /** The disk that the rig knows by this name, as it is found now. */
  disk(name: string): Disk;
  /** Runs the command line with `-o json`; its outcome must be alike on both sides. */
  cli(...words: string[]): Promise<Outcome>;
  /** The same, of what both sides say in their own words: not compared. */
  cliAside(...words: string[]): Promise<Outcome>;
  /** Starts the command line, which the case will disturb: not compared. */
  startCli(...words: string[]): Running;
}

/** A test that runs with the same code on a real device and on its model. */
export interface LabCase {
  readonly name: string;
  run(bench: Bench): Promise<void>;
  /** Fields of observations that are known to differ, each with the heading in docs/reality.md that tells why. */
  readonly differs?: Readonly<Record<string, string>>;
  /** How far each side gets is chance: both keep the same promises, and are not compared. */
  readonly isAside?: boolean;
}

/** Devices that cases are run on. */
export interface Rig {
  /** Words for `lab run`. `folder` is the host's, for files that the devices need. */
  labWords(folder: string): string[];
  /** Makes the disks in the guest. */
  real(scratch: string): (name: string) => Disk;
  /** Makes images for emulated devices. `kernel`: what they are compared with. */
  model(scratch: string, kernel: string): (name: string) => Disk;
  /** What the kernel does is emulated too, so that each kernel has models of its own. Default: one for all. */
  readonly modelsKernels?: boolean;
}

/** A rig and what is tried on it, in one boot. */
export interface Group {
  readonly rig: Rig;
  readonly cases: readonly LabCase[];
}
