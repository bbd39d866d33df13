import * as z from "zod/mini";
import { furtherPlaces, oneOf, whole } from "./uri-parameters.ts";

const blockSizes = [
  ...["1", "2", "4", "8", "16", "32", "64", "128", "256", "512"],
  ...["1024", "2048", "4096", "8192", "16384", "32768", "65536"],
] as const;

/** What a `file:` URI says, checked; further files are `file1`, `file2`, … */
export interface FileParameters {
  readonly bs?: string | undefined;
  readonly depth?: number | undefined;
  readonly [further: `file${number}`]: string | undefined;
}

const shape = {
  bs: z.optional(oneOf(blockSizes as unknown as readonly [string, ...string[]])),
  depth: z.optional(whole(1, 256)),
  ...furtherPlaces("file", 1),
};

/** Names of the parameters. */
export const fileParameterNames: readonly string[] = Object.keys(shape);

/** Parameters of `file:` URIs. */
export const fileParameters: z.ZodMiniType<FileParameters> = z.object(shape);
