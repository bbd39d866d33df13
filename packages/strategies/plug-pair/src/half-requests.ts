import type { HalfRequestTable, HeadTable } from "./half-request-table.ts";

/** Half-requests where they wait: in the plugs of submitters and in the software queues of devices, the newest first. */
export class HalfRequests {
  readonly rows: HalfRequestTable;
  private readonly plugs: HeadTable;
  private readonly queues: HeadTable;

  constructor(rows: HalfRequestTable, plugs: HeadTable, queues: HeadTable) {
    this.rows = rows;
    this.plugs = plugs;
    this.queues = queues;
    for (const heads of [plugs, queues]) {
      for (let i = 0; i < heads.capacity; i++) heads.columns.head[heads.allocate()] = -1;
    }
  }

  /** The newest of a submitter's plug, -1 for none; older ones follow by `rows.next`. */
  newestInPlug(lane: number): number {
    return this.plugs.columns.head[lane];
  }

  /** The newest of a device's software queue, -1 for none. */
  newestInQueue(device: number): number {
    return this.queues.columns.head[device];
  }

  /** Puts a row into the plug of its lane, or the queue of its device where the lane is -1. */
  push(row: number): void {
    const { lane, device } = this.rows.columns;
    const heads = lane[row] >= 0 ? this.plugs.columns.head : this.queues.columns.head;
    const at = lane[row] >= 0 ? lane[row] : device[row];
    this.rows.next[row] = heads[at];
    heads[at] = row;
  }

  /** Takes a row out of where it waits. */
  unlink(row: number): void {
    const { lane, device } = this.rows.columns;
    const { next } = this.rows;
    const heads = lane[row] >= 0 ? this.plugs.columns.head : this.queues.columns.head;
    const at = lane[row] >= 0 ? lane[row] : device[row];
    if (heads[at] === row) {
      heads[at] = next[row];
    } else {
      let newer = heads[at];
      while (next[newer] !== row) newer = next[newer];
      next[newer] = next[row];
    }
    next[row] = -1;
  }

  /** Empties a submitter's plug. Returns its oldest row; newer ones follow by `rows.next`. */
  takePlug(lane: number): number {
    return this.takeAll(this.plugs.columns.head, lane);
  }

  /** Empties a device's software queue. Returns its oldest row; newer ones follow by `rows.next`. */
  takeQueue(device: number): number {
    return this.takeAll(this.queues.columns.head, device);
  }

  private takeAll(heads: Int32Array, at: number): number {
    const { next } = this.rows;
    let oldest = -1;
    for (let row = heads[at]; row >= 0; ) {
      const older = next[row];
      next[row] = oldest;
      oldest = row;
      row = older;
    }
    heads[at] = -1;
    return oldest;
  }
}
