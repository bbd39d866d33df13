// What a user's bundler makes of `core`, one strategy and the NVMe device, every entry of them: one minified bundle,
// brotli-compressed, must stay below the limit. Runs on what was built.
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { rolldown } from "rolldown";
import { publishedPackages } from "./packages.mjs";

const names = ["@blockferry/core", "@blockferry/strategy-source-list", "@blockferry/device-nvme"];
const limitBytes = 60_000;

const entries = publishedPackages()
  .filter(({ name }) => names.includes(name))
  .flatMap(({ folder, manifest }) =>
    Object.values(manifest.exports ?? {}).flatMap((entry) =>
      typeof entry === "object" && entry !== null && "default" in entry
        ? [join(folder, String(entry.default))]
        : [],
    ),
  );
const everything = "\0everything";
const bundle = await rolldown({
  input: everything,
  platform: "neutral",
  plugins: [
    {
      name: "every-entry",
      resolveId: (id) => (id === everything ? id : null),
      load: (id) =>
        id === everything
          ? entries
              .map((path, i) => `export * as entry${i} from ${JSON.stringify(path)};`)
              .join("\n")
          : null,
    },
  ],
});
const { output } = await bundle.generate({ format: "esm", minify: true });
const code = output.map((part) => ("code" in part ? part.code : "")).join("");
const bytes = brotliCompressSync(code).length;
process.stdout.write(`${entries.length} entries: ${bytes} bytes of ${limitBytes}\n`);
process.exitCode = entries.length >= names.length && bytes < limitBytes ? 0 : 1;
