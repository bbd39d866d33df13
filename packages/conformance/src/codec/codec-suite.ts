import { fromHex } from "@blockferry/core/bytes";
import { forEachSeed } from "../random-source.ts";
import { checkAnyBytes, checkWrittenAgain, someBytes } from "./any-bytes.ts";
import type { CodecSuiteOptions } from "./codec-suite-options.ts";
import { structureTests } from "./structure-tests.ts";
import { vectorTests } from "./vector-tests.ts";

const RANDOM_CASES = 200;

/**
 * Wire structures and codecs: bytes that others wrote, both ways; lengths; every bit; every field's limits; and random
 * bytes, which never make one throw.
 */
export function codecSuite(options: CodecSuiteOptions): void {
  const { describe, it, structures = [], decoders = {}, vectors = [] } = options;
  describe("codec", () => {
    if (vectors.length > 0) describe("bytes of others", () => vectorTests(options));
    for (const table of structures) structureTests(options, table);
    for (const [name, decoder] of Object.entries(decoders)) {
      it(`${name} answers any bytes, and keeps none of them`, () =>
        forEachSeed(options, RANDOM_CASES, (random) => {
          const bytes = someBytes(
            random,
            vectors.map((one) => fromHex(one.hex)),
          );
          checkAnyBytes(name, decoder, bytes);
          checkWrittenAgain(name, decoder, bytes);
        }));
    }
  });
}
