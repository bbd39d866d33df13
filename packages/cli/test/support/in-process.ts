import { pathToFileURL } from "node:url";
import { inject } from "vitest";
import type { Output, Surroundings } from "../../src/output/surroundings.ts";
import { runCli } from "../../src/program.ts";

export interface Printed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function collector(columns: number): Output & { readonly text: () => string } {
  let text = "";
  return {
    isTerminal: false,
    columns,
    write(more) {
      text += more;
      return true;
    },
    text: () => text,
  };
}

/** Runs the command line inside this process, from the sources. */
export async function runHere(words: readonly string[], columns = 100): Promise<Printed> {
  const stdout = collector(columns);
  const stderr = collector(columns);
  const surroundings: Surroundings = {
    stdout,
    stderr,
    env: { NO_COLOR: "1" },
    explorerThread: new URL("./explore-worker.js", pathToFileURL(inject("blockferryMain"))),
    onSignal: () => () => {},
  };
  const status = await runCli(words, surroundings);
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}
