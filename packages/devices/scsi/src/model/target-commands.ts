import { reportSupportedOperationCodesCdb } from "../codec/cdb/inquiry-cdb.ts";
import {
  type CommandEntry,
  type CommandTable,
  commandEntries,
  commandTable,
  isSupported,
} from "./command-table.ts";
import { supportedCodesHandler } from "./supported-codes.ts";
import type { Target } from "./target.ts";

/** All commands that a target of this profile has. */
export function commandsOf(target: Target): CommandTable {
  let supported: readonly CommandEntry[] = [];
  const reporting: CommandEntry = {
    operationCode: 0xa3,
    serviceAction: 0x0c,
    cdb: reportSupportedOperationCodesCdb,
    run: supportedCodesHandler(() => supported),
    access: "free-of-persistent",
    needsMedium: false,
    optional: "REPORT SUPPORTED OPERATION CODES",
    thirdParty: undefined,
    isFor: undefined,
  };
  supported = [...commandEntries, reporting].filter((entry) => isSupported(target, entry));
  return commandTable(supported);
}
