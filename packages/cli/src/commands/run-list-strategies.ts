import {
  type HazardVerdict,
  type HazardVerdicts,
  hazardNames,
  type StrategyOption,
  strategyOf,
} from "@blockferry/core";
import type { Surroundings } from "../output/surroundings.ts";
import { textTable } from "../report/text-table.ts";
import { strategyKinds } from "../strategies.ts";
import { strategyNames } from "../strategy-names.ts";

/** The hazards under which a strategy does not carry every copy, by what it does there. */
function weaknesses(under: HazardVerdicts): string {
  const named = (verdict: HazardVerdict): string =>
    hazardNames.filter((hazard) => under[hazard] === verdict).join(", ");
  const parts = (["breaks", "refuses"] as const).flatMap((verdict) =>
    named(verdict) === "" ? [] : [`${verdict}: ${named(verdict)}`],
  );
  return parts.length === 0 ? "survives every hazard" : parts.join("; ");
}

function valuesText({ values, default: given }: StrategyOption): string {
  return values === "count"
    ? `a number, default ${given}`
    : values.map((value) => (value === given ? `[${value}]` : value)).join(" ");
}

/** `blockferry list-strategies`. */
export async function runListStrategies(
  format: "normal" | "json",
  { stdout }: Surroundings,
): Promise<number> {
  const kinds = await Promise.all(strategyNames.map((name) => strategyKinds[name]()));
  const rows = kinds.map((kind) => ({
    name: kind.name,
    summary: kind.summary,
    options: kind.options,
    supports: strategyOf(kind, kind.name).supports,
  }));
  if (format === "json") {
    const document = { schema: { name: "blockferry.strategies", version: 1 }, strategies: rows };
    stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return 0;
  }
  const left = (head: string) => ({ head, align: "left" }) as const;
  const hazards = textTable(
    [left("strategy"), left("hazards"), left("")],
    rows.map(({ name, supports, summary }) => [name, weaknesses(supports.under), summary]),
  );
  const options = textTable(
    [left("option"), left("values, [default]"), left("")],
    rows.flatMap(({ name, options: words }) =>
      Object.entries(words).map(([option, word]) => [
        `${name}:${option}`,
        valuesText(word),
        word.meaning,
      ]),
    ),
  );
  stdout.write(`${[...hazards, "", ...options].join("\n")}\n`);
  return 0;
}
