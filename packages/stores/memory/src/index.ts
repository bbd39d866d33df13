/**
 * A sparse store in memory for emulated devices.
 *
 * @packageDocumentation
 */
export { type MemoryStore, type MemoryStoreOptions, memoryStore } from "./memory-store.ts";
