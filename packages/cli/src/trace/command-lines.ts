import { isFerryError } from "@blockferry/core";
import type { Annotation } from "@blockferry/core/bytes";
import { durationText } from "../output/bytes-text.ts";
import { hexLines } from "../report/hex-lines.ts";
import type { FamilyWords, Words } from "./command-words.ts";
import type { CommandEvent } from "./traced-transport.ts";

/** Bytes of data that came with an answer are shown up to here. */
const DATA_SHOWN_MAX = 256;

/** What every command has, or what says nothing by itself. */
const dull: ReadonlySet<string> = new Set([
  ...["opc", "cid", "psdt", "fuse", "mptr", "dptr", "operationCode", "serviceAction", "control"],
  ...["command", "fisType", "c", "pmPort", "operation", "type"],
]);

function isDull({ field, value, meaning }: Annotation): boolean {
  if (dull.has(field) || meaning === "" || value === undefined) return true;
  return value === 0 || value === 0n || value === false || value === "";
}

function valueText({ value, label }: Annotation): string {
  const text = Array.isArray(value) ? value.join(" ") : String(value);
  return label === undefined || label === "" ? text : `${text} (${label})`;
}

/** The fields that say something, in one line. */
function oneLine({ title, fields }: Words): string {
  const told = fields
    .filter((field) => !isDull(field))
    .map((field) => `${field.field} ${valueText(field)}`);
  return told.length === 0 ? title : `${title}: ${told.join(", ")}`;
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);

function fieldLines(fields: readonly Annotation[]): string[] {
  return fields
    .filter(({ value, violated }) => value !== undefined || violated !== undefined)
    .map((field) => {
      const broken = field.violated === undefined ? "" : ` ^ ${field.violated}`;
      const value = field.value === undefined ? "" : valueText(field);
      return `${field.at.padEnd(16)} ${field.field} = ${value}${broken}`;
    });
}

function inFull(name: string, bytes: Uint8Array, fields: readonly Annotation[]): string[] {
  return indented([`${name}, ${bytes.length} bytes`, ...hexLines(bytes), ...fieldLines(fields)]);
}

function dataText({ dataInBytes, dataOutBytes }: CommandEvent): string {
  const out = dataOutBytes > 0 ? `; ${dataOutBytes} bytes to the device` : "";
  return dataInBytes > 0 ? `${out}; ${dataInBytes} bytes from it` : out;
}

function sentLines(event: CommandEvent, words: FamilyWords, isFull: boolean): string[] {
  const { queue, command, dataOut } = event;
  const told = words.command(queue, command);
  const line = `${oneLine(told)}${dataText(event)}`;
  if (!isFull) return [line];
  const list = dataOut === undefined ? undefined : words.list(command, dataOut, event.profile);
  return [
    line,
    ...inFull("command", words.bytes(command), told.fields),
    ...(dataOut === undefined
      ? []
      : inFull(
          list?.title ?? "data to the device",
          dataOut.subarray(0, DATA_SHOWN_MAX * 64),
          list?.fields ?? [],
        )),
  ];
}

function answeredLines(event: CommandEvent, words: FamilyWords, isFull: boolean): string[] {
  const { command, completion, dataIn, elapsedMs } = event;
  if (completion === undefined) return [];
  const told = words.completion(command, completion);
  const line = `${told.title}; ${durationText(elapsedMs)}`;
  if (!isFull) return [line];
  const shown = dataIn?.subarray(0, DATA_SHOWN_MAX);
  const data = shown === undefined ? [] : inFull("data from the device, its beginning", shown, []);
  return [line, ...indented(fieldLines(told.fields)), ...data];
}

function failedLine({ error }: CommandEvent): string {
  const text = error instanceof Error ? error.message : String(error);
  return isFerryError(error) ? `${text} (${error.code})` : text;
}

/**
 * A command or its answer in lines for people, as sg3_utils prints them: the first with `-v`, the others, with every byte
 * and field, with `-vv`.
 */
export function commandLines(event: CommandEvent, words: FamilyWords, isFull: boolean): string[] {
  const { kind, family, queue, tag } = event;
  if (kind === "reset" || kind === "removed") {
    return [`${family} ${queue}: the device ${kind === "reset" ? "was reset" : "is gone"}`];
  }
  const [first, ...rest] =
    kind === "sent"
      ? sentLines(event, words, isFull)
      : kind === "answered"
        ? answeredLines(event, words, isFull)
        : [failedLine(event)];
  return [`${family} ${queue} ${tag} ${kind === "sent" ? ">" : "<"} ${first}`, ...rest];
}
