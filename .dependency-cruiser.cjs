/**
 * Who may import whom: one rule for each arrow that must not exist. Each is seen to fire in
 * tests/architecture.spec.ts. Sources only; what a test imports is its own affair, but for the
 * command line tool and the benchmarks, which nobody imports.
 */
const CONTRACT_FOLDERS = "strategies|devices|transports|stores";
const SOURCES = ["^packages/[^/]+/src/", "^packages/[^/]+/[^/]+/src/"];

/** Sources of `packages/<from>` reach, of all packages, only `reach` and themselves. */
const reachOnly = (name, from, reach) => ({
  name,
  severity: "error",
  from: { path: `^packages/(${from})/src/` },
  to: {
    path: "^packages/",
    pathNot: [...reach.map((one) => `^packages/${one}/src/`), "^packages/$1/"],
  },
});

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "type imports vanish at run time: structures may speak of each other",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      comment: "a bin file starts what the build makes",
      severity: "error",
      from: { pathNot: "^packages/[^/]+/bin/" },
      to: { couldNotResolve: true },
    },
    {
      name: "core-imports-nothing",
      severity: "error",
      from: { path: "^packages/core/src/" },
      to: { pathNot: "^packages/core/src/", dependencyTypesNot: ["core"], couldNotResolve: false },
    },
    reachOnly("block-imports-core-only", "block", ["core"]),
    reachOnly("strategy-imports-core-only", "strategies/[^/]+", ["core"]),
    reachOnly("device-imports-core-only", "devices/[^/]+", ["core"]),
    reachOnly("transport-imports-core-only", "transports/(?!linux/)[^/]+", ["core"]),
    reachOnly("transport-linux-imports-core-and-linux", "transports/linux", ["core", "linux"]),
    reachOnly("store-imports-core-only", "stores/(?!file/)[^/]+", ["core"]),
    reachOnly("store-file-imports-core-and-linux", "stores/file", ["core", "linux"]),
    reachOnly("linux-imports-core-only", "linux", ["core"]),
    reachOnly("conformance-imports-core-only", "conformance", ["core"]),
    reachOnly("explorer-imports-core-and-block", "explorer", ["core", "block"]),
    reachOnly("report-imports-core-only", "report", ["core"]),
    {
      name: "nobody-imports-cli-or-bench",
      comment: "they compose; the benchmarks may start the command line tool",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/(cli|bench)/" },
      to: { path: ["^packages/(cli|bench)/", "^(blockferry|@blockferry/bench)(/|$)"] },
    },
    {
      name: "cli-imports-no-bench",
      severity: "error",
      from: { path: "^packages/cli/" },
      to: { path: ["^packages/bench/", "^@blockferry/bench(/|$)"] },
    },
    {
      name: "codec-is-a-leaf",
      comment: "bytes in, objects out: a codec imports core and other codec files of its package",
      severity: "error",
      from: { path: `^packages/((?:${CONTRACT_FOLDERS})/[^/]+)/src/codec/` },
      to: { path: "^packages/$1/src/", pathNot: "^packages/$1/src/codec/" },
    },
    {
      name: "host-side-imports-no-model",
      comment: "the two ends of a protocol check each other: they meet in codec/ only",
      severity: "error",
      from: {
        path: `^packages/((?:${CONTRACT_FOLDERS})/[^/]+)/src/(?!model/|target/|codec/|(?:index|model|target)\\.ts$)`,
      },
      to: { path: "^packages/$1/src/(model|target)/" },
    },
    {
      name: "model-imports-no-host-side",
      comment: "the two ends of a protocol check each other: they meet in codec/ only",
      severity: "error",
      from: { path: `^packages/((?:${CONTRACT_FOLDERS})/[^/]+)/src/(model|target)/` },
      to: { path: "^packages/$1/src/", pathNot: "^packages/$1/src/(codec|$2)/" },
    },
    {
      name: "node-only-at-the-edges",
      comment: "everything else runs in a browser and under the explorer unchanged",
      severity: "error",
      from: {
        path: SOURCES,
        pathNot: "^packages/(linux|transports/[^/]+|stores/file|cli|bench)/src/",
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "third-party-only-where-it-belongs",
      comment: "a package brings nothing along but zod, at the doors, and koffi behind linux",
      severity: "error",
      from: {
        path: SOURCES,
        pathNot: "^packages/(core|linux|cli|bench)/src/",
      },
      to: { path: "(^|/)node_modules/", pathNot: "(^|/)node_modules/zod/" },
    },
    {
      name: "zod-only-at-the-doors",
      comment: "validation stays off the path of every command: files named for a schema only",
      severity: "error",
      from: {
        path: SOURCES,
        pathNot: "^packages/core/src/|(^|/)src/schema/|[/-]schema\\.ts$",
      },
      to: { path: "(^|/)node_modules/zod/" },
    },
    {
      name: "sources-import-no-tests",
      severity: "error",
      from: { path: SOURCES },
      to: { path: ["^packages/[^/]+/test/", "^packages/[^/]+/[^/]+/test/", "^tests/"] },
    },
    {
      name: "sources-use-no-dev-dependencies",
      severity: "error",
      from: { path: SOURCES, pathNot: "^packages/core/src/" },
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["npm", "npm-optional", "npm-peer"],
        pathNot: "(^|/)node_modules/@types/",
      },
    },
  ],
  options: {
    exclude: { path: ["^packages/[^/]+/dist/", "^packages/[^/]+/[^/]+/dist/"] },
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@blockferry/source", "import", "types", "node", "default"],
      extensions: [".ts", ".js", ".mjs"],
    },
  },
};
