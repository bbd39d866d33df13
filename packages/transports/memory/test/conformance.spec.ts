import { transportSuite } from "@blockferry/conformance/transport";
import { describe, it } from "vitest";
import { memoryTransport } from "../src/index.ts";

const writeAborted = (_command: Uint8Array, completion: Uint8Array) => void completion.fill(0xab);

describe.each([
  { turn: "immediate", writeAborted },
  { turn: "inline" },
  { turn: "immediate", commandsPerTurn: 1, queueDepthMax: 3, dataBytesMax: 9000 },
] as const)("%j", (own) => {
  const answersAborts = "writeAborted" in own;
  transportSuite({
    ...{ describe, it, supports: { answersAborts, tellsRemoval: true, cutsAtBytes: [4096] } },
    connect: (device) => ({ transport: memoryTransport(device, own) }),
  });
});
