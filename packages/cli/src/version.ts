import { readFileSync } from "node:fs";

function readVersion(): string {
  // One folder up from src and from dist alike.
  const manifest = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

/** The version of this package. */
export const version: string = readVersion();
