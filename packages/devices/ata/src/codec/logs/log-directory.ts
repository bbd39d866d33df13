import { type Infer, type Structure, structure } from "@blockferry/core/bytes";

const layout = {
  name: "General Purpose Log Directory",
  bytes: 512,
  endian: "little",
  source: "ACS-4, A.2 (Table A.4)",
  fields: [
    { name: "version", at: "word 0", kind: "uint", meaning: "logging version: 0001h" },
    { name: "pages", at: "word 1..255", kind: "uints", bytesEach: 2, meaning: "of logs 01h..FFh" },
  ],
} as const;

/** Log 00h: how many pages each log has. `pages[n - 1]` is of log n. */
export const logDirectory: Structure<typeof layout> = structure(layout);

export type LogDirectory = Infer<typeof logDirectory>;

/** Pages of a log; 0: there is no such log. */
export function pagesOfLog(directory: LogDirectory, address: number): number {
  return address === 0 ? 1 : (directory.pages[address - 1] ?? 0);
}
