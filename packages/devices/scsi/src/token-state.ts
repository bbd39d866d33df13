/**
 * What a token copy remembers between its commands: words behind the lists of its slot in queue memory, so that memory put
 * back to an earlier state is understood.
 */
export const state = {
  step: 0,
  /** Device numbers. */
  source: 1,
  destination: 2,
  /** First block that the write goes to. */
  low: 3,
  high: 4,
  /** Blocks of the copy, those that the token stands for, those that are written. */
  blocks: 5,
  granted: 6,
  done: 7,
  /** Blocks of the write on its way. */
  piece: 8,
  /** Of the operation that is asked about. */
  listIdentifier: 9,
  /** Counts operations of this slot; never reset. */
  sequence: 10,
  /** Answers without progress, and what they said. */
  stalled: 11,
  counter: 12,
  delayMs: 13,
  /** How it ended: one of `ending`. */
  ending: 14,
  /** Service action of the operation that may still go on in the device; 0: there is none. */
  open: 15,
  /** Of `ending.lost`: the core status. */
  lost: 16,
  /** How often an operation was to be aborted and no answer came. */
  rounds: 17,
  /** 1: the completion that the copy ends with is kept at the front of the slot's list. */
  kept: 18,
} as const;

export const STATE_WORDS = 20;

/** The command on its way. */
export const step = {
  none: 0,
  populate: 1,
  askToken: 2,
  write: 3,
  askWritten: 4,
  abort: 5,
  /** Asks whether the operation that was to be aborted has ended. */
  askEnded: 6,
} as const;

/** Where the status of the copy comes from. */
export const ending = {
  /** The completion of the last command. */
  completion: 0,
  /** The report of the device about the operation. */
  report: 1,
  /** The device made a token for fewer blocks, or wrote fewer, than it was asked for, without an error. */
  partial: 2,
  /** The device says success, and that nothing was done. */
  nothing: 3,
  /** The report breaks a rule. */
  malformed: 4,
  /** No progress. */
  stalled: 5,
  /** Given up by the initiator. */
  givenUp: 6,
  /** An answer did not come. */
  lost: 7,
} as const;
