/** Types of persistent reservation (SPC-4 table 16). */
const reservationType = {
  none: 0,
  writeExclusive: 1,
  exclusiveAccess: 3,
  writeExclusiveRegistrants: 5,
  exclusiveAccessRegistrants: 6,
  writeExclusiveAllRegistrants: 7,
  exclusiveAccessAllRegistrants: 8,
} as const;

export const reservationTypes: readonly number[] = [1, 3, 5, 6, 7, 8];

/** Who may use a logical unit. Initiators are known by name. */
export interface Reservations {
  /** Registered initiators and their keys. */
  readonly keys: Map<string, bigint>;
  /** PRGENERATION. */
  generation: number;
  /** 0: there is no persistent reservation. */
  type: number;
  /** Who made it. */
  holder: string | undefined;
  /** Holder of a RESERVE(6) reservation. */
  legacyHolder: string | undefined;
}

export const newReservations = (): Reservations => ({
  keys: new Map(),
  generation: 0,
  type: reservationType.none,
  holder: undefined,
  legacyHolder: undefined,
});

/**
 * What a command does, as far as reservations care (SPC-4 table 51, SBC-3 table 13). `free`: no reservation stands in its
 * way; `free-of-persistent`: only RESERVE(6) does.
 */
export type Access = "free" | "free-of-persistent" | "read" | "write";

export const isAllRegistrants = (type: number): boolean => type === 7 || type === 8;

/** True if the initiator holds the persistent reservation. */
export const isHolder = (reservations: Reservations, initiator: string): boolean =>
  isAllRegistrants(reservations.type)
    ? reservations.keys.has(initiator)
    : reservations.type !== 0 && reservations.holder === initiator;

/** True if reservations forbid the initiator this access. */
export function conflicts(reservations: Reservations, initiator: string, access: Access): boolean {
  const { type, legacyHolder } = reservations;
  if (access === "free") return false;
  if (legacyHolder !== undefined && legacyHolder !== initiator) return true;
  if (type === reservationType.none || access === "free-of-persistent") return false;
  if (isHolder(reservations, initiator)) return false;
  if (type >= reservationType.writeExclusiveRegistrants && reservations.keys.has(initiator)) {
    return false;
  }
  const isWriteExclusive = type === 1 || type === 5 || type === 7;
  return !(isWriteExclusive && access === "read");
}

/** Ends the persistent reservation. */
export function endReservation(reservations: Reservations): void {
  reservations.type = reservationType.none;
  reservations.holder = undefined;
}
