// Goal: progress tells offloaded from emulated bytes, writes one line over itself on a terminal, and a line each second elsewhere.
import { expect, it } from "vitest";
import { progressPrinter } from "../src/output/progress.ts";

function printer(isTerminal: boolean, isOn = true) {
  let text = "";
  const clock = { nowMs: 0 };
  const stderr = {
    isTerminal,
    columns: 200,
    write(more: string) {
      text += more;
      return true;
    },
  };
  const progress = progressPrinter({
    stderr,
    bytesPerBlock: 512,
    totalBlocks: 8192,
    isOn,
    nowMs: () => clock.nowMs,
  });
  return { progress, clock, text: () => text };
}

const half = {
  ...{ blocks: 8192, offloadedBlocks: 2048, clonedBlocks: 0, kernelCopiedBlocks: 0 },
  ...{ emulatedBlocks: 2048, failedBlocks: 0 },
};

it("shows offloaded and emulated bytes apart", () => {
  const { progress, clock, text } = printer(false);
  clock.nowMs = 1000;
  progress.update(half);
  expect(text()).toBe(" 50 % of 4 MiB: offloaded 1 MiB, emulated 1 MiB, 2 MiB/s, 1.0 s left\n");
});

it("shows what the kernel cloned and copied where it did", () => {
  const { progress, clock, text } = printer(false);
  clock.nowMs = 1000;
  progress.update({ ...half, offloadedBlocks: 0, clonedBlocks: 1024, kernelCopiedBlocks: 1024 });
  expect(text()).toContain("offloaded 0 B, cloned 512 KiB, copied by the kernel 512 KiB, emulated");
});

it("prints a line each second where there is no terminal", () => {
  const { progress, clock, text } = printer(false);
  for (clock.nowMs = 0; clock.nowMs < 3500; clock.nowMs += 10) progress.update({ ...half });
  expect(text().trimEnd().split("\n")).toHaveLength(3);
});

it("writes over its own line on a terminal and leaves it whole at the end", () => {
  const { progress, clock, text } = printer(true);
  for (clock.nowMs = 0; clock.nowMs < 1000; clock.nowMs += 10) progress.update({ ...half });
  progress.end();
  expect(text()).not.toContain("\n\r");
  expect(text().split("\n")).toHaveLength(2);
  expect(text().split("\r").length).toBeGreaterThan(5);
});

it("is silent unless asked", () => {
  const { progress, clock, text } = printer(true, false);
  clock.nowMs = 5000;
  progress.update(half);
  progress.end();
  expect(text()).toBe("");
  progress.print();
  expect(text()).toMatch(/^ 50 % .*\n$/);
});
