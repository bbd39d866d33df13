// Goal: importing the package costs nothing; koffi is loaded by the first use.
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { explain, linux } from "../src/index.ts";

const { cache } = createRequire(import.meta.url);
const hasKoffi = (): boolean => Object.keys(cache).some((path) => path.includes("koffi"));

it("loads koffi when the calls are first asked for, not before", (context) => {
  expect(hasKoffi()).toBe(false);
  if (linux() === undefined) return context.skip(explain()?.message ?? "");
  expect(hasKoffi()).toBe(true);
});
