import { FerryError } from "@blockferry/core";
import * as z from "zod/mini";
import type { DeviceUri } from "../parse/device-uri.ts";
import { knownNamesHint } from "../parse/nearest-name.ts";

/** A parameter value of any kind. */
export const nonEmpty: z.ZodMiniType<string> = z
  .string()
  .check(z.minLength(1, { error: "something, not empty" }));

/** A parameter value that is a size. */
export const size: z.ZodMiniType<string> = z
  .string()
  .check(z.regex(/^[0-9]/, { error: "a size such as 1GiB (a plain number counts blocks)" }));

const FURTHER_DEVICES = 15;

/** Parameters of the further devices of a controller, such as `ns2` to `ns16`. */
export function furtherPlaces(
  prefix: string,
  first: number,
): Record<string, z.ZodMiniOptional<z.ZodMiniType<string>>> {
  return Object.fromEntries(
    Array.from({ length: FURTHER_DEVICES }, (_, i) => [
      `${prefix}${first + i}`,
      z.optional(nonEmpty),
    ]),
  );
}

/** A parameter value that is a whole number, written as sg3_utils takes numbers without a unit. */
export function whole(min: number, max: number): z.ZodMiniType<number, string> {
  const error = `a whole number from ${min} to ${max}`;
  return z.pipe(
    z.string().check(z.regex(/^(?:[0-9]{1,16}|0[xX][0-9a-fA-F]{1,13})$/, { error })),
    z.pipe(
      z.transform((text: string) => Number(text)),
      z.number().check(z.int({ error }), z.gte(min, { error }), z.lte(max, { error })),
    ),
  );
}

/** A parameter value that is one of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodMiniType<Words[number], string> {
  return z.enum(words, { error: `one of ${words.join(", ")}` }) as never;
}

/** Collects the parameters of a URI by name: those that may be repeated as lists. */
function collect(uri: DeviceUri, known: readonly string[], repeatable: readonly string[]): object {
  const values: Record<string, string | string[]> = {};
  for (const [name, value] of uri.parameters) {
    if (!known.includes(name)) {
      throw new FerryError("FERRY_URI_PARAMETER", `${uri.scheme}: has no parameter "${name}"`, {
        details: { uri: uri.text, parameter: name },
        hint: knownNamesHint(name, known),
      });
    }
    if (repeatable.includes(name)) {
      values[name] = [...((values[name] as string[] | undefined) ?? []), value];
    } else if (Object.hasOwn(values, name)) {
      throw new FerryError("FERRY_URI_PARAMETER", `parameter "${name}" is given twice`, {
        details: { uri: uri.text, parameter: name },
      });
    } else values[name] = value;
  }
  return values;
}

/**
 * Checks the parameters of a device URI against a schema.
 *
 * @param known names of the parameters
 * @param repeatable those that may be given more than once
 * @throws FerryError `FERRY_URI_PARAMETER`, with the nearest known name for an unknown one
 */
export function checkParameters<Parameters>(
  uri: DeviceUri,
  schema: z.ZodMiniType<Parameters>,
  known: readonly string[],
  repeatable: readonly string[],
): Parameters {
  const result = schema.safeParse(collect(uri, known, repeatable));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue.path[0]);
  const given = uri.parameters.find(([other]) => other === name)?.[1];
  throw new FerryError(
    "FERRY_URI_PARAMETER",
    `parameter ${name} is "${given}"; it must be ${issue.message}`,
    { details: { uri: uri.text, parameter: name, value: given } },
  );
}
