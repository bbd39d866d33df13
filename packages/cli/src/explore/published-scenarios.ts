import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where the scenarios that the explorer publishes lie: files beside its code, in a bundle as well. */
function scenarioFolder(): string {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve("@blockferry/explorer/package.json")), "scenarios");
}

/** Files of the published scenarios by their names, in order of the names. */
export function publishedScenarios(): ReadonlyMap<string, string> {
  const folder = scenarioFolder();
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(files.sort().map((name) => [name.slice(0, -".json".length), join(folder, name)]));
}
