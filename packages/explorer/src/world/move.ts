/**
 * What can happen next in a world. A move is three words: what it is, whom it befalls, and how.
 *
 * - `step`: a step of the engine; subject: its row; variant: which points in it fail (two bytes, 0 for none)
 * - of a command (subject: queue and row of the flight): `complete`, `fail` (variant: blocks carried out before),
 *   `expire` (variant: the same), `answerAbort`, `expireAgain`, `answerLate`, `completeTwice`, `echo`
 * - of a queue: `reset`, `remove` (variant: 1 when all in flight was carried out)
 * - of a copy: `cancel`, `sleep`, `write`
 * - of a device: `freeze`, `thaw`, `suspend`, `swap`, `limit`
 */
export const move = {
  step: 0,
  complete: 1,
  fail: 2,
  expire: 3,
  answerAbort: 4,
  expireAgain: 5,
  answerLate: 6,
  completeTwice: 7,
  echo: 8,
  reset: 9,
  remove: 10,
  cancel: 11,
  sleep: 12,
  write: 13,
  freeze: 14,
  thaw: 15,
  suspend: 16,
  swap: 17,
  limit: 18,
} as const;

/** Words of a move. */
const WORDS = 3;
export const MOVE_WORDS: typeof WORDS = WORDS;

/** Moves, in words. */
export class MoveList {
  words: Int32Array = new Int32Array(WORDS * 64);
  /** Of each move, where they are grouped: which group it belongs to. */
  groups: Int32Array = new Int32Array(64);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  /** Puts the first `by` moves (modulo their number) behind the others. */
  rotate(by: number): void {
    if (by === 0 || this.count < 2) return;
    const first = (by % this.count) * WORDS;
    const end = this.count * WORDS;
    const head = this.words.slice(0, first);
    this.words.copyWithin(0, first, end);
    this.words.set(head, end - first);
  }

  /** Takes the first moves out. */
  dropFirst(moves: number): void {
    this.words.copyWithin(0, moves * WORDS, this.count * WORDS);
    this.count -= moves;
  }

  /** Makes room for `moves`. */
  reserve(moves: number): void {
    if (moves <= this.groups.length) return;
    const words = new Int32Array(moves * 2 * WORDS);
    words.set(this.words);
    this.words = words;
    const groups = new Int32Array(moves * 2);
    groups.set(this.groups);
    this.groups = groups;
  }

  /** Takes the moves of another list. */
  copy(from: MoveList): void {
    this.reserve(from.count);
    this.count = from.count;
    for (let i = 0; i < from.count; i++) this.put(i, from, i);
  }

  /** Puts move `i` of another list in place `place`, which there is. */
  put(place: number, from: MoveList, i: number): void {
    const to = place * WORDS;
    const at = i * WORDS;
    this.words[to] = from.words[at];
    this.words[to + 1] = from.words[at + 1];
    this.words[to + 2] = from.words[at + 2];
    this.groups[place] = from.groups[i];
  }

  add(kind: number, subject: number, variant: number): void {
    const at = this.count * WORDS;
    this.reserve(this.count + 1);
    this.words[at] = kind;
    this.words[at + 1] = subject;
    this.words[at + 2] = variant;
    this.count++;
  }
}

/** Subject of a move of a command. */
export function flightSubject(queue: number, row: number): number {
  return (queue << 16) | row;
}
