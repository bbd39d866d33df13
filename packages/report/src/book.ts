import { operation, type TraceEvent } from "@blockferry/core";
import { type Extent, type ExtentIndex, extentIndex, isAround } from "./extent-index.ts";

/** Where a bio is, as far as the events have told. */
export interface BioState extends Extent {
  readonly slot: number;
  readonly operation: number;
  /** The copy that it is certainly a part of. */
  readonly copy: number | undefined;
  /** It was split off or remapped and has not been submitted since. */
  readonly isBetween: boolean;
}

export interface RequestState extends Extent {
  readonly slot: number;
  /** -1 where no event has told it. */
  readonly operation: number;
}

interface CopyState extends Extent {
  readonly slot: number;
}

/** What goes on at one moment of a trace. Slots are used again: each map holds what has begun and has not ended. */
export interface Book {
  readonly copies: Map<number, CopyState>;
  readonly bios: Map<number, BioState>;
  readonly biosByPlace: ExtentIndex<BioState>;
  readonly requests: Map<number, RequestState>;
  /** Requests inserted since a submitter's plug was put in or emptied. */
  readonly plugs: Map<number, number>;
}

export function openBook(): Book {
  return {
    copies: new Map(),
    bios: new Map(),
    biosByPlace: extentIndex(),
    requests: new Map(),
    plugs: new Map(),
  };
}

/** The only one of `all` that a place lies in; `undefined` where there is none, or where there is a choice. */
function onlyAround<T extends Extent>(all: Iterable<T>, place: Extent): T | undefined {
  const [only, other] = [...all].filter((one) => isAround(one, place));
  return other === undefined ? only : undefined;
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

/** The one bio of any of `operations` whose blocks, where it is now, hold a place. */
export function bioAround(
  book: Book,
  place: Extent,
  operations: readonly number[],
): BioState | undefined {
  const [only, other] = book.biosByPlace
    .around(place)
    .filter((bio) => !bio.isBetween && operations.includes(bio.operation));
  return other === undefined ? only : undefined;
}

/** The one request that holds the blocks of a command. */
export function requestAround(book: Book, place: Extent): RequestState | undefined {
  return onlyAround(book.requests.values(), place);
}

/** The operation of a command or of a repeated part: that of all requests around it, -1 where they differ. */
export function operationAround(book: Book, place: Extent): number {
  const found = new Set<number>();
  for (const request of book.requests.values()) {
    if (isAround(request, place)) found.add(request.operation);
  }
  const [only = -1] = found;
  return found.size === 1 ? only : -1;
}

function dropBio(book: Book, slot: number): void {
  const bio = book.bios.get(slot);
  if (bio === undefined) return;
  book.biosByPlace.delete(bio);
  book.bios.delete(slot);
}

function putBio(book: Book, bio: BioState): void {
  dropBio(book, bio.slot);
  book.bios.set(bio.slot, bio);
  book.biosByPlace.add(bio);
}

function submitBio(book: Book, event: TraceEvent): void {
  const { subject: slot, device, lba, blocks, detail: operation } = event;
  const before = book.bios.get(slot);
  const copy = before === undefined ? copyOfBio(book, event) : before.copy;
  putBio(book, { slot, operation, device, lba, blocks, copy, isBetween: false });
}

function splitBio(book: Book, event: TraceEvent): void {
  const { subject: slot, device, lba, blocks, detail } = event;
  const whole = book.bios.get(detail);
  if (whole !== undefined) putBio(book, { ...whole, blocks: Math.max(0, whole.blocks - blocks) });
  const { operation = -1, copy } = whole ?? {};
  putBio(book, { slot, operation, device, lba, blocks, copy, isBetween: true });
}

function remapBio(book: Book, { subject, device, lba, blocks }: TraceEvent): void {
  const bio = book.bios.get(subject);
  if (bio !== undefined) putBio(book, { ...bio, device, lba, blocks, isBetween: true });
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
  bioRemap: remapBio,
  bioEnd: (book, { subject }) => dropBio(book, subject),
  bioPair: (book, event) => enterRequest(book, event, operation.copy),
  requestInsert: insertRequest,
  requestRequeue: (book, event) => enterRequest(book, event, operationAround(book, event)),
  requestEnd: (book, { subject }) => book.requests.delete(subject),
};

/** Enters an event. */
export function note(book: Book, event: TraceEvent): void {
  changes[event.kind]?.(book, event);
}
