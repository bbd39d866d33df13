import { describe, expect, it } from "vitest";
import { modelLoads, runModelCase } from "../src/cases/model-case.ts";
import { copyForms, runSegmentsCase } from "../src/cases/segments-case.ts";

/*
 * Goal: what is measured is carried out: a load whose commands are refused, or whose copies do not end, throws.
 */
describe("loads of SCSI and ATA copies", { timeout: 60_000 }, () => {
  it.each(copyForms.flatMap((form) => [1, 8, 64].map((segments) => [form, segments] as const)))(
    "are planned, encoded and answered: %s, %i segments",
    async (form, segments) => {
      const figures = await runSegmentsCase({ kind: "segments", form, segments, seconds: 0 });
      expect(figures.operations % segments).toBe(0);
      expect(figures.operations).toBeGreaterThan(0);
    },
  );

  it.each(modelLoads)("are carried out by an emulated device: %s", async (load) => {
    const figures = await runModelCase({ kind: "model", load, live: 100, seconds: 0 });
    expect(figures.operations).toBeGreaterThan(0);
  });
});
