/** Measures one case, given as JSON, and prints its figures as JSON: each case has a process, and a JIT, of its own. */
import { type CopyCase, runCopyCase } from "./cases/copy-case.ts";
import { type PairingCase, runPairingCase } from "./cases/pairing-case.ts";

type Case = CopyCase | PairingCase;

function run(options: Case): object {
  switch (options.kind) {
    case "copy":
      return runCopyCase(options);
    case "pairing":
      return runPairingCase(options);
  }
}

process.stdout.write(`${JSON.stringify(run(JSON.parse(process.argv[2] ?? "null")))}\n`);
