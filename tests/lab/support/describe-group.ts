import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { root } from "../../../scripts/packages.mjs";
import { groups } from "../groups/index.ts";
import type { LabCase } from "./lab-case.ts";
import { type CaseReport, type Observation, runCase } from "./run-case.ts";

const kernels = ["6.12", "6.1"];
// Only ends what hangs: a guest of ours takes two minutes on an idle machine.
const timeoutSeconds = 840;

/** Boots a guest and runs the group's cases in it. */
async function reportsFromGuest(name: string, kernel: string, folder: string) {
  const reports = new Map<string, CaseReport>();
  const runner = [process.execPath, inject("guestMain"), name, kernel];
  const cases = ["--env", `LAB_CASES=${process.env.LAB_CASES ?? ""}`];
  const words = ["run", "--kernel", kernel, "--timeout", String(timeoutSeconds), ...cases];
  const devices = groups[name]?.rig.labWords(folder) ?? [];
  const lab = spawn(
    process.execPath,
    [join(root, "tools/lab/lab.mjs"), ...words, ...devices, "--", ...runner],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  lab.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  createInterface(lab.stdout).on("line", (line) => {
    if (!line.startsWith("{")) {
      said += `${line}\n`;
      return;
    }
    const report: CaseReport = JSON.parse(line);
    reports.set(report.name, report);
  });
  await once(lab, "close");
  return { reports, said };
}

/** Observations without the fields that are known to differ. */
function comparable(observations: readonly Observation[], { differs = {} }: LabCase) {
  return observations.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([name]) => !(name in differs))),
  );
}

/** Tests of a group: each case on each kernel's device, on the model, and both compared. */
export function describeGroup(name: string, only: readonly string[] = kernels): void {
  const { rig, cases } = groups[name] ?? { cases: [] };
  const missing = inject("labMissing");
  if (rig === undefined) throw new Error(`no group ${name}`);
  if (missing !== "") {
    it(`${name}: has a lab`, (context) => context.skip(missing));
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "blockferry-lab-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const modelled = rig.modelsKernels === true ? only : only.slice(0, 1);
  const models = new Map<string, CaseReport>();

  for (const kernel of modelled) {
    const which = rig.modelsKernels === true ? `models of kernel ${kernel}` : "models";
    describe(`${name} on ${which}`, () => {
      const images = join(folder, kernel);
      mkdirSync(images);
      const disk = rig.model(images, kernel);
      for (const labCase of cases) {
        it(labCase.name, async () => {
          const scratch = join(images, "case");
          const where = { side: "model", kernel: undefined, scratch } as const;
          const report = await runCase(labCase, disk, where);
          rmSync(scratch, { recursive: true, force: true });
          models.set(`${kernel} ${labCase.name}`, report);
          expect(report.error ?? "").toBe("");
        });
      }
    });
  }
  describe.each(only)(`${name} on kernel %s`, (kernel) => {
    let guest: Awaited<ReturnType<typeof reportsFromGuest>>;
    beforeAll(async () => {
      guest = await reportsFromGuest(name, kernel, folder);
    });
    for (const labCase of cases) {
      it(labCase.name, () => {
        const report = guest.reports.get(labCase.name);
        expect(report === undefined ? `no report; ${guest.said}` : (report.error ?? "")).toBe("");
      });
      if (labCase.isAside === true) continue;
      it(`${labCase.name}: alike on the model`, () => {
        const ofKernel = modelled.includes(kernel) ? kernel : modelled[0];
        const model = models.get(`${ofKernel} ${labCase.name}`)?.observations ?? [];
        const device = guest.reports.get(labCase.name)?.observations ?? [];
        expect(device.length).toBeGreaterThan(0);
        expect(comparable(model, labCase)).toEqual(comparable(device, labCase));
      });
    }
  });
}
