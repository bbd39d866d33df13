import { type TraceKindName, type TraceSink, traceKind, traceKindName } from "@blockferry/core";

/** Follows an engine's events and notes what does not add up. */
export interface TraceCheck {
  readonly sink: TraceSink;
  /** How often each kind came. */
  readonly counts: Map<TraceKindName, number>;
  /** What is wrong so far; with `ended`, what should have ended and has not as well. */
  wrong(ended: boolean): string[];
}

/** Kinds that begin something and the kind that ends it. */
const lives: readonly (readonly [TraceKindName, TraceKindName])[] = [
  ["copyStart", "copyEnd"],
  ["plug", "unplug"],
  ["requestInsert", "requestEnd"],
  ["commandIssue", "commandComplete"],
];

export function traceCheck(): TraceCheck {
  const counts = new Map<TraceKindName, number>();
  const alive = new Map<string, string>();
  const wrong: string[] = [];
  // A bio is submitted to each device on its way, and a part of one begins when it is split off.
  const bios = new Set<number>();
  const sink: TraceSink = (kind, subject, device, lba, blocks, detail) => {
    const name = traceKindName(kind);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const what = `${name} ${subject} of device ${device}: ${lba}+${blocks}, ${detail}`;
    if (![subject, device, lba, blocks, detail].every(Number.isSafeInteger)) wrong.push(what);
    if (kind === traceKind.bioSubmit || kind === traceKind.bioSplit) bios.add(subject);
    if (kind === traceKind.bioEnd) bios.delete(subject);
    for (const [begin, end] of lives) {
      const key = `${begin} ${device} ${subject}`;
      if (name === begin && alive.has(key)) wrong.push(`${what} twice`);
      // A part that is sent again begins anew each time.
      if (name === begin || (begin === "requestInsert" && name === "requestRequeue"))
        alive.set(key, `${lba}+${blocks}`);
      if (name === end) {
        if (!alive.has(key)) wrong.push(`${what} without ${begin}`);
        else if (begin !== "plug" && alive.get(key) !== `${lba}+${blocks}`)
          wrong.push(`${what} began as ${alive.get(key)}`);
        alive.delete(key);
      }
    }
  };
  return {
    sink,
    counts,
    wrong: (ended) =>
      ended ? [...wrong, ...alive.keys(), ...[...bios].map((bio) => `bio ${bio} lives`)] : wrong,
  };
}
