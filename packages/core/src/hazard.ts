/**
 * What may happen to a copy between its submission and its end, in the order in which reports list it. Sources: the
 * objections that were raised against each way of pairing on linux-block, 2014 to 2026.
 */
export const hazards = {
  concurrency: "several submitters copy at one time",
  linear: "a stacked device moves source and destination",
  partition: "a partition moves source and destination",
  crossDevice: "source and destination arrive at different devices of one copy domain",
  multipleSources: "a copy has several source ranges",
  split: "both halves are split, at the same places",
  splitApart: "the halves are split at different places (M:N)",
  asynchronous: "a stacked device sends halves on later, in another order",
  plugFlush: "the submitter sleeps between the halves and its plug is flushed",
  noMerges: "the queue of the device does not merge",
  elevator: "an elevator keeps requests between submitter and device",
  queueDepthOne: "the device takes one command at a time",
  reload: "the table of a stacked device is replaced while a copy is on its way",
  limitChange: "the limit of a copy is lowered while one is on its way",
  mapFailure: "a stacked device fails to map a half",
  allocationFailure: "there is no memory for a bio",
  cancel: "the submitter gives up",
  freeze: "the queue is frozen between the halves and thawed when all it holds has ended",
  removal: "the device goes away",
  requeue: "the driver has no resources and sends a request back",
  deviceError: "a command fails, a part of it copied",
  timeout: "a command is not answered in time, a part of it copied",
  duplicateCompletion: "a command is answered twice",
  reset: "the device is reset with commands in flight",
} as const;

export type HazardName = keyof typeof hazards;
export const hazardNames: readonly HazardName[] = Object.keys(hazards) as HazardName[];

/**
 * What becomes of copies under a hazard.
 *
 * - `survives`: each is carried, but for what the hazard itself took away.
 * - `refuses`: some are refused that could have been carried; what is said of them is true, and nothing waits.
 * - `breaks`: a wrong block, a wrong report, a wait without end.
 */
export type HazardVerdict = "survives" | "refuses" | "breaks";
export type HazardVerdicts = Readonly<Record<HazardName, HazardVerdict>>;

/** Verdicts for all hazards: those that are named, and `survives` for the rest. */
export function verdicts(other: Partial<HazardVerdicts>): HazardVerdicts {
  const all = Object.fromEntries(hazardNames.map((name) => [name, "survives"]));
  return { ...(all as unknown as HazardVerdicts), ...other };
}
