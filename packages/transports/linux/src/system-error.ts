import { FerryError } from "@blockferry/core";
import { errnoName, linuxError } from "@blockferry/linux";

/** What to do about an error of the kernel, by its name. */
const advice: Readonly<Record<string, string>> = {
  EACCES:
    "run it as root, or give the user the capability: CAP_SYS_ADMIN for NVMe commands, CAP_SYS_RAWIO for SCSI commands; " +
    "and let the user open the file (group disk, or setfacl -m u:USER:rw FILE)",
  EPERM:
    "run it as root, or give the process the capability: CAP_SYS_ADMIN for NVMe commands, CAP_SYS_RAWIO for SCSI commands",
  EROFS: "the device is read-only to the kernel (blockdev --getro): only --readonly can open it",
  ENOTTY: "the device knows no such command: it is no device of this kind",
  EINVAL:
    "the driver does not take the command in this form: it may be too large (see max_hw_sectors_kb and max_segments in " +
    "/sys/block/NAME/queue), or the namespace is not this device's",
  EMSGSIZE: "the driver takes commands of 6 to 32 bytes",
  ENOMEM: "the kernel has no memory for the command's data: try again with smaller ranges",
  EBUSY: "something else uses the device",
  EAGAIN: "something else uses the device: try again",
  ENOENT: "there is no such file; blockferry list shows the devices",
  ENXIO: "there is no device behind this file, or it is gone",
  ENODEV: "the device is gone",
  EIO: "the kernel could not bring the command to the device, or its answer back: see dmesg",
  EINTR: "a signal came while the device worked: what it did is not known",
  EOPNOTSUPP: "the kernel or the device has no such operation",
};

/** What to do about an error number; `undefined` where there is nothing to say. */
export function adviceFor(errno: number): string | undefined {
  return advice[errnoName(Math.abs(errno))];
}

/** The error of a call that failed: its name, the call, the file, and what to do. `errno` may have either sign. */
export function systemError(
  code: string,
  what: string,
  errno: number,
  details: Readonly<Record<string, unknown>> = {},
): FerryError {
  const positive = Math.abs(errno);
  const cause = linuxError(positive, what);
  const hint = adviceFor(positive);
  return new FerryError(code, `${what}: ${cause.message.replace(/, .*$/, "")}`, {
    cause,
    details: { ...details, errno: -positive, errnoName: errnoName(positive) },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The error number of what a call of Node threw. */
export function errnoOf(error: unknown): number | undefined {
  const errno = (error as NodeJS.ErrnoException | undefined)?.errno;
  return typeof errno === "number" ? Math.abs(errno) : undefined;
}
