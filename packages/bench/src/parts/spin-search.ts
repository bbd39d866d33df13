import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExploreFigures } from "../cases/explore-case.ts";
import { temporaryFolder } from "../place/temporary-folder.ts";

const model = fileURLToPath(new URL("../../promela/copies.pml", import.meta.url));
const cpuAtExit = fileURLToPath(new URL("../../c/cpu-at-exit.c", import.meta.url));

/** The search that spin generates for the model, compiled. */
export interface SpinSearch {
  run(): ExploreFigures;
  remove(): void;
}

/** Generates and compiles the search of a model with so many copies, or says why it cannot. */
export function compileSearch(copies: number): SpinSearch | string {
  const folder = temporaryFolder();
  const say = (program: string, words: readonly string[]): string | undefined => {
    const { status, error, stdout, stderr } = spawnSync(program, words, {
      cwd: folder.path,
      encoding: "utf8",
    });
    if (error !== undefined) return `${program} is not here`;
    return status === 0 ? undefined : `${program} failed: ${stdout}${stderr}`;
  };
  const why =
    say("spin", ["-a", `-DCOPIES=${copies}`, model]) ??
    say("gcc", ["-w", "-O2", "-DSAFETY", "-DMEMLIM=4096", "-o", "pan", "pan.c", cpuAtExit]);
  if (why !== undefined) {
    folder.remove();
    return why;
  }
  return {
    run() {
      // A hash table for 16 million states, as large as the search may need: one that grows would cost it time.
      const words = ["-m1000000", "-w24"];
      const { stdout } = spawnSync(join(folder.path, "pan"), words, {
        cwd: folder.path,
        encoding: "utf8",
      });
      if (!/errors: 0/.test(stdout)) throw new Error(`the search by spin failed: ${stdout}`);
      const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1]);
      const states = number(/([\d.e+]+) states, stored/);
      const transitions = number(/([\d.e+]+) transitions/);
      const cpuSeconds = number(/CPU seconds: ([\d.]+)/);
      return {
        states,
        transitions,
        cpuSeconds,
        statesRate: states / cpuSeconds,
        transitionsRate: transitions / cpuSeconds,
        isWhole: true,
      };
    },
    remove: folder.remove,
  };
}
