/**
 * What happens to bios, requests, commands and completions, in one vocabulary. The letter in the comment is
 * blktrace's, where it has one.
 */
export const traceKind = {
  /** Q: a bio was submitted to a device. */
  bioSubmit: 0,
  /** A: a bio was remapped to a lower device. */
  bioRemap: 1,
  /** X: a part of a bio was split off. */
  bioSplit: 2,
  /** A half was parked until its other half comes. */
  bioPark: 3,
  /** Halves were paired into a request. */
  bioPair: 4,
  /** A bio has ended; detail: status. */
  bioEnd: 5,
  /** P: a plug was put in. */
  plug: 6,
  /** U: a plug was taken out. */
  unplug: 7,
  /** I: a request was inserted into a queue. */
  requestInsert: 8,
  /** R: a request went back to its queue; detail: status that caused it. */
  requestRequeue: 9,
  /** C: a request has ended; detail: status. */
  requestEnd: 10,
  /** D: a command was sent; detail: number of its ranges. */
  commandIssue: 11,
  /** A command was completed; detail: status. */
  commandComplete: 12,
  /** A command was not answered in time. */
  commandTimeout: 13,
  /** Blocks were copied through the host; detail: status. */
  emulate: 14,
  /** A copy began. */
  copyStart: 15,
  /** A copy ended; detail: status. */
  copyEnd: 16,
  /** A device copied inside its store; detail: 0 memory, 1 clone, 2 kernel-copy, 3 read-write, 4 device. */
  storeCopy: 17,
  /** A stacked device keeps a bio, to send it on by itself; detail: operation. */
  bioDefer: 18,
  /** The table of a stacked device was replaced; detail: number of the new one. */
  reload: 19,
  /** A queue was frozen or thawed; detail: 1 or 0. */
  freeze: 20,
  /** A device went away. */
  remove: 21,
  /** A source range of the request that was just paired, on the source's device; detail: its place in the list. */
  requestSource: 22,
} as const;

export type TraceKindName = keyof typeof traceKind;

/** The name of a trace kind. */
export function traceKindName(kind: number): TraceKindName {
  return (Object.keys(traceKind) as TraceKindName[])[kind];
}

/**
 * Takes events. `subject` is the slot of the bio, request, command or copy that the kind names; `device` a device
 * number, -1 for none. Called on hot paths: it must not keep the engine waiting nor call back into it.
 */
export type TraceSink = (
  kind: number,
  subject: number,
  device: number,
  lba: number,
  blocks: number,
  detail: number,
) => void;

/** An event as an object, for documents and people. */
export interface TraceEvent {
  readonly timeMs: number;
  readonly kind: TraceKindName;
  readonly subject: number;
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
  readonly detail: number;
}
