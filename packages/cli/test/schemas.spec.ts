// Goal: the JSON Schema files of the package are those of its zod schemas. `npm run build` writes them.
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { jsonSchemas } from "../build.mjs";
import * as schemas from "../src/schema/index.ts";

it("has the schemas of the documents as files, none more and none less", async () => {
  const folder = new URL("../schemas/", import.meta.url);
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), "utf8")]),
  );
  expect(files).toEqual(await jsonSchemas(schemas));
});
