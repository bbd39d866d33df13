import type { Coder } from "./coder.ts";
import { compiledDecoder } from "./compiled-decoder.ts";
import { compiledEncoder } from "./compiled-encoder.ts";
import { isFast, type Unit, unitsOf } from "./compiled-units.ts";
import type { BoundField } from "./field.ts";
import { allZero, copyBytes } from "./scalar.ts";

/** What the generated code may call. */
interface Surroundings {
  readonly slow: Coder;
  /** Codecs of the fields that are not plain numbers, by index in the table. */
  readonly fields: readonly BoundField[];
  readonly allZero: typeof allZero;
  readonly copyBytes: typeof copyBytes;
}

/**
 * Generates functions for one table: bytes move in dwords, every plain number is checked and
 * placed by constant shifts. Whatever is not plainly valid goes to `slow`, so that refusals
 * have one wording.
 * @returns undefined where the environment forbids code generation (a content security policy).
 */
export function compile(
  fields: readonly BoundField[],
  size: number,
  slow: Coder,
): Coder | undefined {
  const units: readonly Unit[] = unitsOf(fields, size);
  const source = [
    '"use strict";',
    "const { slow, fields, allZero, copyBytes } = surroundings;",
    ...fields.flatMap((field, index) =>
      isFast(field) ? [] : [`const c${index} = fields[${index}];`],
    ),
    `return { ${compiledEncoder(fields, units, size)},`,
    `${compiledDecoder(fields, units, size)} };`,
  ].join("\n");
  const surroundings: Surroundings = { slow, fields, allZero, copyBytes };
  try {
    return new Function("surroundings", source)(surroundings) as Coder;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
