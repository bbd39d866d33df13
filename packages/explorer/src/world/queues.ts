import type { ChunkColumns, RequestColumns } from "@blockferry/core";
import type { Table } from "@blockferry/core/table";

/** Columns of a queue's commands that a world looks at. */
export type CommandRowColumns = {
  readonly request: "word";
  readonly offset: "word";
  readonly deadline: "number";
};

export interface QueueTables {
  readonly rows: Table<{ readonly head: "word" }>;
  /** By queue. */
  readonly commands: readonly Table<CommandRowColumns>[];
  readonly requests: Table<RequestColumns>;
  readonly chunks: Table<ChunkColumns>;
}

/** The software queues of an engine and the commands in flight, as a world sees them. */
export class Queues {
  readonly commands: readonly Table<CommandRowColumns>[];
  private readonly rows: Table<{ readonly head: "word" }>;
  private readonly requests: Table<RequestColumns>;
  private readonly chunks: Table<ChunkColumns>;

  constructor({ rows, commands, requests, chunks }: QueueTables) {
    this.rows = rows;
    this.commands = commands;
    this.requests = requests;
    this.chunks = chunks;
  }

  /** The first request of a queue, -1 for none. */
  headOf(queue: number): number {
    return this.rows.columns.head[queue];
  }

  /** The row of the copy that a request is for, -1 where it is for none. */
  copyRowOf(request: number): number {
    const chunk = this.requests.columns.chunk[request];
    return chunk < 0 ? -1 : this.chunks.columns.copy[chunk];
  }

  /** The row of the copy whose command is in a tag, -1 when it has ended. */
  copyRowIn(queue: number, slot: number): number {
    const commands = this.commands[queue];
    return commands.isLive(slot) ? this.copyRowOf(commands.columns.request[slot]) : -1;
  }

  /** True when a run of a queue now sends everything that waits in it. */
  hasTagsForAll(queue: number): boolean {
    let tags = this.commands[queue].available;
    let request = this.headOf(queue);
    while (request >= 0 && tags > 0) {
      tags--;
      request = this.requests.next[request];
    }
    return request < 0;
  }

  /** True while requests wait for a tag. */
  isAnyWaiting(): boolean {
    for (let queue = 0; queue < this.commands.length; queue++)
      if (!this.hasTagsForAll(queue)) return true;
    return false;
  }

  /**
   * True where each request has a tag of its own: none ever waits for one.
   *
   * @param mayRepeat whether parts of requests may be sent again; there are two more for each tag then, in the place of others
   */
  hasTagForEach(mayRepeat: boolean): boolean {
    const tags = this.commands.map(({ capacity }) => capacity);
    const repeats = mayRepeat ? 2 * tags.reduce((sum, each) => sum + each, 0) : 0;
    return tags.every((each) => each >= this.requests.capacity - repeats);
  }
}
