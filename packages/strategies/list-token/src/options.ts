import { type HazardVerdicts, type StrategyOption, verdicts } from "@blockferry/core";

/** Ways of doing it that were posted or talked about. The defaults carry every copy. */
export interface ListTokenOptions {
  /** What becomes of the halves that wait when one of theirs fails on its way. Default `partner`: they fail as well. */
  readonly cancel?: "partner" | "none" | undefined;
  /**
   * What halves are paired by. Default `handle`: a token that no later copy has. `global`: a counter of `ids` ids. `queue`:
   * a counter for each device that is copied on, and halves are looked for in the queue where they arrive.
   */
  readonly id?: "handle" | "global" | "queue" | undefined;
  /** Ids that the counter of `id: "global"` gives out before it begins anew. Default 2. */
  readonly ids?: number | undefined;
  /** Whether a half that waits holds its queue, as a request does. Default `none`. */
  readonly hold?: "none" | "queue" | undefined;
  /**
   * What becomes of a half that waits when bios are held back above it. Default `recalled`: it goes back to where its copy
   * was submitted, and down again later. `stays`: who suspends a mapping waits for it, and it for its partner above.
   */
  readonly held?: "recalled" | "stays" | undefined;
  /** Tokens at one time; what comes when there is none is refused. Default: as many as there can be chunks. */
  readonly bound?: number | undefined;
  /** Whether both halves become requests, with a tag each, before they are paired. Default `none`. */
  readonly requests?: "none" | "both" | undefined;
}

/** As many tokens as any engine has chunks. */
const UNBOUND = 2 ** 24;

export const optionWords: Readonly<Record<string, StrategyOption>> = {
  cancel: {
    meaning: "what waits fails with the half that failed, or waits for ever",
    values: ["partner", "none"],
    default: "partner",
  },
  id: {
    meaning:
      "halves are paired by a handle that no later copy has, by one counter, or by one for each queue",
    values: ["handle", "global", "queue"],
    default: "handle",
  },
  ids: {
    meaning: "ids that the counter of id=global gives out before it begins anew",
    values: "count",
    default: "2",
  },
  hold: {
    meaning: "a half that waits holds nothing, or its queue: a freeze waits for it",
    values: ["none", "queue"],
    default: "none",
  },
  held: {
    meaning:
      "what waits goes back up when bios are held back above it, or stays: a suspend waits for it",
    values: ["recalled", "stays"],
    default: "recalled",
  },
  bound: {
    meaning: "tokens at one time, at most one for each chunk; without one a copy is refused",
    values: "count",
    default: String(UNBOUND),
  },
  requests: {
    meaning: "a pair is one request, or each half is one first, with a tag of its own",
    values: ["none", "both"],
    default: "none",
  },
};

/** Options with their defaults. */
export interface ListTokenSettings {
  readonly cancels: boolean;
  readonly id: "handle" | "global" | "queue";
  readonly ids: number;
  readonly holds: boolean;
  readonly recalls: boolean;
  readonly bound: number;
  readonly tags: boolean;
}

function count(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} is ${value}; it is a whole number from 1 on`);
}

export function settingsOf(options: ListTokenOptions): ListTokenSettings {
  return {
    cancels: (options.cancel ?? "partner") === "partner",
    id: options.id ?? "handle",
    ids: count("ids", options.ids ?? 2),
    holds: options.hold === "queue",
    // What is held, or found by what it shares with strangers, stays where it is.
    recalls:
      options.held !== "stays" &&
      options.hold !== "queue" &&
      options.requests !== "both" &&
      (options.id ?? "handle") === "handle",
    bound: count("bound", options.bound ?? UNBOUND),
    tags: options.requests === "both",
  };
}

/** What these options survive. */
export function verdictsOf({
  cancels,
  id,
  holds,
  recalls,
  bound,
  tags,
}: ListTokenSettings): HazardVerdicts {
  return verdicts({
    ...(cancels ? {} : { mapFailure: "breaks", removal: "breaks" }),
    ...(id === "global" ? { concurrency: "breaks", asynchronous: "breaks" } : {}),
    // Copies on two devices have the same ids where both meet.
    ...(id === "queue" ? { concurrency: "breaks", crossDevice: "breaks" } : {}),
    ...(holds ? { freeze: "breaks" } : {}),
    ...(recalls ? {} : { reload: "breaks" }),
    ...(bound < UNBOUND ? { concurrency: "refuses" } : {}),
    ...(tags ? { queueDepthOne: "breaks" } : {}),
  });
}
