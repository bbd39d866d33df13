import type { Group } from "../support/lab-case.ts";
import { disturbedGroup } from "./disturbed.ts";
import { fileSystemGroup } from "./file-systems.ts";
import { lio } from "./lio.ts";
import { nvme } from "./nvme.ts";
import { withoutCopy } from "./without-copy.ts";

/** Every group by name: what the guest is told to run. */
export const groups: Readonly<Record<string, Group>> = {
  nvme,
  lio,
  "without-copy": withoutCopy,
  disturbed: disturbedGroup,
  "file-systems": fileSystemGroup,
};
