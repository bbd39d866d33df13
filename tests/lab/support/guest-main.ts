// Runs the cases of a group in the guest, which has it as one file: a report on each line, as they end.
//   node guest-main.js GROUP KERNEL
import { mkdtempSync, rmSync } from "node:fs";
import { groups } from "../groups/index.ts";
import { runCase } from "./run-case.ts";

const [name = "", kernel = ""] = process.argv.slice(2);
const group = groups[name];
if (group === undefined) throw new Error(`no group ${name}`);
const scratch = mkdtempSync("/tmp/lab-");
const disk = group.rig.real(scratch);
const only = new RegExp(process.env.LAB_CASES ?? "");
for (const labCase of group.cases.filter((one) => only.test(one.name))) {
  const folder = `${scratch}/case`;
  const report = await runCase(labCase, disk, { side: "real", kernel, scratch: folder });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  rmSync(folder, { recursive: true, force: true });
}
