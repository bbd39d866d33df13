// Goal: the package loads everywhere and says in one sentence what is missing.
import { isFerryError } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import type { Koffi } from "../src/bind-libc.ts";
import { explain, linux, requireLinux } from "../src/index.ts";
import { probe, type Surroundings } from "../src/probe.ts";

function never(): Koffi {
  throw new Error("must not be asked");
}

const surroundings: Surroundings = {
  platform: "linux",
  architecture: "x64",
  loadKoffi: () => {
    throw Object.assign(new Error("Cannot find module 'koffi'"), { code: "MODULE_NOT_FOUND" });
  },
};

describe("probe", () => {
  it("names a platform that is not Linux, and does not ask for koffi there", () => {
    expect(probe({ ...surroundings, platform: "darwin", loadKoffi: never })).toEqual({
      reason: "platform",
      message: "These are calls of Linux, and this is darwin.",
    });
  });

  it("names an architecture whose numbers differ", () => {
    const result = probe({ ...surroundings, architecture: "ppc64", loadKoffi: never });
    expect(result).toMatchObject({ reason: "architecture" });
    expect((result as { message: string }).message).toContain("ppc64");
  });

  it("says how to get koffi where it is missing", () => {
    const result = probe(surroundings);
    expect(result).toMatchObject({ reason: "koffi-missing" });
    expect((result as { message: string }).message).toContain("npm install koffi");
  });

  it("passes on why koffi does not load", () => {
    const cause = new Error("invalid ELF header");
    const loadKoffi = (): Koffi => {
      throw cause;
    };
    const result = probe({ ...surroundings, loadKoffi });
    expect(result).toMatchObject({ reason: "koffi-failed", cause });
    expect((result as { message: string }).message).toContain("invalid ELF header");
  });

  it("says so where the C library lacks a call", () => {
    const loadKoffi = (): Koffi => ({
      load: () => ({
        func: (declaration) => {
          throw new Error(`Cannot find function '${declaration}'`);
        },
      }),
      errno: () => 0,
      address: () => 0n,
    });
    expect(probe({ ...surroundings, loadKoffi })).toMatchObject({ reason: "koffi-failed" });
  });
});

describe("linux", () => {
  it("gives the calls, or explain gives the reason", () => {
    const calls = linux();
    if (calls === undefined) {
      expect(explain()?.message).not.toBe("");
      let thrown: unknown;
      try {
        requireLinux();
      } catch (error) {
        thrown = error;
      }
      expect(isFerryError(thrown) && thrown.code).toBe("FERRY_LINUX_UNAVAILABLE");
    } else {
      expect(explain()).toBeUndefined();
      expect(requireLinux()).toBe(calls);
    }
  });

  it("gives the same calls each time", () => {
    expect(linux()).toBe(linux());
  });

  it.runIf(process.platform === "linux" && process.arch === "x64")(
    "is there on a common machine with the development install",
    () => {
      expect(explain()).toBeUndefined();
    },
  );
});
