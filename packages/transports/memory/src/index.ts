/**
 * A loopback transport to an emulated device.
 *
 * @packageDocumentation
 */
export { type MemoryTransport, memoryTransport } from "./memory-transport.ts";
export type { MemoryTransportOptions, Turn } from "./options.ts";
