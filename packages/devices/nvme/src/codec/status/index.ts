import { adminCommandStatus, fabricsCommandStatus, ioCommandStatus } from "./command-status.ts";
import { genericStatus } from "./generic-status.ts";
import { mediaStatus, pathStatus } from "./media-status.ts";
import type { RetryHint, StatusRow } from "./row.ts";

export type { RetryHint } from "./row.ts";

/** What a status code means. */
export interface NvmeStatus {
  /** Status Code Type. */
  readonly sct: number;
  /** Status Code. */
  readonly sc: number;
  /** Name in the standard, or "Vendor Specific", or "Reserved". */
  readonly name: string;
  readonly meaning: string;
  /** What may help if the Do Not Retry bit is clear. */
  readonly retry: RetryHint;
  /** Standard and figure. */
  readonly source: string;
}

const BASE = "NVM Express Base 2.2, Figure";

interface StatusTable {
  readonly sct: number;
  readonly rows: readonly StatusRow[];
  readonly source: string;
}

const tables: readonly StatusTable[] = [
  { sct: 0, rows: genericStatus, source: `${BASE} 102` },
  { sct: 1, rows: adminCommandStatus, source: `${BASE} 103` },
  { sct: 1, rows: ioCommandStatus, source: `${BASE} 104; NVM Command Set 1.2, Figure 42` },
  { sct: 2, rows: mediaStatus, source: `${BASE} 106` },
  { sct: 3, rows: pathStatus, source: `${BASE} 107` },
];

const fabricsTable: StatusTable = { sct: 1, rows: fabricsCommandStatus, source: `${BASE} 105` };

const statusesOf = ({ sct, rows, source }: StatusTable): NvmeStatus[] =>
  rows.map(([sc, name, meaning, retry]) => ({ sct, sc, name, meaning, retry, source }));

/** Every status of the standard, those of fabrics commands left out. */
export const nvmeStatuses: readonly NvmeStatus[] = tables.flatMap(statusesOf);

/** Status codes of fabrics commands (SCT 1h), which reuse numbers of I/O commands. */
export const fabricsStatuses: readonly NvmeStatus[] = statusesOf(fabricsTable);

const keyOf = (sct: number, sc: number): number => sct * 256 + sc;
const byKey = new Map(nvmeStatuses.map((status) => [keyOf(status.sct, status.sc), status]));
const fabricsByKey = new Map(
  fabricsStatuses.map((status) => [keyOf(status.sct, status.sc), status]),
);

function unknown(sct: number, sc: number): NvmeStatus {
  const isVendor = sct === 7 || sc >= 0xc0;
  const name = isVendor ? "Vendor Specific" : "Reserved";
  const meaning = isVendor ? "ask the controller's vendor" : "the standard gives it no meaning";
  return { sct, sc, name, meaning, retry: "later", source: `${BASE} 101` };
}

/** Whose command a status answers; fabrics commands reuse status codes of I/O commands. */
export interface StatusContext {
  readonly fabrics?: boolean;
}

/** What a status means. Codes that the standard does not define are named, not refused. */
export function nvmeStatus(sct: number, sc: number, context: StatusContext = {}): NvmeStatus {
  const key = keyOf(sct, sc);
  const own = context.fabrics === true ? fabricsByKey.get(key) : undefined;
  return own ?? byKey.get(key) ?? unknown(sct, sc);
}
