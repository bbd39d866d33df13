import type { DeviceModel, Transport } from "@blockferry/core";

/** A way to a model for commands outside of queues. */
export function modelTransport(model: DeviceModel, listBytesMax?: number): Transport {
  return {
    name: "test",
    supports: { queueDepthMax: 32, listBytesMax },
    async execute(command, options = {}) {
      const completion = new Uint8Array(model.completionBytes);
      model.execute("admin", command, options.dataOut, options.dataIn, completion);
      return completion;
    },
    connect() {
      throw new Error("no queues here");
    },
    async close() {},
  };
}

/** A target that answers from a script: CDB in, data or sense data out. */
export function scriptedTransport(
  answer: (lun: number, cdb: Uint8Array) => Uint8Array | { sense: string } | { status: number },
): Transport {
  return {
    name: "script",
    supports: { queueDepthMax: 32 },
    async execute(command, options = {}) {
      const completion = new Uint8Array(264);
      const said = answer(command[1], command.subarray(8));
      if (said instanceof Uint8Array) {
        const moved = Math.min(said.length, options.dataIn?.length ?? 0);
        options.dataIn?.set(said.subarray(0, moved));
        new DataView(completion.buffer).setUint32(4, moved);
      } else if ("sense" in said) {
        const bytes = Uint8Array.from(said.sense.match(/../g) ?? [], (byte) => parseInt(byte, 16));
        completion[0] = 0x02;
        completion[1] = bytes.length;
        completion.set(bytes, 12);
      } else {
        completion[0] = said.status;
      }
      return completion;
    },
    connect() {
      throw new Error("no queues here");
    },
    async close() {},
  };
}
