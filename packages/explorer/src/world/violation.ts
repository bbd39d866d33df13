/**
 * What must never be.
 *
 * - `stranger`: a half is paired with another copy's
 * - `wrong-block`: a block holds what it must not: another's content, its own in another order, an old mapping's
 * - `wrong-place`: a command goes to blocks that are not its copy's
 * - `guard`: a block outside of every destination has changed
 * - `not-copied`: blocks are reported as copied and are not
 * - `wait`: a copy does not end, and nothing that can happen by itself will end it
 * - `twice`: something ends twice
 * - `leak`: everything has ended and a row is still taken
 * - `unaccounted`: a copy ends and the fate of some blocks was never told
 * - `defect`: the engine or the strategy contradicts itself
 */
export type ViolationKind =
  | "stranger"
  | "wrong-block"
  | "wrong-place"
  | "guard"
  | "not-copied"
  | "wait"
  | "twice"
  | "leak"
  | "unaccounted"
  | "defect";

/** Thrown inside a step that does what must never be. */
export class Violation extends Error {
  readonly kind: ViolationKind;

  constructor(kind: ViolationKind, message: string) {
    super(message);
    this.name = "Violation";
    this.kind = kind;
  }
}

/** What an exception of the engine is a sign of. */
export function violationOf(error: unknown): Violation {
  if (error instanceof Violation) return error;
  const message = error instanceof Error ? error.message : String(error);
  // A row that is freed twice had two who thought it theirs.
  return new Violation(message.includes("is not taken") ? "twice" : "defect", message);
}
