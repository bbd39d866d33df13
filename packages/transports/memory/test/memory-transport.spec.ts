// The loopback against the contract of `Transport` in core, with a device that echoes: what it sees, what comes back,
// and what is told when it loses, resets or goes.
import { dataDirection, type QueueMemory, type TransportQueue } from "@blockferry/core";
import { describe, expect, it } from "vitest";
import { type MemoryTransportOptions, memoryTransport } from "../src/index.ts";
import { echoModel } from "./echo-model.ts";
import { nextTurn, queueMemory, recordingSink } from "./queue-memory.ts";

const { none, toDevice, toHost } = dataDirection;

function connected(options: MemoryTransportOptions = {}, depth = 8) {
  const model = echoModel();
  const transport = memoryTransport(model, options);
  const memory = queueMemory(depth);
  const sink = recordingSink();
  const queue = transport.connect(memory, sink);
  return { model, transport, memory, sink, queue };
}

function send(memory: QueueMemory, queue: TransportQueue, slot: number, listBytes = 0): void {
  memory.commandBytes[slot].set([slot, 1, 2, 3, 4, 5, 6, 7]);
  memory.listBytes[slot].fill(0x40 + slot);
  queue.submit(slot, listBytes, undefined, none);
}

describe.each(["immediate", "inline"] as const)("turn %s", (turn) => {
  it("brings commands, lists and completions over unchanged, in the order of submission", async () => {
    const { model, memory, sink, queue } = connected({ turn });
    send(memory, queue, 5, 16);
    send(memory, queue, 2, 4);
    send(memory, queue, 0, 0);
    queue.doorbell();
    await nextTurn();
    expect(model.seen).toEqual([
      { queue: "io", command: [5, 1, 2, 3, 4, 5, 6, 7], dataOut: new Array(16).fill(0x45) },
      { queue: "io", command: [2, 1, 2, 3, 4, 5, 6, 7], dataOut: new Array(4).fill(0x42) },
      { queue: "io", command: [0, 1, 2, 3, 4, 5, 6, 7], dataOut: undefined },
    ]);
    expect(sink.told).toEqual([[5, 2, 0]]);
    expect(Array.from(memory.completionBytes[5])).toEqual([250, 254, 253, 252, 251, 250, 249, 248]);
  });

  it("sends nothing before the doorbell", async () => {
    const { model, memory, queue } = connected({ turn });
    send(memory, queue, 1);
    await nextTurn();
    expect(model.seen).toEqual([]);
  });

  it("brings data in its direction", async () => {
    const { model, memory, sink, queue } = connected({ turn });
    const back = new Uint8Array(3);
    queue.submit(1, 0, Uint8Array.of(9, 8), toDevice);
    memory.commandBytes[2].fill(7);
    queue.submit(2, 0, back, toHost);
    queue.doorbell();
    await nextTurn();
    expect(model.seen.map(({ dataOut }) => dataOut)).toEqual([[9, 8], undefined]);
    expect(Array.from(back)).toEqual([7, 7, 7]);
    expect(sink.told).toEqual([[1, 2]]);
  });

  it("uses a slot again, for a list of another length", async () => {
    const { model, memory, sink, queue } = connected({ turn });
    for (const bytes of [4, 4, 12, 0, 16]) {
      send(memory, queue, 3, bytes);
      queue.doorbell();
      await nextTurn();
    }
    expect(model.seen.map(({ dataOut }) => dataOut?.length ?? 0)).toEqual([4, 4, 12, 0, 16]);
    expect(sink.told).toEqual([[3], [3], [3], [3], [3]]);
  });

  it("never answers a command whose completion is lost, and answers the others", async () => {
    const { model, memory, sink, queue, transport } = connected({ turn });
    model.outcomes.push("completed", "lost", "completed");
    for (const slot of [0, 1, 2]) send(memory, queue, slot);
    queue.doorbell();
    await nextTurn();
    expect(sink.told).toEqual([[0, 2]]);
    await transport.close();
  });

  it("delivers what was answered before the device reset itself, and forgets the rest", async () => {
    const { model, transport, memory, sink, queue } = connected({ turn });
    const other = recordingSink();
    transport.connect(queueMemory(1), other);
    model.outcomes.push("completed", "reset");
    for (const slot of [0, 1, 2, 3]) send(memory, queue, slot);
    queue.doorbell();
    await nextTurn();
    await nextTurn();
    expect(model.seen).toHaveLength(2);
    expect(sink.told).toEqual([[0], "reset"]);
    expect(other.told).toEqual(["reset"]);
    send(memory, queue, 3);
    queue.doorbell();
    await nextTurn();
    expect(sink.told).toEqual([[0], "reset", [3]]);
  });

  it("tells that the device is gone, also those who ring later", async () => {
    const { model, transport, memory, sink, queue } = connected({ turn });
    model.outcomes.push("removed");
    send(memory, queue, 0);
    queue.doorbell();
    await nextTurn();
    expect(sink.told).toEqual(["removed"]);
    send(memory, queue, 1);
    queue.doorbell();
    expect(sink.told).toEqual(["removed", "removed"]);
    expect(model.seen).toHaveLength(1);
    await expect(transport.execute(new Uint8Array(8))).rejects.toMatchObject({
      code: "FERRY_TRANSPORT_REMOVED",
    });
  });

  it("resets the device when asked", async () => {
    const { model, memory, sink, queue } = connected({ turn });
    model.outcomes.push("lost");
    send(memory, queue, 0);
    queue.doorbell();
    await nextTurn();
    queue.reset();
    expect(model.resets).toBe(1);
    expect(sink.told).toEqual(["reset"]);
    send(memory, queue, 0);
    queue.doorbell();
    await nextTurn();
    expect(sink.told).toEqual(["reset", [0]]);
  });

  it("delivers completions again where asked to, with the bytes of the first time", async () => {
    const { memory, sink, queue } = connected({ turn, duplicateEvery: 2 });
    send(memory, queue, 0);
    send(memory, queue, 1);
    queue.doorbell();
    for (let count = 0; count < 3; count += 1) await nextTurn();
    expect(sink.told).toEqual([[0, 1], [1]]);
    expect(memory.completionBytes[1][0]).toBe(254);
  });

  it("takes commands that are sent while completions are delivered", async () => {
    const model = echoModel();
    const memory = queueMemory(2);
    const order: number[] = [];
    const queue = memoryTransport(model, { turn }).connect(memory, {
      complete(slots, count) {
        for (let index = 0; index < count; index += 1) order.push(slots[index]);
        if (order.length >= 6) return;
        send(memory, queue, order.length % 2);
        queue.doorbell();
      },
      reset() {},
      removed() {},
    });
    send(memory, queue, 0);
    queue.doorbell();
    for (let count = 0; count < 8; count += 1) await nextTurn();
    expect(order).toEqual([0, 1, 0, 1, 0, 1]);
  });
});

