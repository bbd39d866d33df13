import type { CopyProgress } from "@blockferry/block";
import { bytesText, durationText } from "./bytes-text.ts";
import type { Output } from "./surroundings.ts";

const TERMINAL_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 1000;
const CLEAR_LINE = "\r\u001b[K";

export interface ProgressOptions {
  readonly stderr: Output;
  readonly bytesPerBlock: number;
  readonly totalBlocks: number;
  /** Prints by itself; else only on demand (`print`). */
  readonly isOn: boolean;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** Prints how far a copy is. */
export interface Progress {
  /** Notes the state; prints it when it is time to. Costs a clock reading. */
  update(progress: CopyProgress): void;
  /** Prints a line now. */
  print(): void;
  /** Leaves the terminal's line clean. */
  end(): void;
}

/** One line: offloaded and emulated bytes apart, always. */
function lineOf(progress: CopyProgress, options: ProgressOptions, elapsedMs: number): string {
  const { bytesPerBlock, totalBlocks } = options;
  const { offloadedBlocks, clonedBlocks, kernelCopiedBlocks, emulatedBlocks, failedBlocks } =
    progress;
  const byKernel = clonedBlocks + kernelCopiedBlocks;
  const blocks = offloadedBlocks + byKernel + emulatedBlocks + failedBlocks;
  const percent = Math.floor((100 * blocks) / totalBlocks);
  const perMs = elapsedMs > 0 ? blocks / elapsedMs : 0;
  const left = perMs > 0 ? `, ${durationText((totalBlocks - blocks) / perMs)} left` : "";
  const kernel =
    byKernel > 0
      ? `cloned ${bytesText(clonedBlocks * bytesPerBlock)}, ` +
        `copied by the kernel ${bytesText(kernelCopiedBlocks * bytesPerBlock)}, `
      : "";
  const failed = failedBlocks > 0 ? `, failed ${bytesText(failedBlocks * bytesPerBlock)}` : "";
  return (
    `${String(percent).padStart(3)} % of ${bytesText(totalBlocks * bytesPerBlock)}: ` +
    `offloaded ${bytesText(offloadedBlocks * bytesPerBlock)}, ${kernel}` +
    `emulated ${bytesText(emulatedBlocks * bytesPerBlock)}${failed}, ` +
    `${bytesText(Math.round(perMs * 1000 * bytesPerBlock))}/s${left}`
  );
}

/** On a terminal one line that is written over, elsewhere a line each second. */
export function progressPrinter(options: ProgressOptions): Progress {
  const { stderr, isOn, nowMs } = options;
  const intervalMs = stderr.isTerminal ? TERMINAL_INTERVAL_MS : LINE_INTERVAL_MS;
  const startMs = nowMs();
  let latest: CopyProgress = {
    ...{ blocks: 0, offloadedBlocks: 0, clonedBlocks: 0, kernelCopiedBlocks: 0 },
    ...{ emulatedBlocks: 0, failedBlocks: 0 },
  };
  let nextMs = startMs + intervalMs;
  let isLineOpen = false;
  let shown = latest;
  function show(atMs: number, overwrite: boolean): void {
    const line = lineOf(latest, options, atMs - startMs);
    shown = latest;
    if (overwrite && stderr.isTerminal) {
      stderr.write(`${CLEAR_LINE}${line.slice(0, Math.max(20, stderr.columns - 1))}`);
      isLineOpen = true;
    } else {
      stderr.write(`${isLineOpen ? CLEAR_LINE : ""}${line}\n`);
      isLineOpen = false;
    }
  }
  return {
    update(progress) {
      latest = progress;
      if (!isOn) return;
      const atMs = nowMs();
      if (atMs < nextMs) return;
      nextMs = atMs + intervalMs;
      show(atMs, true);
    },
    print() {
      show(nowMs(), false);
    },
    end() {
      if (isOn && latest !== shown) show(nowMs(), true);
      if (isLineOpen) stderr.write("\n");
      isLineOpen = false;
    },
  };
}
