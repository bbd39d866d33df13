import type { BenchDocument, Goal, Row } from "./document.ts";

function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${(value / 1e9).toFixed(2)} G`;
  if (size >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (size >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  if (size >= 100) return value.toFixed(0);
  return size >= 1 ? value.toFixed(2) : value.toPrecision(2);
}

function goalText({ atLeast, atMost }: Goal): string {
  return atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`;
}

function cells(row: Row): string[] {
  const { peer, peerName, ratio, goal, isMet } = row;
  return [
    row.what,
    `${number(row.ours)} ${row.unit}`,
    peer === undefined ? "" : `${number(peer)}`,
    peerName ?? "",
    ratio === undefined ? "" : number(ratio),
    goal === undefined ? "" : goalText(goal),
    isMet === undefined ? "" : isMet ? "met" : "missed",
    row.note ?? "",
  ];
}

const HEAD = ["", "ours", "peer's", "peer", "ratio", "goal", "", ""];
/** Columns of numbers stand to the right. */
const RIGHT = new Set([1, 2, 4, 5]);

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return RIGHT.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** The document for people. */
export function documentText(document: BenchDocument): string {
  const { machine, rows, skipped } = document;
  const lines = [
    `${machine.cpu}, ${machine.cpus} CPUs, load ${machine.loadAverage.toFixed(1)}; ` +
      `Linux ${machine.kernel}, Node ${machine.node}, ${machine.compiler}`,
  ];
  for (const part of new Set(rows.map((row) => row.part))) {
    const own = rows.filter((row) => row.part === part);
    lines.push("", part, ...table([HEAD, ...own.map(cells)]).map((line) => `  ${line}`));
  }
  if (skipped.length > 0) lines.push("", "not measured:", ...skipped.map((line) => `  ${line}`));
  const goals = rows.filter((row) => row.isMet !== undefined);
  const met = goals.filter((row) => row.isMet === true).length;
  lines.push("", `${met} of ${goals.length} goals met, in ${document.seconds.toFixed(0)} s`, "");
  return lines.join("\n");
}
