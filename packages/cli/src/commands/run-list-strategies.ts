import type { StrategyManifest } from "@blockferry/core";
import type { Surroundings } from "../output/surroundings.ts";
import { textTable } from "../report/text-table.ts";
import { strategies, strategyByName } from "../strategies.ts";
import { strategyNames } from "../strategy-names.ts";

const flags: readonly (readonly [keyof StrategyManifest, string])[] = [
  ["survivesSplit", "split"],
  ["survivesReordering", "reorder"],
  ["multipleSources", "N sources"],
  ["crossDevice", "cross-device"],
  ["needsPlug", "needs plug"],
];

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
    ...flags.map(([, head]) => ({ head, align: "left" }) as const),
    { head: "", align: "left" },
  ] as const;
  const cells = rows.map(({ name, supports, summary }) => [
    name,
    ...flags.map(([flag]) => (supports[flag] ? "yes" : "no")),
    summary,
  ]);
  stdout.write(`${textTable(columns, cells).join("\n")}\n`);
  return 0;
}
