import { type HazardVerdict, type HazardVerdicts, hazardNames } from "@blockferry/core";
import type { Surroundings } from "../output/surroundings.ts";
import { textTable } from "../report/text-table.ts";
import { strategies, strategyByName } from "../strategies.ts";
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

/** `blockferry list-strategies`. */
export async function runListStrategies(
  format: "normal" | "json",
  { stdout }: Surroundings,
): Promise<number> {
  const made = await Promise.all(strategyNames.map((name) => strategyByName(name)));
  const rows = made.map(({ supports }, i) => {
    const name = strategyNames[i];
    return { name, supports, ...strategies[name] };
  });
  if (format === "json") {
    const document = {
      schema: { name: "blockferry.strategies", version: 1 },
      strategies: rows.map(({ name, summary, options, supports }) => ({
        name,
        summary,
        options,
        supports,
      })),
    };
    stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return 0;
  }
  const columns = [
    { head: "strategy", align: "left" },
    { head: "hazards", align: "left" },
    { head: "", align: "left" },
  ] as const;
  const cells = rows.map(({ name, supports, summary }) => [
    name,
    weaknesses(supports.under),
    summary,
  ]);
  stdout.write(`${textTable(columns, cells).join("\n")}\n`);
  return 0;
}
