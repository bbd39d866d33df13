import type { ScenarioCase, ScenarioFile } from "@blockferry/explorer";
import * as z from "zod/mini";
import { expectationSchema } from "./explore-document.ts";
import { type SchemaMark, schemaMark } from "./parts.ts";

/** A scenario without its world. */
export interface ScenarioPart extends Pick<ScenarioFile, "name" | "title" | "mails" | "story"> {
  /** Takes seconds. */
  readonly slow: boolean;
  readonly cases: readonly Pick<ScenarioCase, "name" | "strategy" | "expect">[];
}

export interface ScenariosDocument {
  readonly schema: SchemaMark<"blockferry.scenarios">;
  readonly scenarios: readonly ScenarioPart[];
}

const scenarioSchema = z.looseObject({
  name: z.string(),
  title: z.string(),
  mails: z.array(z.looseObject({ id: z.string(), by: z.string(), date: z.string() })),
  story: z.string(),
  slow: z.boolean(),
  cases: z.array(
    z.looseObject({ name: z.string(), strategy: z.string(), expect: expectationSchema }),
  ),
}) as unknown as z.ZodMiniType<ScenarioPart>;

/** `blockferry explore --list -o json`. */
export const scenariosDocument: z.ZodMiniType<ScenariosDocument> = z.looseObject({
  schema: schemaMark("blockferry.scenarios"),
  scenarios: z.array(scenarioSchema),
});
