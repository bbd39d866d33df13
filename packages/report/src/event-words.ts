import { operation, operationName, status, statusName } from "@blockferry/core";

const operationCount = Object.keys(operation).length;
const statusCount = Object.keys(status).length;

const isNumberBelow = (value: number, count: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < count;

/** The name of an operation; of a number that is none, the number: a trace may be newer than its reader. */
export function operationWord(value: number): string {
  return isNumberBelow(value, operationCount) ? operationName(value) : `operation ${value}`;
}

/** The same for a status. */
export function statusWord(value: number): string {
  return isNumberBelow(value, statusCount) ? statusName(value) : `status ${value}`;
}

const storeMeans = ["memory", "clone", "kernel-copy", "read-write"];

/** How a store copied. */
export function storeMeansWord(value: number): string {
  return storeMeans[value] ?? `means ${value}`;
}

/** Blocks in words: `8192+64`. */
export function rangeWords(lba: number, blocks: number): string {
  return `${lba}+${blocks}`;
}
