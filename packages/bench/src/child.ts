/** Measures one case, given as JSON, and prints its figures as JSON: each case has a process, and a JIT, of its own. */
import { type CodecCase, type CodecFigures, runCodecCase } from "./cases/codec-case.ts";
import { type CopyCase, type CopyFigures, runCopyCase } from "./cases/copy-case.ts";
import { type ExploreCase, type ExploreFigures, runExploreCase } from "./cases/explore-case.ts";
import { type ModelCase, runModelCase } from "./cases/model-case.ts";
import { type PairingCase, type PairingFigures, runPairingCase } from "./cases/pairing-case.ts";
import { type RateFigures, runSegmentsCase, type SegmentsCase } from "./cases/segments-case.ts";

export type Case = CodecCase | CopyCase | ExploreCase | ModelCase | PairingCase | SegmentsCase;
export type FiguresOf<C extends Case> = C extends CodecCase
  ? CodecFigures
  : C extends CopyCase
    ? CopyFigures
    : C extends ExploreCase
      ? ExploreFigures
      : C extends PairingCase
        ? PairingFigures
        : RateFigures;

async function run(options: Case): Promise<object> {
  switch (options.kind) {
    case "codec":
      return runCodecCase(options);
    case "copy":
      return runCopyCase(options);
    case "explore":
      return runExploreCase(options);
    case "pairing":
      return runPairingCase(options);
    case "segments":
      return runSegmentsCase(options);
    case "model":
      return runModelCase(options);
  }
}

process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? "null")))}\n`);
