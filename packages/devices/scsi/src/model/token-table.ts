import type { Rod } from "./rod.ts";
import type { Unit } from "./unit.ts";

/** Why a token that once was valid is not any more. */
export type TokenEnd = "revoked" | "expired" | "cancelled" | "deleted";

/** What became of a token. */
export interface EndedToken {
  readonly end: TokenEnd;
  readonly unit: Unit;
}

/** A ROD token that the copy manager made. */
export interface Token {
  /** COPY MANAGER ROD TOKEN IDENTIFIER, a safe integer. */
  readonly id: number;
  /** All 512 bytes. */
  readonly bytes: Uint8Array;
  readonly rod: Rod;
  readonly inactivityMs: number;
  /** Survives a reset. */
  readonly isPersistent: boolean;
  /** When it ends, used or not; Infinity: never. */
  readonly lifeEndsMs: number;
  /** When it ends if it is not used again. */
  endsMs: number;
  /** Copies that use it at the moment; it does not end by time meanwhile. */
  users: number;
}

/**
 * Tokens by their identifiers. Finding, adding, using and removing one takes constant time, however many there are, and so
 * does ending those whose time has come, by the token.
 */
export interface TokenTable {
  readonly size: number;
  add(token: Token): void;
  find(id: number): Token | undefined;
  /** What became of the token of that identifier; undefined: there was none, or it is long ago. */
  ended(id: number): EndedToken | undefined;
  remove(token: Token, end: TokenEnd): void;
  /** Ends tokens whose time has come, and calls `ended` for each. */
  expire(nowMs: number, ended: (token: Token) => void): void;
  all(): Iterable<Token>;
}

/** Ends that are remembered, so that an expired token can be told from one that never was. */
const ENDS_MAX = 65_536;
const CELL_MS = 1000;

const cellOf = (timeMs: number): number => Math.floor(timeMs / CELL_MS);

const dueMs = (token: Token): number =>
  token.users > 0 ? Number.POSITIVE_INFINITY : Math.min(token.endsMs, token.lifeEndsMs);

export function tokenTable(): TokenTable {
  const tokens = new Map<number, Token>();
  const ends = new Map<number, EndedToken>();
  /** Tokens by the second in which they may end. One whose time was put off is moved on when its cell comes. */
  const cells = new Map<number, Token[]>();
  let expiredUntil = Number.NEGATIVE_INFINITY;

  function watch(token: Token, atMs: number): void {
    if (!Number.isFinite(atMs)) return;
    const cell = cellOf(atMs);
    const found = cells.get(cell);
    if (found === undefined) cells.set(cell, [token]);
    else found.push(token);
  }

  function remove(token: Token, end: TokenEnd): void {
    if (!tokens.delete(token.id)) return;
    ends.set(token.id, { end, unit: token.rod.unit });
    if (ends.size <= ENDS_MAX) return;
    for (const oldest of ends.keys()) {
      ends.delete(oldest);
      break;
    }
  }

  function expireCell(cell: number, nowMs: number, ended: (token: Token) => void): void {
    const found = cells.get(cell);
    if (found === undefined) return;
    cells.delete(cell);
    for (const token of found) {
      if (tokens.get(token.id) !== token) continue;
      const due = dueMs(token);
      if (due < nowMs) {
        remove(token, "expired");
        ended(token);
      } else {
        // In use, or used since: look again when it may be due.
        watch(token, Math.max(Number.isFinite(due) ? due : nowMs, nowMs) + CELL_MS);
      }
    }
  }

  return {
    get size() {
      return tokens.size;
    },
    add(token) {
      tokens.set(token.id, token);
      watch(token, dueMs(token));
    },
    find: (id) => tokens.get(id),
    ended: (id) => ends.get(id),
    remove,
    expire(nowMs, ended) {
      const until = cellOf(nowMs);
      if (until <= expiredUntil) return;
      const first = expiredUntil;
      expiredUntil = until;
      // A cell is looked at when its second is over.
      if (until - first > cells.size) {
        for (const cell of [...cells.keys()]) if (cell < until) expireCell(cell, nowMs, ended);
      } else {
        for (let cell = first; cell < until; cell += 1) expireCell(cell, nowMs, ended);
      }
    },
    all: () => tokens.values(),
  };
}

/** True if its time is over, though nobody has ended it yet. */
export const isOverdue = (token: Token, nowMs: number): boolean => dueMs(token) < nowMs;
