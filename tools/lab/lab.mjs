#!/usr/bin/env node
// lab: runs a command in a throw-away Linux guest that has real block devices. README.md says the rest.
import { runInGuest } from "./src/guest.mjs";
import { LabFailure } from "./src/lab-failure.mjs";
import { optionsFrom, usage } from "./src/options.mjs";
import { setUp } from "./src/set-up.mjs";

const [verb, ...words] = process.argv.slice(2);
try {
  if (verb === "setup") setUp(optionsFrom(words).kernel);
  else if (verb === "run") process.exitCode = await runInGuest(optionsFrom(words));
  else throw new LabFailure(usage, 2);
} catch (error) {
  if (!(error instanceof LabFailure)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
  process.exitCode = error.exitStatus;
}
