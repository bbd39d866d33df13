import type { AnyStructure } from "@blockferry/core/bytes";
import { check, checkBytes, checkSame, isMisuse, shown, thrownBy } from "../check.ts";
import { largest, leastValue, type ValuedField, valuedFields } from "./field-values.ts";

/** Values that a field must take, and what decoding gives for them (`refused`: more than a number can hold). */
interface Edge {
  readonly value: unknown;
  readonly refused?: boolean;
}

interface Limits {
  readonly edges: readonly Edge[];
  /** Values that it must not take. */
  readonly wrong: readonly unknown[];
}

function numberLimits(bits: number, keepsWide: boolean): Limits {
  const most = largest(bits);
  const above = typeof most === "bigint" ? most + 1n : most + 1;
  const isTooWide = typeof most === "bigint" && !keepsWide;
  const edges = [{ value: keepsWide ? 0n : 0 }, { value: keepsWide ? BigInt(most) : most }];
  return {
    edges: edges.map((edge, at) => ({ ...edge, refused: at === 1 && isTooWide })),
    wrong: [above, -1, -1n, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "1", true],
  };
}

function limitsOf({ spec, info }: ValuedField): Limits {
  const { bits, bytes } = info;
  switch (spec.kind) {
    case "flag":
      return { edges: [{ value: false }, { value: true }], wrong: [0, 1, "true", 2] };
    case "zeroBased":
      return {
        edges: [{ value: 1 }, { value: 2 ** bits }],
        wrong: [0, 2 ** bits + 1, -1, 1.5, Number.NaN, "1", undefined],
      };
    case "wide":
      return numberLimits(bits, true);
    case "constant": {
      const other = spec.value === 0 ? 1 : spec.value - 1;
      return { edges: [{ value: spec.value }], wrong: [other, String(spec.value)] };
    }
    case "bitset": {
      const all = Array.from({ length: bits }, (_, bit) => bit);
      return { edges: [{ value: [] }, { value: all }], wrong: [[bits], [-1], [0.5], 1, "0"] };
    }
    case "bytes": {
      const wrong = [new Uint8Array(bytes + 1), new Uint8Array(bytes - 1), "00", bytes];
      const edges = [{ value: new Uint8Array(bytes) }, { value: new Uint8Array(bytes).fill(255) }];
      return { edges, wrong };
    }
    case "ascii": {
      const edges = [{ value: "" }, { value: "~".repeat(bytes) }];
      return { edges, wrong: ["A".repeat(bytes + 1), "\u00e9", "\n", 7] };
    }
    case "uints": {
      const length = bytes / spec.bytesEach;
      const most = largest(spec.bytesEach * 8);
      const above = typeof most === "bigint" ? most + 1n : most + 1;
      const full = (value: unknown): unknown[] => Array.from({ length }, () => value);
      const isTooWide = typeof most === "bigint";
      return {
        edges: [{ value: full(0) }, { value: full(most), refused: isTooWide }],
        wrong: [[...full(0), 0], [above], [-1], [0.5], 0, "0"],
      };
    }
    case "array":
      return { edges: [], wrong: [new Array(bytes / spec.each.bytes + 1).fill({}), {}, 0, "x"] };
    default:
      return numberLimits(bits, false);
  }
}

function checkEdge(table: AnyStructure, field: string, { value, refused }: Edge): void {
  const bytes = table.encode({ ...leastValue(table), [field]: value });
  const decoded = table.decode(bytes, 0, { exact: true });
  const what = `${table.name}: ${field} = ${shown(value)}`;
  if (refused === true) {
    check(!decoded.ok && decoded.violated !== undefined, `${what} has no number, but was decoded`);
    check(decoded.field.startsWith(field), `${what} was refused for ${decoded.field}`);
    return;
  }
  check(decoded.ok, `${what} cannot be decoded again: ${shown(decoded)}`);
  checkSame((decoded.value as Record<string, unknown>)[field], value, what);
}

function checkWrong(table: AnyStructure, field: string, value: unknown): void {
  const what = `${table.name}: ${field} = ${shown(value)}`;
  const target = new Uint8Array(table.size).fill(0xa5);
  const error = thrownBy(() => table.encode({ ...leastValue(table), [field]: value }, target));
  check(error !== undefined, `${what} was encoded`);
  check(isMisuse(error), `${what} threw ${shown(error)}`);
  const isNamed = error.message.includes(field) && error.message.includes(table.name);
  check(isNamed, `${what}: the error names neither: ${error.message}`);
  checkBytes(target, new Uint8Array(table.size).fill(0xa5), `the target of the refused ${what}`);
}

/** Least and greatest value of every field are kept; one more, and what is no such value, is refused by name. */
export function checkFieldLimits(table: AnyStructure): void {
  for (const one of valuedFields(table)) {
    const { edges, wrong } = limitsOf(one);
    for (const edge of edges) checkEdge(table, one.spec.name, edge);
    for (const value of wrong) checkWrong(table, one.spec.name, value);
  }
  const unknown = thrownBy(() => table.encode({ ...leastValue(table), noSuchField: 1 }));
  check(isMisuse(unknown), `${table.name}: a field that there is not: ${shown(unknown)}`);
}
