import { codecSuite, structuresOf } from "@blockferry/conformance/codec";
import { commandSetSuite } from "@blockferry/conformance/command-set";
import { modelSuite } from "@blockferry/conformance/model";
import { describe, it } from "vitest";
import * as codec from "../src/codec/index.ts";
import { commandSetDriver } from "./support/command-set-driver.ts";
import { modelDriver } from "./support/model-driver.ts";
import { nvmeCliCommands } from "./support/nvme-cli-commands.ts";

codecSuite({
  ...{ describe, it, structures: structuresOf(codec), decoders: codec.nvmeStructures },
  vectors: nvmeCliCommands.map(([line, structure, value, hex]) => ({
    ...{ title: `nvme ${line}`, source: "nvme-cli 2.3", codec: structure, value, hex },
  })),
});

describe.each([
  { across: false, format: 0 },
  { across: true, format: 2 },
] as const)("%j", ({ across, format }) => {
  commandSetSuite({ describe, it, ...commandSetDriver(across) });
  modelSuite({ describe, it, ...modelDriver(format) });
});
