// Goal: every architecture rule is alive, and the tree obeys all of them.
// Method: in a copy of the workspace, one file is planted per rule, each with an import that this
// rule alone forbids; one run of dependency-cruiser must report exactly those, nothing else.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../scripts/packages.mjs";
import { plantedTree } from "./support/planted-tree.ts";

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
  /** The files of a circle, which is reported once, from any one of them. */
  readonly cycle?: readonly { readonly name: string }[];
}

const require = createRequire(import.meta.url);
const rules: { forbidden: { name: string }[] } = require("../.dependency-cruiser.cjs");

/** Rule → planted file → what it imports. */
const planted: Record<string, Record<string, string>> = {
  "no-circular": {
    "packages/core/src/planted-circle.ts": "./planted-circle-back.ts",
    "packages/core/src/planted-circle-back.ts": "./planted-circle.ts",
  },
  resolvable: { "packages/block/src/planted-lost.ts": "./no-such-file.ts" },
  "core-imports-nothing": {
    "packages/core/src/planted-block.ts": "../../block/src/index.ts",
    "packages/core/src/planted-third-party.ts": "fast-check",
  },
  "block-imports-core-only": {
    "packages/block/src/planted.ts": "../../stores/memory/src/index.ts",
  },
  "strategy-imports-core-only": {
    "packages/strategies/source-list/src/planted.ts": "../../list-token/src/index.ts",
    "packages/strategies/list-token/src/planted.ts": "../../../block/src/index.ts",
  },
  "device-imports-core-only": {
    "packages/devices/nvme/src/planted.ts": "../../../block/src/index.ts",
    "packages/devices/scsi/src/planted.ts": "../../nvme/src/index.ts",
  },
  "transport-imports-core-only": {
    "packages/transports/memory/src/planted.ts": "../../../linux/src/index.ts",
  },
  "transport-linux-imports-core-and-linux": {
    "packages/transports/linux/src/planted.ts": "../../memory/src/index.ts",
  },
  "store-imports-core-only": {
    "packages/stores/memory/src/planted.ts": "../../../linux/src/index.ts",
  },
  "store-file-imports-core-and-linux": {
    "packages/stores/file/src/planted.ts": "../../memory/src/index.ts",
  },
  "linux-imports-core-only": {
    "packages/linux/src/planted.ts": "../../block/src/index.ts",
  },
  "conformance-imports-core-only": {
    "packages/conformance/src/planted.ts": "../../block/src/index.ts",
  },
  "explorer-imports-core-and-block": {
    "packages/explorer/src/planted.ts": "../../strategies/list-token/src/index.ts",
  },
  "report-imports-core-only": {
    "packages/report/src/planted.ts": "../../block/src/index.ts",
  },
  "nobody-imports-cli-or-bench": {
    "packages/block/test/planted-cli.ts": "../../cli/src/planted-goal.ts",
    "packages/linux/test/planted-bench.ts": "../../bench/src/planted-goal.ts",
  },
  "cli-imports-no-bench": { "packages/cli/src/planted.ts": "../../bench/src/planted-goal.ts" },
  "codec-is-a-leaf": { "packages/devices/planted-disk/src/codec/planted.ts": "../limits.ts" },
  "host-side-imports-no-model": {
    "packages/devices/planted-disk/src/planted.ts": "./model/execute.ts",
  },
  "model-imports-no-host-side": {
    "packages/devices/planted-disk/src/model/planted.ts": "../limits.ts",
  },
  "node-only-at-the-edges": {
    "packages/block/src/planted-node.ts": "node:fs",
    "packages/core/src/planted-node.ts": "node:timers",
    "packages/stores/memory/src/planted-node.ts": "node:fs",
  },
  "third-party-only-where-it-belongs": {
    "packages/block/src/planted-third-party.ts": "fast-check",
  },
  "zod-only-at-the-doors": { "packages/cli/src/planted-zod.ts": "zod" },
  "sources-import-no-tests": {
    "packages/block/src/planted-test.ts": "../test/planted-support.ts",
  },
  "sources-use-no-dev-dependencies": { "packages/cli/src/planted-dev.ts": "rolldown" },
};

