import type { AnyStructure, FieldInfo } from "@blockferry/core/bytes";
import {
  inquiryCdb,
  reportLunsCdb,
  reportSupportedOperationCodesCdb,
  requestSenseCdb,
} from "../codec/cdb/inquiry-cdb.ts";
import {
  supportedOperationCode,
  supportedOperationCodes,
} from "../codec/parameter/operation-codes.ts";
import { fieldReader } from "./cdb-field.ts";
import { type Command, respond } from "./command.ts";
import type { CommandEntry } from "./command-table.ts";
import { type Refusal, refuseCdb } from "./sense.ts";
import type { Target } from "./target.ts";

const field = {
  rctd: fieldReader(reportSupportedOperationCodesCdb, "rctd"),
  options: fieldReader(reportSupportedOperationCodesCdb, "reportingOptions"),
  code: fieldReader(reportSupportedOperationCodesCdb, "requestedOperationCode"),
  action: fieldReader(reportSupportedOperationCodesCdb, "requestedServiceAction"),
  allocationLength: fieldReader(reportSupportedOperationCodesCdb, "allocationLength"),
};
const OPTIONS_AT = 2;

/** REPORTING OPTIONS (SPC-4 table 301). */
const option = { all: 0, code: 1, action: 2, any: 3 } as const;
/** SUPPORT (SPC-4 table 304). */
const support = { no: 1, yes: 3 } as const;
/** RCTD asks for timeouts: none are known, in seconds. */
const NO_TIMEOUTS = { nominalTimeout: 0, recommendedTimeout: 0 } as const;

/** A command as it is listed. */
export interface ListedCommand {
  readonly operationCode: number;
  readonly serviceAction: number | undefined;
  readonly cdb: AnyStructure;
}

const plain = (operationCode: number, cdb: AnyStructure): ListedCommand => ({
  operationCode,
  serviceAction: undefined,
  cdb,
});

/** Commands that are carried out without a table row. */
const unitless: readonly ListedCommand[] = [
  plain(0x03, requestSenseCdb),
  plain(0x12, inquiryCdb),
  plain(0xa0, reportLunsCdb),
];

/** The value that sets every bit of a field. */
function allOnes({ kind, bits }: FieldInfo): unknown {
  if (kind === "flag") return true;
  return kind === "uint" || kind === "enumeration" || kind === "wide"
    ? bits > 53
      ? (1n << BigInt(bits)) - 1n
      : 2 ** bits - 1
    : undefined;
}

/** CDB USAGE DATA: the operation code, and ones where the device looks at (SPC-4 6.35.3). */
function usageOf({ cdb }: ListedCommand): Uint8Array {
  const value: Record<string, unknown> = {};
  for (const info of cdb.fields) {
    const ones = allOnes(info);
    // NACA is not supported, nor is anything else of CONTROL.
    if (ones !== undefined && info.name !== "control") value[info.name] = ones;
  }
  return cdb.encode(value);
}

function listed(entries: readonly ListedCommand[]): readonly ListedCommand[] {
  return [...unitless, ...entries].sort(
    (one, other) =>
      one.operationCode - other.operationCode ||
      (one.serviceAction ?? 0) - (other.serviceAction ?? 0),
  );
}

/** How the question names a command, and whether it may be named so. */
function findOne(
  commands: readonly ListedCommand[],
  options: number,
  code: number,
  action: number,
): ListedCommand | Refusal | undefined {
  const alike = commands.filter((one) => one.operationCode === code);
  const hasActions = alike.some((one) => one.serviceAction !== undefined);
  if (options === option.code && hasActions) return refuseCdb(OPTIONS_AT, 2);
  if (options === option.action && alike.length > 0 && !hasActions) return refuseCdb(OPTIONS_AT, 2);
  if (!hasActions) return options === option.any && action !== 0 ? undefined : alike[0];
  return alike.find((one) => one.serviceAction === action);
}

const isRefusal = (one: ListedCommand | Refusal): one is Refusal => "status" in one;

/** REPORT SUPPORTED OPERATION CODES (SPC-4 6.35), of these commands and itself. */
export function supportedCodesHandler(
  entries: () => readonly CommandEntry[],
): (target: Target, command: Command) => Refusal | undefined {
  return (_target, command) => {
    const { cdb, unit } = command;
    const own = entries().filter((one) => one.isFor === undefined || one.isFor(unit));
    const commands = listed([...own, ...(unit.translator?.commands ?? [])]);
    const options = field.options(cdb);
    const allocation = field.allocationLength(cdb);
    const timeouts = field.rctd(cdb) === 1 ? NO_TIMEOUTS : undefined;
    if (options === option.all) {
      const data = supportedOperationCodes.encode({
        commands: commands.map(({ operationCode, serviceAction, cdb: { size } }) => ({
          operationCode,
          serviceAction: serviceAction ?? 0,
          servactv: serviceAction !== undefined,
          cdbLength: size,
          timeouts,
        })),
      });
      respond(command, data, allocation);
      return undefined;
    }
    if (options > option.any) return refuseCdb(OPTIONS_AT, 2);
    const found = findOne(commands, options, field.code(cdb), field.action(cdb));
    if (found !== undefined && isRefusal(found)) return found;
    const data =
      found === undefined
        ? supportedOperationCode.encode({ support: support.no })
        : supportedOperationCode.encode({
            support: support.yes,
            cdbUsage: usageOf(found),
            timeouts,
          });
    respond(command, data, allocation);
    return undefined;
  };
}
