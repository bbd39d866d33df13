import { durationText } from "../output/bytes-text.ts";
import type { Colors } from "../output/colors.ts";
import { countText } from "../output/search-progress.ts";
import type { ExploredPart, RandomPart, RunPart } from "../schema/explore-document.ts";

/** What a search was about: `SCENARIO, case NAME: STRATEGY`. */
function titleOf({
  scenario,
  case: name,
  strategy,
}: Pick<ExploredPart, "scenario" | "case" | "strategy">): string {
  return `${scenario}${name === undefined ? "" : `, case ${name}`}: ${strategy}`;
}

function verdictText({ verdict, violation, expected, difference }: ExploredPart, colors: Colors) {
  const text = violation === undefined ? verdict : `${verdict} (${violation.kind})`;
  if (verdict === "bounded" || verdict === "stopped") {
    return `${colors.bad(text)}, not all was explored`;
  }
  if (difference !== undefined) return `${colors.bad(text)}: ${difference}`;
  if (expected !== undefined) return `${colors.good(text)}, as expected`;
  return verdict === "clean" ? colors.good(text) : colors.bad(text);
}

function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function endsText({ ends, endsWhole, endsRefused, endsNewer }: ExploredPart): string {
  const parts = [
    [endsWhole, "with every copy carried"],
    [endsRefused, "with refusals"],
    [endsNewer, "with newer data copied"],
  ] as const;
  const told = parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${countText(count)} ${what}`);
  return `${plural(ends, "end")}${told.length === 0 ? "" : ` (${told.join(", ")})`}`;
}

function amountText(part: ExploredPart): string {
  const { states, transitions, depth, cpuMs } = part;
  return (
    `explored ${plural(states, "state")}, ${plural(transitions, "transition")}, ${endsText(part)}, ` +
    `depth ${depth}, ${durationText(cpuMs)} of CPU`
  );
}

/** The steps of a run, numbered; what came of each below it. */
export function stepLines({ steps }: RunPart, colors: Colors): string[] {
  const width = String(steps.length).length;
  return steps.flatMap(({ number, words, outcome }) => {
    const line = `  ${String(number).padStart(width)}. ${words}`;
    return outcome === "" ? [line] : [line, colors.faint(`  ${" ".repeat(width)}  ${outcome}`)];
  });
}

/** A run that ends in a violation, and how to play it again. */
function runLines(run: RunPart, title: string, colors: Colors): string[] {
  const { steps, violation, path, replay } = run;
  return [
    `${title}, ${plural(steps.length, "step")}:`,
    ...stepLines(run, colors),
    ...(violation === undefined ? [] : [`  ${colors.bad("=>")} ${violation.message}`]),
    `path: ${path}`,
    `again: ${replay}`,
  ];
}

function counterexampleLines(
  { counterexample, violations }: ExploredPart,
  colors: Colors,
): string[] {
  if (counterexample === undefined) return [];
  const title = counterexample.isShortest
    ? "shortest counterexample"
    : "counterexample (a shorter one may exist)";
  return [
    ...(violations > 1 ? [`${countText(violations)} violations were met`] : []),
    ...runLines(counterexample, title, colors),
  ];
}

/** Random runs for people. */
export function randomText(part: RandomPart, colors: Colors): string {
  const { verdict, violation, counterexample, seed, runs, moves, hash, cpuMs, lastSeed } = part;
  const text = violation === undefined ? verdict : `${verdict} (${violation.kind})`;
  const paint = violation === undefined ? colors.good : colors.bad;
  const title = `counterexample of seed ${lastSeed} (a shorter one may exist)`;
  const lines = [
    `${colors.strong(titleOf(part))}: ${paint(text)} in random runs`,
    `${plural(runs, "run")} from seed ${seed} on, each made twice, ${plural(moves, "move")}, hash ${hash}, ` +
      `${durationText(cpuMs)} of CPU`,
    ...(counterexample === undefined ? [] : runLines(counterexample, title, colors)),
    ...(violation !== undefined && counterexample?.violation === undefined
      ? [`${colors.bad("=>")} ${violation.message}`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** A search for people. */
export function exploredText(part: ExploredPart, colors: Colors): string {
  const lines = [
    `${colors.strong(titleOf(part))}: ${verdictText(part, colors)}`,
    amountText(part),
    ...counterexampleLines(part, colors),
  ];
  return `${lines.join("\n")}\n`;
}

/** A search in one line, for those who run many. */
export function exploredLine(part: ExploredPart, colors: Colors): string {
  const { states, cpuMs, counterexample } = part;
  const steps =
    counterexample === undefined ? "" : `, ${plural(counterexample.steps.length, "step")}`;
  return (
    `${titleOf(part)}: ${verdictText(part, colors)} ` +
    `[${plural(states, "state")}${steps}, ${durationText(cpuMs)}]\n`
  );
}
