import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { FerryError } from "@blockferry/core";
import type { Output } from "./surroundings.ts";

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

/**
 * Writes to a descriptor of the process, at once and in order: what was written is out even if the process is killed,
 * and a full disk or a closed pipe shows where it happens.
 *
 * @throws FerryError `FERRY_FILE_WRITE` on every failure but EPIPE
 */
export function descriptorOutput(fd: number, name: string, columns: () => number): Output {
  const encoder = new TextEncoder();
  let closed = false;
  return {
    isTerminal: isatty(fd),
    get columns() {
      return columns();
    },
    write(text) {
      let rest = encoder.encode(text);
      while (!closed && rest.length > 0) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          const { code, message } = error as NodeJS.ErrnoException;
          if (code === "EPIPE") closed = true;
          else if (code === "EAGAIN") pause();
          else {
            closed = true;
            throw new FerryError("FERRY_FILE_WRITE", `cannot write to ${name}: ${message}`, {
              cause: error,
            });
          }
        }
      }
      return !closed;
    },
  };
}
