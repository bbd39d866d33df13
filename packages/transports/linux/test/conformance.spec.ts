// Goal: a transport over the kernel's pass-through keeps the contract of transports.
// Method: the suite's device behind a kernel of the test's own, which reads the ioctls' structures as include/uapi has them.
import { transportSuite } from "@blockferry/conformance/transport";
import { describe, it } from "vitest";
import { nvmeTransport, scsiTransport } from "../src/index.ts";
import { machineWithDisks } from "./support/fake-sysfs.ts";
import { modelKernel } from "./support/model-kernel.ts";
import { nvmeDialect, nvmeIoctls } from "./support/nvme-dialect.ts";
import { scsiDialect, scsiIoctls } from "./support/scsi-dialect.ts";

const surroundings = machineWithDisks();
const supports = { answersAborts: false, tellsRemoval: true, cutsAtBytes: [4096] };

describe("NVMe", () => {
  transportSuite({
    ...{ describe, it, supports, dialect: nvmeDialect },
    connect: (device) => ({
      transport: nvmeTransport({
        ...{ path: "/dev/nvme0n1", surroundings, reset: "device" },
        kernel: modelKernel(device, nvmeIoctls),
      }),
    }),
  });
});

describe("SCSI", () => {
  transportSuite({
    ...{ describe, it, dialect: scsiDialect },
    supports: { ...supports, tellsQueues: false },
    connect: (device) => ({
      transport: scsiTransport({
        ...{ units: new Map([[0, "/dev/sda"]]), surroundings, reset: "device" },
        kernel: modelKernel(device, scsiIoctls),
      }),
    }),
  });
});
