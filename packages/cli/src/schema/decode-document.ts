import * as z from "zod/mini";
import { count, type SchemaMark, schemaMark } from "./parts.ts";

/** Numbers above 2^53-1 are strings of decimal digits. */
export type DecodedFieldValue = number | string | boolean | readonly number[];

export interface DecodedField {
  readonly field: string;
  /** The position as the standard writes it. */
  readonly at: string;
  /** Offset of the field's first byte in the input. */
  readonly byte: number;
  readonly hex: string;
  readonly value?: DecodedFieldValue;
  /** Name of the value, where it has one. */
  readonly label?: string;
  readonly meaning: string;
  /** The rule that the bytes break. */
  readonly violated?: string;
}

export interface DecodeDocument {
  readonly schema: SchemaMark<"blockferry.decode">;
  readonly structure: string;
  readonly title: string;
  /** Standard and figure that the table was written from. */
  readonly source: string;
  /** Length of the input. */
  readonly bytes: number;
  readonly isValid: boolean;
  /** The first rule that the bytes break. */
  readonly violated?: string;
  /** How many more bytes are needed, where there are too few. */
  readonly need?: number;
  readonly fields: readonly DecodedField[];
}

const fieldSchema: z.ZodMiniType<DecodedField> = z.looseObject({
  field: z.string(),
  at: z.string(),
  byte: count,
  hex: z.string(),
  value: z.exactOptional(z.union([z.number(), z.string(), z.boolean(), z.array(z.number())])),
  label: z.exactOptional(z.string()),
  meaning: z.string(),
  violated: z.exactOptional(z.string()),
});

/** `blockferry decode -o json`. */
export const decodeDocument: z.ZodMiniType<DecodeDocument> = z.looseObject({
  schema: schemaMark("blockferry.decode"),
  structure: z.string(),
  title: z.string(),
  source: z.string(),
  bytes: count,
  isValid: z.boolean(),
  violated: z.exactOptional(z.string()),
  need: z.exactOptional(count),
  fields: z.array(fieldSchema),
});
