import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/packages.mjs";

/**
 * Checks the types of examples against the packages that `folder` has in its node_modules, as a
 * user's compiler does, and writes the JavaScript beside them.
 *
 * @param examples file name without its ending → TypeScript
 * @returns file name → what the compiler has to say; nothing where it is content
 */
export function compileExamples(
  folder: string,
  examples: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [name, text] of Object.entries(examples)) {
    writeFileSync(join(folder, `${name}.ts`), text);
  }
  const compilerOptions = {
    target: "es2023",
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  const files = Object.keys(examples).map((name) => `${name}.ts`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const done = spawnSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], {
    cwd: folder,
    encoding: "utf8",
  });
  const said: Record<string, string> = {};
  for (const line of done.stdout.split("\n")) {
    const name = /^([^(]+)\.ts\(/.exec(line)?.[1];
    if (name !== undefined) said[name] = `${said[name] ?? ""}${line}\n`;
  }
  if (done.status !== 0 && Object.keys(said).length === 0) {
    throw new Error(`tsc: ${done.stdout}${done.stderr}`);
  }
  return said;
}

/** Runs a compiled example in its folder. Throws with all that it printed when it fails. */
export function runExample(folder: string, name: string): string {
  const done = spawnSync(process.execPath, [`${name}.js`], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
  if (done.status !== 0) {
    throw new Error(
      `${name} ended with ${done.status ?? done.signal}\n${done.stdout}${done.stderr}`,
    );
  }
  return done.stdout.trim();
}
