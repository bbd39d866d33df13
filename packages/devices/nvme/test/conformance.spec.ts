import { codecSuite, structuresOf } from "@blockferry/conformance/codec";
import { commandSetSuite } from "@blockferry/conformance/command-set";
import { modelSuite } from "@blockferry/conformance/model";
import { describe, it } from "vitest";
import * as codec from "../src/codec/index.ts";
import { commandSetDriver } from "./support/command-set-driver.ts";
import { modelDriver } from "./support/model-driver.ts";

codecSuite({ describe, it, structures: structuresOf(codec), decoders: codec.nvmeStructures });

describe.each([
  { across: false, format: 0 },
  { across: true, format: 2 },
] as const)("%j", ({ across, format }) => {
  commandSetSuite({ describe, it, ...commandSetDriver(across) });
  modelSuite({ describe, it, ...modelDriver(format) });
});
