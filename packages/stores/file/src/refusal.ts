// What a file system says that does not offer an operation, or not for these files, or a sandbox
// that forbids it: the next try would fail as well. Anything else is a failure of this once.
const refusals: ReadonlySet<string> = new Set([
  "EOPNOTSUPP",
  "ENOTSUP",
  "ENOSYS",
  "ENOTTY",
  "EXDEV",
  "EINVAL",
  "EPERM",
  "ETXTBSY",
]);

/** True where the error says "not here", so that another means is to be used from now on. */
export function isRefusal(error: unknown): boolean {
  return refusals.has((error as NodeJS.ErrnoException).code ?? "");
}
