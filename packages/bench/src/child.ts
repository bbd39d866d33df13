/** Measures one case, given as JSON, and prints its figures as JSON: each case has a process, and a JIT, of its own. */
import { type CodecCase, type CodecFigures, runCodecCase } from "./cases/codec-case.ts";
import { type CopyCase, type CopyFigures, runCopyCase } from "./cases/copy-case.ts";
import { type ExploreCase, type ExploreFigures, runExploreCase } from "./cases/explore-case.ts";
import { type PairingCase, type PairingFigures, runPairingCase } from "./cases/pairing-case.ts";

export type Case = CodecCase | CopyCase | ExploreCase | PairingCase;
export type FiguresOf<C extends Case> = C extends CodecCase
  ? CodecFigures
  : C extends CopyCase
    ? CopyFigures
    : C extends ExploreCase
      ? ExploreFigures
      : PairingFigures;

function run(options: Case): object {
  switch (options.kind) {
    case "codec":
      return runCodecCase(options);
    case "copy":
      return runCopyCase(options);
    case "explore":
      return runExploreCase(options);
    case "pairing":
      return runPairingCase(options);
  }
}

process.stdout.write(`${JSON.stringify(run(JSON.parse(process.argv[2] ?? "null")))}\n`);
