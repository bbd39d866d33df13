import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { storeError } from "./store-error.ts";

/** Who holds a lock file: a process number as its text says, and whether that process lives. */
export interface LockFileHolder {
  readonly holder: string;
  readonly alive: boolean;
}

const held = new Set<string>();
let watchesExit = false;

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody removed it already: it is gone, which is all that is asked.
  }
}

function release(path: string): void {
  if (held.delete(path)) removeFile(path);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readHolder(path: string): LockFileHolder {
  let holder: string;
  try {
    holder = readFileSync(path, "utf8").trim().slice(0, 20);
  } catch {
    holder = "unknown";
  }
  return { holder, alive: isAlive(Number(holder)) };
}

/**
 * Makes a file that only one process can make, with its process number in it. A file left by a
 * process that was killed is not taken over by itself: between looking and replacing, two could do
 * the same.
 *
 * @param force - replace the file of another
 */
export function takeLockFile(
  path: string,
  force: boolean,
): { readonly release: () => void } | LockFileHolder {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: force ? "w" : "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return readHolder(path);
    throw storeError(path, "make a lock file for", cause);
  }
  held.add(path);
  if (!watchesExit) {
    watchesExit = true;
    process.on("exit", () => {
      for (const left of held) removeFile(left);
    });
  }
  return { release: () => release(path) };
}
