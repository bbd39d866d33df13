import { FerryError, isFerryError } from "@blockferry/core";
import { exitStatus } from "@blockferry/core/exit-status";
import type { Surroundings } from "../output/surroundings.ts";
import type { ErrorDocument } from "../schema/error-document.ts";

/** How a command was asked to print. */
export type OutputFormat = "normal" | "json" | "jsonl" | "hex";

/** Errors of commander under codes of our own; its words stay. */
const usageCodes: Readonly<Record<string, string>> = {
  "commander.unknownOption": "FERRY_OPTION_UNKNOWN",
  "commander.unknownCommand": "FERRY_OPTION_COMMAND",
  "commander.excessArguments": "FERRY_OPTION_ARGUMENTS",
  "commander.missingArgument": "FERRY_OPTION_MISSING",
  "commander.optionMissingArgument": "FERRY_OPTION_MISSING",
  "commander.missingMandatoryOptionValue": "FERRY_OPTION_MISSING",
  "commander.invalidArgument": "FERRY_OPTION_VALUE",
  "commander.conflictingOption": "FERRY_OPTION_CONTRADICTION",
};

/** A usage error of commander as one of ours. */
export function usageError(code: string, message: string): FerryError {
  const [first, ...rest] = message.replace(/^error: /, "").split("\n");
  const hint = rest.join(" ").replace(/^\((.*)\)$/, "$1");
  return new FerryError(
    usageCodes[code] ?? "FERRY_OPTION_VALUE",
    first,
    hint === "" ? {} : { hint: hint.replace("Did you mean", "did you mean") },
  );
}

function asFerryError(error: unknown): FerryError {
  if (isFerryError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const { code, errno } = error as { code?: string; errno?: number };
  const name = typeof errno === "number" ? "FERRY_FILE_SYSTEM" : "FERRY_INTERNAL";
  return new FerryError(name, message, {
    cause: error,
    details: code === undefined ? {} : { code },
  });
}

/** JSON of what an error carries, whatever it is. */
function plainDetails(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(details, (_, value) => (typeof value === "bigint" ? String(value) : value)),
  );
}

/**
 * Says what went wrong on standard error and, where documents were asked for, as a document on standard output. Returns
 * the exit status.
 */
export function reportError(
  thrown: unknown,
  format: OutputFormat,
  surroundings: Surroundings,
  statusOfError: (error: unknown) => number,
): number {
  const status = statusOfError(thrown);
  const error = asFerryError(thrown);
  const lines = [`blockferry: ${error.message} (${error.code})`];
  if (error.hint !== undefined) lines.push(`hint: ${error.hint}`);
  if (status === exitStatus.logicError && thrown instanceof Error) {
    lines.push(
      "this is a defect of blockferry; please report it with these lines:",
      `${thrown.stack}`,
    );
  }
  surroundings.stderr.write(`${lines.join("\n")}\n`);
  if (format === "json" || format === "jsonl") {
    const document: ErrorDocument = {
      schema: { name: "blockferry.error", version: 1 },
      code: error.code,
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      exitStatus: status,
      details: plainDetails(error.details),
    };
    surroundings.stdout.write(`${JSON.stringify(document, null, format === "json" ? 2 : 0)}\n`);
  }
  return status;
}
