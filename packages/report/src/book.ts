import { operation, type TraceEvent } from "@blockferry/core";

/** Where a bio is, as far as the events have told. */
export interface BioState {
  readonly slot: number;
  readonly operation: number;
  device: number;
  lba: number;
  blocks: number;
  /** The copy that it is certainly a part of. */
  readonly copy: number | undefined;
  /** It was split off or remapped and has not been submitted since. */
  isBetween: boolean;
}

export interface RequestState {
  readonly slot: number;
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
  /** -1 where no event has told it. */
  operation: number;
}

interface CopyState {
  readonly slot: number;
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
}

/** What goes on at one moment of a trace. Slots are used again: each map holds what has begun and has not ended. */
export interface Book {
  readonly copies: Map<number, CopyState>;
  readonly bios: Map<number, BioState>;
  readonly requests: Map<number, RequestState>;
  /** Requests inserted since a submitter's plug was put in or emptied. */
  readonly plugs: Map<number, number>;
}

export function openBook(): Book {
  return { copies: new Map(), bios: new Map(), requests: new Map(), plugs: new Map() };
}

interface Place {
  readonly device: number;
  readonly lba: number;
  readonly blocks: number;
}

function holds(outer: Place, inner: Place): boolean {
  return (
    outer.device === inner.device &&
    outer.lba <= inner.lba &&
    inner.lba + inner.blocks <= outer.lba + outer.blocks
  );
}

/** The only one of `all` that a place lies in; `undefined` where there is none, or where there is a choice. */
function onlyAround<T extends Place>(all: Iterable<T>, place: Place): T | undefined {
  let found: T | undefined;
  for (const one of all) {
    if (!holds(one, place)) continue;
    if (found !== undefined) return undefined;
    found = one;
  }
  return found;
}

/** The copy that a request of this operation is certainly a part of: the only one there is. Reads may be anybody's. */
export function onlyCopy(book: Book, kind: number): number | undefined {
  const [first, second] = book.copies.keys();
  return isOfCopy(kind) && second === undefined ? first : undefined;
}

function isOfCopy(kind: number): boolean {
  return kind === operation.source || kind === operation.destination || kind === operation.copy;
}

/** The copy that a bio which is submitted now is certainly a part of. */
export function copyOfBio(book: Book, event: TraceEvent): number | undefined {
  const { detail: kind } = event;
  if (kind !== operation.destination && kind !== operation.copy) return onlyCopy(book, kind);
  return onlyCopy(book, kind) ?? onlyAround(book.copies.values(), event)?.slot;
}

function* biosOf(book: Book, operations: readonly number[]): Generator<BioState> {
  for (const bio of book.bios.values()) {
    if (!bio.isBetween && operations.includes(bio.operation)) yield bio;
  }
}

/** The one bio of any of `operations` whose blocks, where it is now, hold a place. */
export function bioAround(
  book: Book,
  place: Place,
  operations: readonly number[],
): BioState | undefined {
  return onlyAround(biosOf(book, operations), place);
}

/** The one request that holds the blocks of a command. */
export function requestAround(book: Book, place: Place): RequestState | undefined {
  return onlyAround(book.requests.values(), place);
}

/** The operation of a command or of a repeated part: that of all requests around it, -1 where they differ. */
export function operationAround(book: Book, place: Place): number {
  const found = new Set<number>();
  for (const request of book.requests.values()) {
    if (holds(request, place)) found.add(request.operation);
  }
  const [only = -1] = found;
  return found.size === 1 ? only : -1;
}

function submitBio(book: Book, event: TraceEvent): void {
  const { subject: slot, device, lba, blocks, detail } = event;
  const bio = book.bios.get(slot);
  if (bio === undefined || bio.operation !== detail) {
    const copy = bio === undefined ? copyOfBio(book, event) : bio.copy;
    book.bios.set(slot, { slot, operation: detail, device, lba, blocks, copy, isBetween: false });
    return;
  }
  Object.assign(bio, { device, lba, blocks, isBetween: false });
}

function splitBio(book: Book, event: TraceEvent): void {
  const { subject: slot, device, lba, blocks, detail } = event;
  const parent = book.bios.get(detail);
  if (parent !== undefined) parent.blocks = Math.max(0, parent.blocks - blocks);
  const { operation = -1, copy } = parent ?? {};
  book.bios.set(slot, { slot, operation, device, lba, blocks, copy, isBetween: true });
}

function enterRequest(book: Book, event: TraceEvent, operation: number): void {
  const { subject: slot, device, lba, blocks } = event;
  book.requests.set(slot, { slot, device, lba, blocks, operation });
}

function insertRequest(book: Book, event: TraceEvent): void {
  enterRequest(book, event, event.detail);
  const [plugged, other] = book.plugs.keys();
  if (plugged === undefined || other !== undefined) return;
  book.plugs.set(plugged, (book.plugs.get(plugged) ?? 0) + 1);
}

const changes: Partial<Record<TraceEvent["kind"], (book: Book, event: TraceEvent) => void>> = {
  copyStart: (book, { subject: slot, device, lba, blocks }) =>
    book.copies.set(slot, { slot, device, lba, blocks }),
  copyEnd: (book, { subject }) => book.copies.delete(subject),
  plug: (book, { subject }) => book.plugs.set(subject, 0),
  unplug: (book, { subject }) => book.plugs.delete(subject),
  bioSubmit: submitBio,
  bioSplit: splitBio,
  bioRemap(book, { subject, device, lba, blocks }) {
    const bio = book.bios.get(subject);
    if (bio !== undefined) Object.assign(bio, { device, lba, blocks, isBetween: true });
  },
  bioEnd: (book, { subject }) => book.bios.delete(subject),
  bioPair: (book, event) => enterRequest(book, event, operation.copy),
  requestInsert: insertRequest,
  requestRequeue: (book, event) => enterRequest(book, event, operationAround(book, event)),
  requestEnd: (book, { subject }) => book.requests.delete(subject),
};

/** Enters an event. */
export function note(book: Book, event: TraceEvent): void {
  changes[event.kind]?.(book, event);
}
