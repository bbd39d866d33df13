import { constants } from "node:os";
import { getSystemErrorMap } from "node:util";

// Block-layer results of Linux (block/blk-core.c, blk_errors[]) that Node's tables leave out.
const errorsNodeLeavesOut: readonly (readonly [number, string, string])[] = [
  [52, "EBADE", "reservation conflict"],
  [117, "EUCLEAN", "structure needs cleaning"],
  [121, "EREMOTEIO", "remote I/O error"],
];

let nameByErrno: Map<number, string> | undefined;

function names(): Map<number, string> {
  if (nameByErrno !== undefined) return nameByErrno;
  const found = new Map<number, string>();
  for (const [number, name] of errorsNodeLeavesOut) found.set(number, name);
  for (const [name, number] of Object.entries(constants.errno)) {
    if (!found.has(number)) found.set(number, name);
  }
  // Two names for one number: the manual pages of these calls say EAGAIN and EOPNOTSUPP.
  found.set(constants.errno.EAGAIN, "EAGAIN");
  found.set(constants.errno.EOPNOTSUPP, "EOPNOTSUPP");
  nameByErrno = found;
  return found;
}

/** The name of a C error number as the manual pages spell it: 28 is `ENOSPC`. */
export function errnoName(errno: number): string {
  return names().get(errno) ?? `E${errno}`;
}

function describe(errno: number): string {
  const known = getSystemErrorMap().get(-errno)?.[1];
  if (known !== undefined) return known;
  return errorsNodeLeavesOut.find(([number]) => number === errno)?.[2] ?? "unknown error";
}

/**
 * An error in the shape of Node's own system errors: `code` is the name (`ENOSPC`), `errno` the
 * negative number (-28), `syscall` the call that failed.
 *
 * @param errno - the C error number, positive
 */
export function linuxError(errno: number, syscall: string): NodeJS.ErrnoException {
  const code = errnoName(errno);
  const error: NodeJS.ErrnoException = new Error(`${code}: ${describe(errno)}, ${syscall}`);
  error.code = code;
  error.errno = -errno;
  error.syscall = syscall;
  return error;
}
