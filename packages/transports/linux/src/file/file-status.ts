import { type DeviceStatus, type Status, status } from "@blockferry/core";
import { errnoName, linuxError } from "@blockferry/linux";
import { adviceFor } from "../system-error.ts";
import { fileMeans } from "./file-command.ts";

const EIO = 5;
const CUT_OR_BROKEN = "the file is shorter than it was, or its medium has failed";

/** What an error of copy_file_range(2), ioctl_ficlonerange(2), read(2) and write(2) means to a copy, by its name. */
const meanings: Readonly<Record<string, Status>> = {
  EOPNOTSUPP: status.unsupported,
  ENOSYS: status.unsupported,
  EXDEV: status.unsupported,
  ENOTTY: status.unsupported,
  EINVAL: status.unsupported,
  ETXTBSY: status.busy,
  EBUSY: status.busy,
  EAGAIN: status.busy,
  ENOSPC: status.capacityExceeded,
  EDQUOT: status.capacityExceeded,
  EFBIG: status.outOfRange,
  EROFS: status.writeProtected,
  EPERM: status.writeProtected,
  EACCES: status.writeProtected,
  EBADF: status.writeProtected,
  EUCLEAN: status.deviceError,
  ENODEV: status.removed,
  ENXIO: status.removed,
  ESTALE: status.removed,
};

/** The core status of an error number. */
export function coreStatusOf(errno: number): Status {
  return errno === 0 ? status.success : (meanings[errnoName(errno)] ?? status.deviceError);
}

/** True where the same call may succeed later. */
export function isRetryable(errno: number): boolean {
  return coreStatusOf(errno) === status.busy;
}

const meansNames = {
  [fileMeans.clone]: { means: "clone", name: "cloned" },
  [fileMeans.kernelCopy]: { means: "kernel-copy", name: "copied by the kernel" },
} as const;

/** What came of a call, in words. */
export function describeFile(means: number, errno: number, bytes: number): DeviceStatus {
  const fields = { errno, bytes };
  if (errno !== 0) {
    const { message } = linuxError(errno, "");
    const hint = errno === EIO ? CUT_OR_BROKEN : adviceFor(errno);
    const name = `${message.replace(/, $/, "")}${hint === undefined ? "" : `; ${hint}`}`;
    return { family: "file", code: errno, name, fields };
  }
  const told = meansNames[means as keyof typeof meansNames];
  return { family: "file", code: 0, ...(told ?? { name: "done" }), fields };
}
