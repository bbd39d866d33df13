// What the compiler does not make: the command line as one bundle, and the JSON Schema files.
//
//   node build.mjs            both, after tsc
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** @param {string} path relative to the package */
const inPackage = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles the command line into `folder`: main.js, what threads run, and chunks for what is loaded on demand. Fewer files to find make it
 * start in half the time. Sources are bundled, not what was built of them: nothing in it can be out of date.
 *
 * @param {string} folder
 */
export async function bundleInto(folder) {
  const bundle = await rolldown({
    input: {
      main: inPackage("src/main.ts"),
      "explore-worker": inPackage("src/explore/explore-worker.ts"),
    },
    platform: "node",
    resolve: {
      conditionNames: ["@blockferry/source", "node", "import", "default"],
      // Of a package without exports the file that is a module: the other may find its parts at run time only.
      mainFields: ["module", "main"],
    },
    external: ["koffi"],
  });
  await bundle.write({
    dir: folder,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    sourcemap: true,
  });
  await bundle.close();
}

/**
 * The JSON Schema of each document by file name.
 *
 * @param {typeof import("./src/schema/index.ts")} schemas the module, or its build
 */
export async function jsonSchemas(schemas) {
  const { toJSONSchema } = await import("zod/mini");
  const files = {
    "compare.json": schemas.compareDocument,
    "copy.json": schemas.copyDocument,
    "copy-line.json": schemas.copyLine,
    "decode.json": schemas.decodeDocument,
    "error.json": schemas.errorDocument,
    "explore.json": schemas.exploreDocument,
    "explore-random.json": schemas.randomDocument,
    "info.json": schemas.infoDocument,
    "list.json": schemas.listDocument,
    "plan.json": schemas.planDocument,
    "replay.json": schemas.replayDocument,
    "scenarios.json": schemas.scenariosDocument,
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, schema]) => [
      name,
      `${JSON.stringify(toJSONSchema(schema), null, 2)}\n`,
    ]),
  );
}

async function writeSchemas() {
  const schemas = await import(new URL("dist/schema/index.js", import.meta.url).href);
  mkdirSync(inPackage("schemas"), { recursive: true });
  for (const [name, text] of Object.entries(await jsonSchemas(schemas))) {
    writeFileSync(inPackage(`schemas/${name}`), text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundleInto(inPackage("dist"));
  await writeSchemas();
}
