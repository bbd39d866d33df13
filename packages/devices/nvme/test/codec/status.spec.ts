import { describe, expect, it } from "vitest";
import { fabricsStatuses, nvmeStatus, nvmeStatuses } from "../../src/codec/index.ts";
import { libnvmeNames } from "./recorded/status-names.ts";

// Goal: every status code has the name that the standard gives it.

/** Where libnvme 1.3 words a name its own way, or knows a code that the standard has dropped. */
const worded: Readonly<Record<number, string>> = {
  260: "Reserved",
  297: "I/O Command Set Not Supported",
  298: "I/O Command Set Not Enabled",
  299: "I/O Command Set Combination Rejected",
  300: "Invalid I/O Command Set",
  303: "Invalid Discovery Information",
  304: "Zoning Data Structure Locked",
  305: "Zoning Data Structure Not Found",
  306: "Insufficient Discovery Resources",
  307: "Requested Function Disabled",
  308: "ZoneGroup Originator Invalid",
};

describe("status codes", () => {
  it.each(libnvmeNames)("%i is %s", (code, name) => {
    expect(nvmeStatus(code >> 8, code & 0xff).name).toBe(worded[code] ?? name);
  });
  // NVM Command Set 1.2, Figure 42; libnvme 1.3 does not know them yet.
  it.each([
    [0x85, "Incompatible Namespace or Format", "never"],
    [0x86, "Fast Copy Not Possible", "elsewhere"],
    [0x87, "Overlapping I/O Range", "never"],
    [0x88, "Namespace Not Reachable", "never"],
    [0x89, "Insufficient Resources", "elsewhere"],
  ])("Copy: 1/%i is %s", (sc, name, retry) => {
    expect(nvmeStatus(1, sc)).toMatchObject({ sct: 1, sc, name, retry });
  });
  it("fabrics commands reuse codes of I/O commands", () => {
    expect(nvmeStatus(1, 0x82).name).toBe("Attempted Write to Read Only Range");
    expect(nvmeStatus(1, 0x82, { fabrics: true }).name).toBe("Connect Invalid Parameters");
    expect(nvmeStatus(1, 0x0d, { fabrics: true }).name).toBe("Feature Identifier Not Saveable");
  });
  it("names what the standard leaves open", () => {
    expect(nvmeStatus(0, 0x17).name).toBe("Reserved");
    expect(nvmeStatus(1, 0xc1).name).toBe("Vendor Specific");
    expect(nvmeStatus(7, 0x01).name).toBe("Vendor Specific");
  });
  it("has each code once, with a sentence and a figure", () => {
    for (const table of [nvmeStatuses, fabricsStatuses]) {
      const codes = table.map(({ sct, sc }) => sct * 256 + sc);
      expect(new Set(codes).size).toBe(codes.length);
      for (const { meaning, source } of table) {
        expect(meaning.length).toBeGreaterThan(3);
        expect(source).toMatch(/Figure \d+/);
      }
    }
  });
});
