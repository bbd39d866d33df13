import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../place/temporary-folder.ts";

const sources = fileURLToPath(new URL("../../c/", import.meta.url));

/** What the C loops and the children print. */
export interface LoopFigures {
  readonly checksum: string;
  readonly operations: number;
  readonly cpuSeconds: number;
}

/** The C loops, compiled. */
export interface CPrograms {
  /** The compiler's own name and version. */
  readonly compiler: string;
  run(program: "plan" | "pairing", words: readonly (string | number)[]): LoopFigures;
  remove(): void;
}

/** Compiles the C loops with `gcc -O2`, or says why it cannot. */
export function compilePrograms(): CPrograms | string {
  const version = spawnSync("gcc", ["--version"], { encoding: "utf8" });
  if (version.error !== undefined || version.status !== 0) return "gcc is not here";
  const folder = temporaryFolder();
  for (const program of ["plan", "pairing"]) {
    const words = ["-O2", "-o", join(folder.path, program), join(sources, `${program}.c`)];
    const { status, stderr } = spawnSync("gcc", words, { encoding: "utf8" });
    if (status !== 0) {
      folder.remove();
      return `gcc does not compile ${program}.c: ${stderr.trim()}`;
    }
  }
  return {
    compiler: `${version.stdout.split("\n")[0]} -O2`,
    run(program, words) {
      const { status, stdout, error } = spawnSync(join(folder.path, program), words.map(String), {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`${program}.c failed: ${error?.message ?? status}`);
      return JSON.parse(stdout) as LoopFigures;
    },
    remove: folder.remove,
  };
}
