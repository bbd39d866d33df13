import type { Annotation } from "@blockferry/core/bytes";
import type { NativePart } from "../schema/info-document.ts";

function isZero(value: Annotation["value"]): boolean {
  return value === 0 || value === 0n || value === false || value === "";
}

/** Entries of arrays that are all zero are not there: 64 LBA formats are declared, few are used. */
function usedEntries(annotations: readonly Annotation[]): Set<string> {
  const entryOf = (field: string) => /^.*\[[0-9]+\]/.exec(field)?.[0];
  const used = new Set<string>();
  for (const { field, value } of annotations) {
    const entry = entryOf(field);
    if (entry === undefined || !isZero(value)) used.add(entry ?? field);
  }
  return new Set(
    annotations.map(({ field }) => field).filter((field) => used.has(entryOf(field) ?? field)),
  );
}

/** The fields of a structure by name, as documents have them. */
export function fieldsOf(annotations: readonly Annotation[]): NativePart["fields"] {
  const used = usedEntries(annotations);
  const fields: Record<string, string | number | boolean | readonly number[]> = {};
  for (const { field, value } of annotations) {
    if (value === undefined || !used.has(field)) continue;
    if (typeof value !== "bigint") fields[field] = value;
    else fields[field] = value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
  }
  return fields;
}
