import * as z from "zod/mini";
import { count, type SchemaMark, schemaMark } from "./parts.ts";

export interface ErrorDocument {
  readonly schema: SchemaMark<"blockferry.error">;
  /** `FERRY_<AREA>_<CONDITION>`, stable within a major version. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly exitStatus: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a command prints under `-o json` and `-o jsonl` in the place of its document when it fails. */
export const errorDocument: z.ZodMiniType<ErrorDocument> = z.looseObject({
  schema: schemaMark("blockferry.error"),
  code: z.string(),
  message: z.string(),
  hint: z.exactOptional(z.string()),
  exitStatus: count,
  details: z.record(z.string(), z.unknown()),
});
