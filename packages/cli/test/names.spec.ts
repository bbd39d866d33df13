// Goal: a mistyped name is answered with the one that was meant. Distances are counted by hand.
import { describe, expect, it } from "vitest";
import { knownNamesHint, nearestName } from "../src/parse/nearest-name.ts";

describe("nearestName", () => {
  const known = ["mssrl", "mcl", "msrc", "source-list", "list-token", "validate"];
  it.each([
    ["msrl", "mssrl"],
    ["mlc", "mcl"],
    ["MSRC", "msrc"],
    ["list-tokn", "list-token"],
    ["list-tokne", "list-token"],
    ["token", "list-token"],
    ["validade", "validate"],
  ])("%s is %s", (typed, meant) => {
    expect(nearestName(typed, known)).toBe(meant);
  });

  it.each(["xyzzy", "q", ""])("%j is nothing known", (typed) => {
    expect(nearestName(typed, known)).toBeUndefined();
  });

  it("names all where none is near", () => {
    expect(knownNamesHint("xyzzy", ["a", "b"])).toBe("known: a, b");
    expect(knownNamesHint("mssl", ["mssrl", "mcl"])).toBe(
      "did you mean mssrl? (known: mssrl, mcl)",
    );
  });
});
