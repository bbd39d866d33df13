/** Measures one case, given as JSON, and prints its figures as JSON: each case has a process, and a JIT, of its own. */
import { runCopyCase } from "./cases/copy-case.ts";

const options = JSON.parse(process.argv[2] ?? "null");
const figures = runCopyCase(options);
process.stdout.write(`${JSON.stringify(figures)}\n`);
