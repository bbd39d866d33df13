import type { StrategyEngine } from "@blockferry/core";
import { defineTable, type Table, type TableDefinition } from "@blockferry/core/table";

/** Of a device: tags that halves hold, halves that wait for one, whether it was said that some are free again. */
export const halfRequestTable: TableDefinition<HalfRequestColumns> = defineTable(
  "list-token-half-request",
  { taken: "word", head: "row:bio", tail: "row:bio", told: "word" },
  { fixed: true, linked: false },
);
type HalfRequestColumns = {
  readonly taken: "word";
  readonly head: "row:bio";
  readonly tail: "row:bio";
  readonly told: "word";
};

/**
 * Every half is a request of its own before it finds its partners: it takes a tag, or waits until there is one. Each
 * device has as many as its queue takes commands.
 */
export class HalfRequests {
  private readonly engine: StrategyEngine;
  private readonly devices: Table<HalfRequestColumns>;

  constructor(engine: StrategyEngine, devices: Table<HalfRequestColumns>) {
    this.engine = engine;
    this.devices = devices;
    for (let device = 0; device < devices.capacity; device++) {
      const row = devices.allocate();
      devices.columns.head[row] = -1;
      devices.columns.tail[row] = -1;
    }
  }

  /** False for a half that has to wait: it is handed on by `next` later. */
  take(bio: number): boolean {
    const { bios } = this.engine;
    const device = bios.columns.device[bio];
    const { taken, head, tail } = this.devices.columns;
    if (head[device] < 0 && taken[device] < this.engine.tags(device)) {
      taken[device]++;
      return true;
    }
    bios.next[bio] = -1;
    if (head[device] < 0) head[device] = bio;
    else bios.next[tail[device]] = bio;
    tail[device] = bio;
    return false;
  }

  /** A half that had a tag ends. */
  give(device: number): void {
    const { taken, head, told } = this.devices.columns;
    taken[device]--;
    if (head[device] < 0 || told[device] !== 0) return;
    told[device] = 1;
    this.engine.defer(device, -1);
  }

  /** The tags of a device are handed out: who had given them back has ended. */
  handOut(device: number): void {
    this.devices.columns.told[device] = 0;
  }

  /** The half that waited longest, which now has a tag; -1 when none waits or no tag is free. */
  next(device: number): number {
    const { taken, head } = this.devices.columns;
    if (head[device] < 0 || taken[device] >= this.engine.tags(device)) return -1;
    taken[device]++;
    return this.takeOut(device);
  }

  /** The half that waited longest, without a tag; -1 when none waits. */
  takeOut(device: number): number {
    const { head, tail } = this.devices.columns;
    const bio = head[device];
    if (bio < 0) return -1;
    head[device] = this.engine.bios.next[bio];
    if (head[device] < 0) tail[device] = -1;
    this.engine.bios.next[bio] = -1;
    return bio;
  }
}
