import { exitStatus } from "@blockferry/core/exit-status";
import { descriptorOutput } from "./output/descriptor-output.ts";
import { runCli } from "./program.ts";

const COLUMNS_DEFAULT = 80;

/** Nothing is left to wait for, and yet the work has not ended: a defect, which must not look like an end. */
function reportStall(): void {
  process.stderr.write(
    "blockferry: the work stopped before its end; what was done is not known (FERRY_INTERNAL)\n" +
      "this is a defect of blockferry; please report it\n",
  );
  process.exitCode = exitStatus.logicError;
}

process.once("beforeExit", reportStall);

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: descriptorOutput(1, "standard output", () => process.stdout.columns ?? COLUMNS_DEFAULT),
  stderr: descriptorOutput(2, "standard error", () => process.stderr.columns ?? COLUMNS_DEFAULT),
  env: process.env,
  // Beside this module in the bundle, whichever chunk starts threads.
  explorerThread: new URL("./explore-worker.js", import.meta.url),
  onSignal(signal, handler) {
    process.on(signal, handler);
    return () => process.off(signal, handler);
  },
});
process.off("beforeExit", reportStall);
