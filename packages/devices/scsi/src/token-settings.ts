import { checkWhole } from "./block-commands.ts";
import type { TokenCopyOptions } from "./command-options.ts";

const POLL_MS_DEFAULT = 20;
/** However long a device wants to be left alone, it is asked again after this time. */
export const POLL_MS_MAX = 5000;
const STALLED_POLLS_DEFAULT = 100;

/** Options with their defaults. */
export interface TokenCopySettings extends TokenCopyOptions {
  readonly pollMs: number;
  readonly stalledPollsMax: number;
}

/** @throws RangeError naming the option that cannot be. */
export function tokenCopySettings(options: TokenCopyOptions): TokenCopySettings {
  const word = 2 ** 32 - 1;
  checkWhole("inactivitySeconds", options.inactivitySeconds ?? 0, 0, word);
  checkWhole("rodType", options.rodType ?? 0, 0, word);
  return {
    ...options,
    pollMs: checkWhole("pollMs", options.pollMs ?? POLL_MS_DEFAULT, 1, POLL_MS_MAX),
    stalledPollsMax: checkWhole(
      "stalledPollsMax",
      options.stalledPollsMax ?? STALLED_POLLS_DEFAULT,
      1,
      2 ** 31 - 1,
    ),
  };
}
