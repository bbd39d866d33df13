// Packs every published package as the registry would get it and runs publint over the result.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packPackages } from "./pack.mjs";

const folder = mkdtempSync(join(tmpdir(), "blockferry-lint-"));
try {
  for (const { name, tarball } of packPackages(folder)) {
    const { messages, pkg } = await publint({
      pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer },
      strict: true,
    });
    for (const message of messages) {
      process.stdout.write(`${name}: ${message.type}: ${formatMessage(message, pkg)}\n`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
