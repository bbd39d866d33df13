import { descriptorOutput } from "./output/descriptor-output.ts";
import { runCli } from "./program.ts";

const COLUMNS_DEFAULT = 80;

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: descriptorOutput(1, "standard output", () => process.stdout.columns ?? COLUMNS_DEFAULT),
  stderr: descriptorOutput(2, "standard error", () => process.stderr.columns ?? COLUMNS_DEFAULT),
  env: process.env,
  onSignal(signal, handler) {
    process.on(signal, handler);
    return () => process.off(signal, handler);
  },
});
