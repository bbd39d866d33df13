import { FerryError } from "@blockferry/core";
import type { LinuxCalls } from "@blockferry/linux";
import { takeLockFile } from "./lock-file.ts";
import { isRefusal } from "./refusal.ts";
import { storeError } from "./store-error.ts";

/**
 * How an image is kept from other processes: `flock` by flock(2); `lock-file` by a file beside it,
 * where there is no flock; `none` where the caller forced his way past another's lock, or reads
 * without flock.
 */
export type LockMeans = "flock" | "lock-file" | "none";

/** A lock that is held. */
export interface Lock {
  readonly means: LockMeans;
  release(): void;
}

/** What to lock. */
export interface LockRequest {
  readonly path: string;
  readonly fd: number;
  readonly readonly: boolean;
  readonly force: boolean;
  readonly calls: LinuxCalls | undefined;
}

const unlocked: Lock = { means: "none", release: () => {} };

function lockedError(path: string, why: string, details: Record<string, unknown>): FerryError {
  return new FerryError("FERRY_STORE_LOCKED", `the image ${path} is in use: ${why}`, {
    details: { path, ...details },
    hint: "let the other process finish, or use --force if you are sure that none is at work on it",
  });
}

/** flock(2); undefined where the file system has none. Closing the descriptor gives it back. */
function takeFlock(request: LockRequest, calls: LinuxCalls): Lock | undefined {
  const { path, fd, readonly, force } = request;
  let taken: boolean;
  try {
    taken = readonly ? calls.flockShared(fd) : calls.flockExclusive(fd);
  } catch (cause) {
    if (isRefusal(cause) || (cause as NodeJS.ErrnoException).code === "ENOLCK") return undefined;
    throw storeError(path, "lock", cause);
  }
  if (taken) return { means: "flock", release: () => {} };
  if (force) return unlocked;
  throw lockedError(path, "another process holds a lock on it", { means: "flock" });
}

/**
 * Locks an image: exclusively to write it, with other readers to read it.
 *
 * @throws FerryError `FERRY_STORE_LOCKED` where another process has it and `force` is not given
 */
export function lockImage(request: LockRequest): Lock {
  const flock = request.calls === undefined ? undefined : takeFlock(request, request.calls);
  if (flock !== undefined) return flock;
  if (request.readonly) return unlocked; // a reader may not even be allowed to make a file beside it
  const { path, force } = request;
  const result = takeLockFile(`${path}.lock`, force);
  if ("release" in result) return { means: "lock-file", release: result.release };
  const { holder, alive } = result;
  const why = alive
    ? `process ${holder} says so in ${path}.lock`
    : `${path}.lock names process ${holder}, which is gone; remove that file`;
  throw lockedError(path, why, { means: "lock-file", holder, alive });
}
