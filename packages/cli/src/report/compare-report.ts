import { bytesText } from "../output/bytes-text.ts";
import type { Colors } from "../output/colors.ts";
import type { Output } from "../output/surroundings.ts";
import type {
  CompareDocument,
  CostPart,
  HazardCellPart,
  HazardPart,
} from "../schema/compare-document.ts";
import { type TextColumn, textTable } from "./text-table.ts";

const badness = { survives: 0, undecided: 0, refuses: 1, breaks: 2 } as const;

/** Whether a strategy does worse than it says of itself. */
export function isWorse({ verdict, claimed }: HazardCellPart): boolean {
  return badness[verdict] > badness[claimed];
}

/** A letter for each strategy: their names would make the table too wide. */
function letterOf(number: number): string {
  return number < 26 ? String.fromCharCode(65 + number) : `S${number}`;
}

function cellText(cell: HazardCellPart | undefined): string {
  if (cell === undefined) return "";
  const { verdict, claimed } = cell;
  return `${verdict}${verdict === claimed || verdict === "undecided" ? "" : "*"}`;
}

function matrixLines({ strategies, hazards }: CompareDocument, colors: Colors): string[] {
  const columns = ["hazard", ...strategies.map((_, i) => letterOf(i))].map(
    (head): TextColumn => ({ head, align: "left" }),
  );
  const rows = hazards.map(({ hazard, cells }) => [
    hazard,
    ...strategies.map((strategy) => cellText(cells.find((cell) => cell.strategy === strategy))),
  ]);
  const [head, ...lines] = textTable(columns, rows);
  return [colors.strong(head), ...lines];
}

function againText(document: CompareDocument, hazard: string, cell: HazardCellPart): string {
  const { scenario, strategy, steps = [] } = cell;
  const parts = [`${steps.length} steps`];
  if (document.stack.length === 0 && document.faults === 0) {
    parts.push(`blockferry explore hazard:${hazard} --strategy ${strategy}`);
  }
  if (scenario !== undefined) parts.push(`as in scenario ${scenario.name}, case ${scenario.case}`);
  return parts.join("; ");
}

/** What breaks, and how. */
function breakLines(document: CompareDocument, { hazard, cells }: HazardPart): string[] {
  return cells.flatMap((cell) => {
    const { strategy, violation } = cell;
    if (violation === undefined) return [];
    return [
      `${strategy} under ${hazard}: ${violation.kind}: ${violation.message}`,
      `  ${againText(document, hazard, cell)}`,
    ];
  });
}

function costRow(cost: CostPart): string[] {
  const { strategy, ranges, bios, requests, commands, tagsPeak } = cost;
  const numbers = [ranges, bios, requests, commands, tagsPeak].map(String);
  return [strategy, ...numbers, bytesText(cost.metadataBytes), bytesText(cost.memoryPeakBytes)];
}

function costLines(costs: readonly CostPart[], colors: Colors): string[] {
  const heads = ["ranges", "bios", "requests", "commands", "tags", "metadata", "memory at most"];
  const columns: TextColumn[] = [
    { head: "per copied MiB", align: "left" },
    ...heads.map((head): TextColumn => ({ head, align: "right" })),
  ];
  const [head, ...lines] = textTable(columns, costs.map(costRow));
  return [colors.strong(head), ...lines];
}

/** The matrix, what breaks, and the costs, for people. */
export function writeCompareText(output: Output, document: CompareDocument, colors: Colors): void {
  const { strategies, hazards, costs } = document;
  const breaks = hazards.flatMap((hazard) => breakLines(document, hazard));
  const hasMark = hazards.some(({ cells }) => cells.some((cell) => cellText(cell).endsWith("*")));
  const lines = [
    ...strategies.map((strategy, i) => `${letterOf(i)}  ${strategy}`),
    "",
    ...matrixLines(document, colors),
    ...(hasMark ? ["* not what the strategy says of itself"] : []),
    ...(breaks.length === 0 ? [] : ["", ...breaks]),
    ...(costs.length === 0 ? [] : ["", ...costLines(costs, colors)]),
  ];
  output.write(`${lines.join("\n")}\n`);
}
