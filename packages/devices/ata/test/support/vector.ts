import { readFileSync } from "node:fs";
import { fromHex } from "@blockferry/core/bytes";

const textOf = (name: string): string =>
  readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8");

/** Lines of a file of captured bytes, without comments. */
export function vectorLines(name: string): string[] {
  return textOf(name)
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

/** Words as `hdparm --Istdout` prints them, in the order of their bytes. */
export function identifyVector(name: string): Uint8Array {
  const words = textOf(name).match(/\b[0-9a-f]{4}\b/g) ?? [];
  return Uint8Array.from(words.flatMap((word) => [...fromHex(word)].reverse()));
}

/** Bytes as `od -An -tx1` prints them. */
export function bytesVector(name: string): Uint8Array {
  return fromHex(vectorLines(name).join(" "));
}
