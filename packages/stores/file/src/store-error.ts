import { FerryError } from "@blockferry/core";

interface Condition {
  readonly code: string;
  readonly says: string;
  readonly hint?: string;
}

const missing: Condition = {
  code: "FERRY_STORE_MISSING",
  says: "there is no such file",
  hint: "check the path, or make the image first",
};
const permission: Condition = {
  code: "FERRY_STORE_PERMISSION",
  says: "it may not be opened or written by this user",
  hint: "check the owner and mode of the file, or open it read-only",
};
const notAFile: Condition = {
  code: "FERRY_STORE_NOT_A_FILE",
  says: "it is not a regular file",
  hint: "name an image file",
};
const full: Condition = {
  code: "FERRY_STORE_FULL",
  says: "the file system is full or the quota is used up",
  hint: "free some space and run the same thing again",
};

const conditionByErrno: Readonly<Record<string, Condition>> = {
  ENOENT: missing,
  ENOTDIR: missing,
  EACCES: permission,
  EPERM: permission,
  EROFS: permission,
  ETXTBSY: permission,
  EISDIR: notAFile,
  ENXIO: notAFile,
  ENOTBLK: notAFile,
  ENOSPC: full,
  EDQUOT: full,
  EEXIST: {
    code: "FERRY_STORE_EXISTS",
    says: "the file is there already",
    hint: "open it without asking for a new one, or choose another path",
  },
  EFBIG: {
    code: "FERRY_STORE_TOO_LARGE",
    says: "it would be larger than the file system or the process allows",
  },
};

const other: Condition = { code: "FERRY_STORE_IO", says: "the operating system failed" };

/** The `FerryError` for what the operating system said about an image; the original is its cause. */
export function storeError(
  path: string,
  action: string,
  cause: unknown,
  details: Readonly<Record<string, unknown>> = {},
): FerryError {
  const errno = (cause as NodeJS.ErrnoException).code;
  const condition = (errno === undefined ? undefined : conditionByErrno[errno]) ?? other;
  const said = cause instanceof Error ? cause.message : String(cause);
  return new FerryError(
    condition.code,
    `cannot ${action} the image ${path}: ${condition.says} (${said})`,
    {
      cause,
      details: { path, action, errno, ...details },
      ...(condition.hint === undefined ? {} : { hint: condition.hint }),
    },
  );
}

/** The image ends before the store's end: somebody cut it while it was in use. */
export function shrunkError(path: string, bytes: number, bytesNow: number): FerryError {
  return new FerryError(
    "FERRY_STORE_SHRUNK",
    `the image ${path} shrank from ${bytes} to ${bytesNow} bytes while it was in use`,
    {
      details: { path, bytes, bytesNow },
      hint: "find out who cut it; what lay beyond its new end is lost",
    },
  );
}
