import { codecSuite, structuresOf } from "@blockferry/conformance/codec";
import { describe, it } from "vitest";
import * as codec from "../src/codec/index.ts";

codecSuite({ describe, it, structures: structuresOf(codec), decoders: codec.nvmeStructures });