describe("copies", () => {
  it("shows the device the bytes of the doorbell, whatever the host does to them later", async () => {
    const { model, memory, queue } = connected();
    send(memory, queue, 1, 4);
    queue.doorbell();
    memory.commandBytes[1].fill(0xff);
    memory.listBytes[1].fill(0xff);
    await nextTurn();
    expect(model.seen[0].command).toEqual([1, 1, 2, 3, 4, 5, 6, 7]);
    expect(model.seen[0].dataOut).toEqual([0x41, 0x41, 0x41, 0x41]);
  });
});

describe("turns", () => {
  it("completes nothing inside the doorbell, and no more in a turn than it may", async () => {
    const { memory, sink, queue } = connected({ commandsPerTurn: 3 });
    for (let slot = 0; slot < 8; slot += 1) send(memory, queue, slot);
    queue.doorbell();
    expect(sink.told).toEqual([]);
    for (let count = 0; count < 4; count += 1) await nextTurn();
    expect(sink.told).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ]);
  });
});

describe("abort", () => {
  const writeAborted = (command: Uint8Array, completion: Uint8Array): void => {
    completion.set([command[0], 0xab]);
  };

  it("changes nothing without words for it", async () => {
    const { memory, sink, queue } = connected();
    send(memory, queue, 0);
    queue.doorbell();
    queue.abort(0);
    await nextTurn();
    expect(sink.told).toEqual([[0]]);
  });

  it("answers for a command that waits, which is not carried out", async () => {
    const { model, memory, sink, queue } = connected({ writeAborted });
    for (const slot of [4, 5, 6]) send(memory, queue, slot);
    queue.doorbell();
    queue.abort(5);
    queue.abort(5);
    await nextTurn();
    expect(sink.told).toEqual([[5], [4, 6]]);
    expect(Array.from(memory.completionBytes[5])).toEqual([5, 0xab, 0, 0, 0, 0, 0, 0]);
    expect(model.seen.map(({ command }) => command[0])).toEqual([4, 6]);
  });

  it("answers for a command whose completion was lost", async () => {
    const { model, memory, sink, queue } = connected({ writeAborted });
    model.outcomes.push("lost");
    send(memory, queue, 4);
    queue.doorbell();
    await nextTurn();
    queue.abort(4);
    expect(sink.told).toEqual([[4]]);
  });
});

