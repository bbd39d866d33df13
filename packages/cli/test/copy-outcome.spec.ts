// Goal: the exit status of a copy is that of the worst that is known of it.
import type { CopyResult } from "@blockferry/block";
import type { StatusName } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { adviceLines, type CopyOutcome, exitStatusOfCopy } from "../src/commands/copy-outcome.ts";

function outcome(status: StatusName, more: Partial<CopyOutcome> = {}): CopyOutcome {
  const result = { status, commands: [] } as unknown as CopyResult;
  return { result, signal: undefined, verification: undefined, storeFailure: undefined, ...more };
}

const mismatch = {
  verdict: "mismatch",
  comparedBlocks: 8,
  differentBlocks: 1,
  sources: "unchanged",
  guardBlocks: 2,
  guards: "unchanged",
} as const;
const options = { to: "0", strategy: "", output: "normal", timeout: 1, retries: 0 } as const;

describe("a copy that", () => {
  it("is whole: 0, and no word", () => {
    expect(exitStatusOfCopy(outcome("success"))).toBe(0);
    expect(adviceLines(outcome("success"), options)).toEqual([]);
  });

  it("is whole in spite of a late signal: 0", () => {
    expect(exitStatusOfCopy(outcome("success", { signal: "SIGINT" }))).toBe(0);
  });

  it("says success where blocks differ: 14", () => {
    const wrong = outcome("success", { verification: mismatch });
    expect(exitStatusOfCopy(wrong)).toBe(14);
    expect(adviceLines(wrong, options)[0]).toContain("FERRY_VERIFY_MISMATCH");
  });

  it("was interrupted: 130 or 143", () => {
    expect(exitStatusOfCopy(outcome("cancelled", { signal: "SIGINT" }))).toBe(130);
    expect(exitStatusOfCopy(outcome("cancelled", { signal: "SIGTERM" }))).toBe(143);
  });

  it("met a failing store: the operating system's error", () => {
    const storeFailure = { text: "full (FERRY_STORE_FULL)", exitStatus: 78 };
    const full = outcome("capacityExceeded", { storeFailure });
    expect(exitStatusOfCopy(full)).toBe(78);
    expect(adviceLines(full, options)).toEqual([storeFailure.text]);
  });

  it("the device would not take: its status, and the option that helps", () => {
    const refused = outcome("unreachable");
    expect(exitStatusOfCopy(refused)).toBe(10);
    expect(adviceLines(refused, options)[0]).toContain("--emulate");
    expect(adviceLines(refused, { ...options, emulate: true })).toEqual([]);
  });

  it("met a failing way to its device: what failed, and what to do", () => {
    const storeFailure = { text: "/dev/sda: EPERM (X)", hint: "run it as root", exitStatus: 51 };
    const failed = outcome("aborted", { storeFailure });
    expect(adviceLines(failed, options)).toEqual([storeFailure.text, storeFailure.hint]);
  });

  it("the device refused: what to do, and what is known of the device", () => {
    const deviceStatus = { family: "nvme", code: 6, name: "Internal Error", fields: {} };
    const commands = [{ status: "deviceError", deviceStatus }];
    const result = { status: "deviceError", commands } as unknown as CopyResult;
    const peer = { name: "qemu-7.2", deviations: ["reports every failure as Internal Error"] };
    expect(adviceLines(outcome("deviceError", { result, peer }), options)).toEqual([
      expect.stringContaining("-vv"),
      "qemu-7.2 is known for this: it reports every failure as Internal Error",
    ]);
    expect(adviceLines(outcome("busy", { peer }), options)).toEqual([
      expect.stringContaining("--retries"),
    ]);
  });
});