/** Files that planted imports need, and that break no rule. */
const innocent = {
  "packages/devices/planted-disk/package.json": "{}",
  "packages/devices/planted-disk/src/limits.ts": "",
  "packages/devices/planted-disk/src/index.ts": 'export * from "./model/execute.ts";',
  "packages/devices/planted-disk/src/model/execute.ts": 'import "../codec/table.ts";',
  "packages/devices/planted-disk/src/codec/table.ts": 'import "../../../../core/src/index.ts";',
  "packages/transports/linux/src/index.ts":
    'import "node:fs"; import "../../../linux/src/index.ts";',
  "packages/explorer/src/index.ts": 'import "../../block/src/index.ts";',
  "packages/block/test/planted-support.ts": "",
  "packages/bench/src/planted-goal.ts": "",
  "packages/cli/src/planted-goal.ts": "",
};

function cruise(cwd: string): Violation[] {
  const cruiser = join(root, "tools/quality/node_modules/dependency-cruiser/bin");
  const words = ["packages", "--config", ".dependency-cruiser.cjs", "--output-type", "json"];
  const done = spawnSync(process.execPath, [join(cruiser, "dependency-cruise.mjs"), ...words], {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (!done.stdout.startsWith("{")) throw new Error(`dependency-cruiser: ${done.stderr}`);
  return JSON.parse(done.stdout).summary.violations;
}

function concerns(violation: Violation): Set<string> {
  return new Set([violation.from, ...(violation.cycle ?? []).map((one) => one.name)]);
}

describe("architecture rules", () => {
  const files = Object.values(planted).flatMap((one) => Object.entries(one));
  let tree: { path: string; remove(): void };
  let violations: Violation[];

  beforeAll(() => {
    tree = plantedTree([
      ...files.map(([path, to]) => ({ path, text: `import "${to}";\n` })),
      ...Object.entries(innocent).map(([path, text]) => ({ path, text })),
    ]);
    violations = cruise(tree.path);
  });
  afterAll(() => tree?.remove());

  it("each has a planted violation here", () => {
    expect(Object.keys(planted).sort()).toEqual(rules.forbidden.map((one) => one.name).sort());
  });

  for (const [rule, imports] of Object.entries(planted)) {
    for (const [file, to] of Object.entries(imports)) {
      it(`${rule}: ${file} must not import ${to}`, () => {
        const here = violations.filter((one) => concerns(one).has(file));
        const broken = here.map((one) => one.rule.name);
        expect([...new Set(broken)]).toEqual([rule]);
      });
    }
  }

  it("the tree itself breaks none", () => {
    const plantedPaths = new Set(files.map(([path]) => path));
    const own = violations.filter((one) => [...concerns(one)].every((at) => !plantedPaths.has(at)));
    expect(own.map((one) => `${one.rule.name}: ${one.from} → ${one.to}`)).toEqual([]);
  });
});

// Goal: what must not depend on a clock, on chance or on a process cannot reach for them.
// Method: one planted file per ambient name in each pure package; the linter must refuse every one
// of them, and none in a package that is not pure.
describe("purity rules", () => {
  const pure = ["core", "block", "strategies/planted", "devices/planted", "explorer", "report"];
  const names = [
    ...["Date", "Math.random", "performance", "crypto"],
    ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
    ...["clearTimeout", "clearInterval", "clearImmediate"],
    ...["console", "process", "globalThis", "fetch", "Buffer"],
  ];
  const fileOf = (folder: string, name: string) =>
    `packages/${folder}/src/planted-${name.toLowerCase().replace(".", "-")}.ts`;
  let tree: { path: string; remove(): void };
  let refused: Set<string>;

  beforeAll(() => {
    const text = (name: string) => `export const planted: unknown = ${name};\n`;
    tree = plantedTree(
      [...pure, "linux"].flatMap((folder) =>
        names.map((name) => ({ path: fileOf(folder, name), text: text(name) })),
      ),
    );
    const biome = require.resolve("@biomejs/biome/bin/biome");
    const words = ["lint", "--reporter=json", "--max-diagnostics=none", "packages"];
    const done = spawnSync(process.execPath, [biome, ...words], {
      cwd: tree.path,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    const found: { category: string; location: { path: string } }[] = JSON.parse(
      done.stdout,
    ).diagnostics;
    const purity = /noRestrictedGlobals|noJsRestrictedProperties/;
    refused = new Set(
      found.filter((one) => purity.test(one.category)).map((one) => one.location.path),
    );
  });
  afterAll(() => tree?.remove());

  it.each(pure)("packages/%s reaches for nothing ambient", (folder) => {
    const missed = names.filter((name) => !refused.has(fileOf(folder, name)));
    expect(missed).toEqual([]);
  });

  it("a package at the edge may", () => {
    expect([...refused].filter((path) => path.startsWith("packages/linux/"))).toEqual([]);
  });
});
