import type { PairingStrategy, Scheduler, TraceSink } from "@blockferry/core";
import type { State } from "@blockferry/core/table";
import type { BlockDevice } from "./device.ts";
import type { EngineDefect, EngineFaults, SettledSink } from "./engine-state.ts";
import type { EngineBounds } from "./sizes.ts";

export interface BlockEngineOptions {
  /** The devices that copies are submitted to; those below come with them. */
  readonly devices: readonly BlockDevice[];
  readonly strategy: PairingStrategy;
  /** Default: steps run in order, at once. */
  readonly scheduler?: Scheduler | undefined;
  readonly bounds?: Partial<EngineBounds> | undefined;
  readonly trace?: TraceSink | undefined;
  /**
   * How long a command may take before it is aborted, and then before the device is reset. Default 30,000. Without a
   * clock of the transport there are no deadlines.
   */
  readonly timeoutMs?: number | undefined;
  /** How often in a row a part is sent again of which nothing was copied. Default 5. */
  readonly retriesMax?: number | undefined;
  /** Declares more tables in the engine's state, before it is sealed. */
  readonly declare?: ((state: State) => void) | undefined;
  /** False: no copy may go through the host, and there is no row for one that does. Default true. */
  readonly emulates?: boolean | undefined;
  /** What goes wrong inside the engine. Default: nothing. */
  readonly faults?: EngineFaults | undefined;
  /** Defects of posted code that the engine is to have. Default: none. */
  readonly defects?: readonly EngineDefect[] | undefined;
  /**
   * What earlier owners left in a row is wiped where it could tell two states apart that mean the same: for those who compare
   * states. Default false.
   */
  readonly isTidy?: boolean | undefined;
  /** Memory for copies through the host that bring none, by the row of the copy. */
  readonly memory?: ((copy: number) => Uint8Array) | undefined;
  /** Told of the fate of blocks of every copy. */
  readonly settled?: SettledSink | undefined;
  /** Told of the end of every copy, while its row is still there. */
  readonly copyEnded?: ((copy: number, status: number) => void) | undefined;
}
