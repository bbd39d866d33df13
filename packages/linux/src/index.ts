/**
 * The Linux calls that Node lacks, through koffi, which is optional at run time.
 *
 * @packageDocumentation
 */
export { type FileSystem, fileSystemOf } from "./file-system.ts";
export { explain, linux, requireLinux } from "./linux.ts";
export type {
  BlockDevice,
  CallDone,
  CallPool,
  CallPoolOptions,
  CloneRange,
  IoctlResult,
  LinuxCalls,
  LockOptions,
} from "./linux-calls.ts";
export { errnoName, linuxError } from "./linux-error.ts";
export type { Unavailable } from "./probe.ts";
