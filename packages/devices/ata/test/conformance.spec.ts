import { codecSuite, structuresOf } from "@blockferry/conformance/codec";
import { commandSetSuite } from "@blockferry/conformance/command-set";
import { modelSuite } from "@blockferry/conformance/model";
import { describe, it } from "vitest";
import * as codec from "../src/codec/index.ts";
import { codecVectors } from "./support/codec-vectors.ts";
import { commandSetDriver } from "./support/command-set-driver.ts";
import { modelDriver, modelVariants } from "./support/model-driver.ts";

codecSuite({
  ...{ describe, it, structures: structuresOf(codec), decoders: codec.ataStructures },
  vectors: codecVectors,
});
commandSetSuite({ describe, it, ...commandSetDriver });

describe.each(modelVariants)("%s", (name) => {
  modelSuite({ describe, it, ...modelDriver(name) });
});