describe("execute", () => {
  it("sends a command of its own and returns the completion", async () => {
    const { model, transport } = connected();
    const dataIn = new Uint8Array(2);
    const dataOut = Uint8Array.of(1, 2, 3);
    const command = Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0);
    const answer = transport.execute(command, { dataIn, dataOut });
    command.fill(0xff);
    expect(Array.from(await answer)).toEqual([246, 255, 255, 255, 255, 255, 255, 255]);
    expect(model.seen).toEqual([
      { queue: "admin", command: [9, 0, 0, 0, 0, 0, 0, 0], dataOut: [1, 2, 3] },
    ]);
    expect(Array.from(dataIn)).toEqual([9, 9]);
  });

  it("does not send a command that is aborted before its turn", async () => {
    const { model, transport } = connected();
    const control = new AbortController();
    const answer = transport.execute(new Uint8Array(8), { signal: control.signal });
    control.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
    await expect(transport.execute(new Uint8Array(8), { signal: control.signal })).rejects.toThrow(
      "enough",
    );
    await nextTurn();
    expect(model.seen).toEqual([]);
  });

  it("waits for a lost completion until the signal, a reset or the end", async () => {
    const { model, transport, queue } = connected();
    const control = new AbortController();
    model.outcomes.push("lost", "lost", "lost");
    const answers = [
      transport.execute(new Uint8Array(8), { signal: control.signal }),
      transport.execute(new Uint8Array(8)),
    ];
    await nextTurn();
    await nextTurn();
    control.abort(new Error("enough"));
    await expect(answers[0]).rejects.toThrow("enough");
    queue.reset();
    await expect(answers[1]).rejects.toMatchObject({ code: "FERRY_TRANSPORT_RESET" });
    const last = transport.execute(new Uint8Array(8));
    await nextTurn();
    await transport.close();
    await expect(last).rejects.toMatchObject({ code: "FERRY_TRANSPORT_CLOSED" });
  });
});

describe("close", () => {
  it("can be called in any state and again", async () => {
    const fresh = memoryTransport(echoModel());
    await fresh.close();
    await fresh.close();
    const { transport, queue, memory, sink } = connected();
    send(memory, queue, 0);
    queue.doorbell();
    await transport.close();
    await transport.close();
    queue.close();
    await nextTurn();
    expect(sink.told).toEqual([]);
    expect(() => queue.doorbell()).toThrow(
      expect.objectContaining({ code: "FERRY_TRANSPORT_CLOSED" }),
    );
    expect(() => transport.connect(queueMemory(1), recordingSink())).toThrow(
      expect.objectContaining({ code: "FERRY_TRANSPORT_CLOSED" }),
    );
    await expect(transport.execute(new Uint8Array(8))).rejects.toMatchObject({
      code: "FERRY_TRANSPORT_CLOSED",
    });
  });
});

describe("misuse", () => {
  it("is refused by name", () => {
    const model = echoModel();
    expect(() => memoryTransport(model, { queueDepthMax: 0 })).toThrow(/queueDepthMax/);
    expect(() => memoryTransport(model, { commandsPerTurn: 1.5 })).toThrow(/commandsPerTurn/);
    expect(() => memoryTransport(model, { turn: "later" as "inline" })).toThrow(/turn/);
    const transport = memoryTransport(model, { queueDepthMax: 4 });
    expect(transport.supports.queueDepthMax).toBe(4);
    expect(() => transport.connect(queueMemory(5), recordingSink())).toThrow(/5 deep/);
    const queue = transport.connect(queueMemory(4), recordingSink());
    expect(() => queue.submit(4, 0, undefined, none)).toThrow(RangeError);
    queue.submit(0, 0, undefined, none);
    expect(() => queue.submit(0, 0, undefined, none)).toThrow(/slot 0/);
  });
});

describe("the process's clock", () => {
  it("wakes once, not before its time, and can be taken back", async () => {
    const { clock } = connected().transport;
    const start = clock.nowMs();
    const woken = await new Promise<number>((resolve) => {
      clock.after(5, () => resolve(clock.nowMs()));
    });
    // Timers of the event loop count whole milliseconds.
    expect(woken - start).toBeGreaterThanOrEqual(4);
    let count = 0;
    clock.after(1, () => {
      count += 1;
    })();
    await new Promise<void>((resolve) => void clock.after(10, resolve));
    expect(count).toBe(0);
  });
});
