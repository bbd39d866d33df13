// Goal: errors are recognised across copies of the package, and carry what they say.
import { describe, expect, it } from "vitest";
import { FerryError, isFerryError } from "../src/errors.ts";
import {
  operation,
  operationName,
  status,
  statusName,
  traceKind,
  traceKindName,
} from "../src/index.ts";

describe("a FerryError", () => {
  it("carries code, details, hint and cause", () => {
    const cause = new Error("below");
    const error = new FerryError("FERRY_TEST_CASE", "what was wrong", {
      cause,
      details: { line: 7 },
      hint: "do this",
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "FerryError",
      message: "what was wrong",
      code: "FERRY_TEST_CASE",
      details: { line: 7 },
      hint: "do this",
      cause,
    });
    expect(String(error)).toBe("FerryError: what was wrong");
    expect("cause" in new FerryError("FERRY_TEST_CASE", "x")).toBe(false);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      code: "FERRY_TEST_CASE",
      details: { line: 7 },
    });
  });

  it("is recognised by its brand, not by its class", () => {
    const brand = Symbol.for("@blockferry/core/ferry-error");
    const foreign = Object.assign(new Error("x"), { [brand]: true, code: "FERRY_X_Y" });
    expect(isFerryError(new FerryError("FERRY_TEST_CASE", "x"))).toBe(true);
    expect(isFerryError(foreign)).toBe(true);
    for (const other of [new Error("x"), { code: "FERRY_X_Y" }, null, undefined, "FERRY", 5]) {
      expect(isFerryError(other)).toBe(false);
    }
    expect(Object.keys(new FerryError("FERRY_TEST_CASE", "x"))).not.toContain(String(brand));
  });
});

describe("names of numbers", () => {
  it("lead back to the numbers", () => {
    for (const [name, value] of Object.entries(status)) expect(statusName(value)).toBe(name);
    for (const [name, value] of Object.entries(traceKind)) expect(traceKindName(value)).toBe(name);
    for (const [name, value] of Object.entries(operation)) expect(operationName(value)).toBe(name);
    expect(status.success).toBe(0);
  });

  it("are not made up", () => {
    for (const value of [-1, 26, 1.5, Number.NaN]) {
      expect(() => statusName(value)).toThrow(new RangeError(`${value} is not a status`));
    }
  });
});
