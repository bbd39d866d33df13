// Goal: a call whose thread ends without an answer is told so, and those behind it get a thread of their own.
// Method: threads that end at their first message stand in for the real ones.
import { EventEmitter } from "node:events";
import { expect, it, vi } from "vitest";
import { bindCallPool } from "../src/call-pool.ts";

let started = 0;
vi.mock("node:worker_threads", () => ({
  SHARE_ENV: Symbol("environment"),
  Worker: class extends EventEmitter {
    ref() {}
    unref() {}
    async terminate() {}
    postMessage() {
      started += 1;
      setImmediate(() => {
        this.emit("error", new Error("koffi does not load"));
        this.emit("exit", 1);
      });
    }
  },
}));

it("ends each call with EIO, once", async () => {
  const pool = bindCallPool(() => 0n)({ threadsMax: 1 });
  const told: [number, number][] = [];
  await new Promise<void>((resolve) => {
    for (let call = 0; call < 3; call += 1) {
      pool.copyFileRange(3, 0, 4, 0, 10, (result, errno) => {
        told.push([result, errno]);
        if (told.length === 3) resolve();
      });
    }
  });
  // EIO is 5 (errno(3), include/uapi/asm-generic/errno-base.h).
  expect(told).toEqual(Array(3).fill([-1, 5]));
  expect(started).toBe(3);
  await pool.close();
});
