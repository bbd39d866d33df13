import { readFileSync } from "node:fs";
import { FerryError } from "@blockferry/core";
import type { Annotation, Decoded } from "@blockferry/core/bytes";
import { exitStatus } from "@blockferry/core/exit-status";
import type { Context } from "../context.ts";
import { type Colors, colorsFor } from "../output/colors.ts";
import { parseHexBytes } from "../parse/hex-bytes.ts";
import { writeJsonDocument } from "../report/json-writer.ts";
import { textTable } from "../report/text-table.ts";
import type { DecodedField } from "../schema/decode-document.ts";
import { allStructures, type Explainable, formatNamed } from "../structures.ts";
import type { DecodeCommandOptions } from "./decode-command.ts";

const HEX_SHOWN_MAX = 32;

function readInput(hex: string): Uint8Array {
  const isFile = hex.startsWith("@");
  if (hex !== "-" && !isFile) return parseHexBytes(hex);
  const path = isFile ? hex.slice(1) : "standard input";
  try {
    return parseHexBytes(readFileSync(isFile ? path : 0, "latin1"));
  } catch (cause) {
    if (cause instanceof FerryError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FerryError("FERRY_FILE_READ", `cannot read ${path}: ${reason}`, { cause });
  }
}

/** Numbers that JSON readers would round become decimal digits. */
function fieldOf(annotation: Annotation): DecodedField {
  const { value, ...rest } = annotation;
  if (value === undefined) return rest;
  const isExact = typeof value !== "bigint" || value <= BigInt(Number.MAX_SAFE_INTEGER);
  if (!isExact) return { ...rest, value: String(value) };
  return { ...rest, value: typeof value === "bigint" ? Number(value) : value };
}

function problemOf(decoded: Decoded<object>): string | undefined {
  if (decoded.ok) return undefined;
  return decoded.violated ?? `${decoded.need} more bytes are needed`;
}

function valueText({ value, label }: DecodedField): string {
  const text = value === undefined ? "" : Array.isArray(value) ? value.join(" ") : String(value);
  return label === undefined || label === "" ? text : `${text} (${label})`;
}

/** Fields that the bytes end before, or in: their rule is said once, for all of them. */
function isMissing({ value, byte, hex, violated }: DecodedField, bytes: number): boolean {
  return violated !== undefined && value === undefined && byte + hex.length / 2 >= bytes;
}

function fieldRow(field: DecodedField): string[] {
  const { hex } = field;
  const shown = hex.length > HEX_SHOWN_MAX ? `${hex.slice(0, HEX_SHOWN_MAX)}…` : hex;
  return [field.at, shown, field.field, valueText(field), field.meaning];
}

function writeText(
  context: Context,
  name: string,
  format: Explainable,
  fields: readonly DecodedField[],
  bytes: number,
): void {
  const { stdout } = context.surroundings;
  const colors: Colors = colorsFor(stdout, context.surroundings, context.color);
  const columns = ["at", "bytes", "field", "value", "meaning"].map(
    (head) => ({ head, align: "left" }) as const,
  );
  const [head, ...rows] = textTable(columns, fields.map(fieldRow));
  const lines = rows.flatMap((row, i) => {
    const field = fields[i];
    if (field.violated === undefined) return [row];
    if (isMissing(field, bytes)) return [colors.faint(row)];
    return [colors.bad(row), colors.bad(`  ^ ${field.violated}`)];
  });
  stdout.write(
    `${[`${name}: ${format.title} (${format.source})`, colors.strong(head), ...lines].join("\n")}\n`,
  );
}

async function listStructures({ surroundings: { stdout } }: Context): Promise<number> {
  const columns = ["structure", "bytes", "title", "source"].map(
    (head) => ({ head, align: "left" }) as const,
  );
  const rows = Object.entries(await allStructures()).map(([name, { title, source, size }]) => [
    name,
    size === undefined ? "" : String(size),
    title,
    source,
  ]);
  stdout.write(`${textTable(columns, rows).join("\n")}\n`);
  return exitStatus.success;
}

/** `blockferry decode`. */
export async function runDecode(
  name: string | undefined,
  hex: string | undefined,
  options: DecodeCommandOptions,
  context: Context,
): Promise<number> {
  if (name === undefined) return listStructures(context);
  const format = await formatNamed(name);
  if (hex === undefined) {
    throw new FerryError("FERRY_OPTION_MISSING", `no bytes are given to decode as ${name}`, {
      hint: "give them in hexadecimal, or - for standard input, or @FILE",
    });
  }
  const bytes = readInput(hex);
  const { surroundings } = context;
  const decodeOptions = {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.format === undefined ? {} : { format: options.format }),
    lenient: options.lenient === true,
  };
  const decoded = format.decode(bytes, decodeOptions);
  const fields = format.annotate(bytes, decodeOptions).map(fieldOf);
  const problem = problemOf(decoded);
  if (options.output === "json") {
    writeJsonDocument(surroundings.stdout, {
      schema: { name: "blockferry.decode", version: 1 },
      structure: name,
      title: format.title,
      source: format.source,
      bytes: bytes.length,
      isValid: decoded.ok,
      violated: problem,
      need: decoded.ok ? undefined : decoded.need,
      fields: fields.values(),
    });
  } else writeText(context, name, format, fields, bytes.length);
  if (problem === undefined) return exitStatus.success;
  surroundings.stderr.write(`blockferry: ${problem} (FERRY_DECODE_RULE)\n`);
  return exitStatus.malformed;
}
