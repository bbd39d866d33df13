import { closeSync, existsSync, ftruncateSync, openSync } from "node:fs";

/** A file of this size, without blocks. One that is there already stays as it is. */
export function sparseFile(path: string, bytes: number): string {
  if (existsSync(path)) return path;
  const fd = openSync(path, "w");
  ftruncateSync(fd, bytes);
  closeSync(fd);
  return path;
}
