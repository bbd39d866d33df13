import { operation, type TraceEvent, type TraceKindName } from "@blockferry/core";
import { type Book, copyOfBio, note, onlyCopy, openBook, operationAround } from "./book.ts";
import { type EventTime, eventClock } from "./event-time.ts";
import { rangeWords, statusWord, storeMeansWord } from "./event-words.ts";

export interface BlkparseOptions {
  /** Sectors are 512 bytes, as blkparse has them: bytes of a logical block, a multiple of that. */
  readonly bytesPerBlock: number;
  /** Default `recorded`. */
  readonly time?: EventTime;
}

const SECTOR_BYTES = 512;

/** Whether something is read or written, after blkparse's RWBS field; C is for a copy. */
const rwbs: ReadonlyMap<number, string> = new Map([
  [operation.read, "R"],
  [operation.write, "W"],
  [operation.flush, "FN"],
  [operation.source, "RC"],
  [operation.destination, "WC"],
  [operation.copy, "C"],
]);

/** What a line says behind its first columns, and who does it. */
interface Said {
  readonly action: string;
  readonly operation: number;
  readonly copy: number | undefined;
  readonly rest: string;
}

interface Telling {
  readonly book: Book;
  readonly sectors: (blocks: number) => number;
}

const processName = (copy: number | undefined): string =>
  copy === undefined ? "[(null)]" : `[copy ${copy}]`;

/** Sectors, with a blank behind them; nothing for what has none, such as a flush. */
function extent({ sectors }: Telling, { lba, blocks }: TraceEvent): string {
  return blocks === 0 ? "" : `${sectors(lba)} + ${sectors(blocks)} `;
}

const result = (status: number): string => (status === 0 ? "[0]" : `[${statusWord(status)}]`);

function ofBio(
  { book }: Telling,
  event: TraceEvent,
  action: string,
  rest: (copy: number | undefined) => string,
): Said {
  const bio = book.bios.get(event.subject);
  const copy = bio?.copy;
  return { action, operation: bio?.operation ?? -1, copy, rest: rest(copy) };
}

function submitted(telling: Telling, event: TraceEvent): Said {
  const { book } = telling;
  const known = book.bios.get(event.subject);
  const copy = known === undefined ? copyOfBio(book, event) : known.copy;
  const rest = `${extent(telling, event)}${processName(copy)}`;
  return { action: "Q", operation: event.detail, copy, rest };
}

function remapped(telling: Telling, event: TraceEvent): Said {
  const before = telling.book.bios.get(event.subject);
  const from = before === undefined ? "?" : telling.sectors(before.lba);
  const rest = `${extent(telling, event)}<- (0,${event.detail}) ${from}`;
  return ofBio(telling, event, "A", () => rest);
}

function split(telling: Telling, event: TraceEvent): Said {
  const whole = telling.book.bios.get(event.detail);
  const from = whole === undefined ? "?" : telling.sectors(whole.lba);
  const { operation: kind = -1, copy } = whole ?? {};
  const rest = `${from} / ${telling.sectors(event.lba)} ${processName(copy)}`;
  return { action: "X", operation: kind, copy, rest };
}

/** A line about a request or a command; `rest` is told who it is of. */
function ofRequest(
  { book }: Telling,
  event: TraceEvent,
  action: string,
  rest: (copy: number | undefined) => string,
): Said {
  const isRequest = event.kind !== "commandIssue" && event.kind !== "commandComplete";
  const request = isRequest ? book.requests.get(event.subject) : undefined;
  const kind = operationOf(event) ?? request?.operation ?? operationAround(book, event);
  const copy = onlyCopy(book, kind);
  return { action, operation: kind, copy, rest: rest(copy) };
}

/** What the event itself says that a request is. */
function operationOf({ kind, detail }: TraceEvent): number | undefined {
  if (kind === "requestInsert") return detail;
  return kind === "bioPair" ? operation.copy : undefined;
}

function unplugged({ book }: Telling, { subject }: TraceEvent): Said {
  const held = book.plugs.get(subject) ?? 0;
  const rest = `${processName(subject)} ${held}`;
  return { action: "U", operation: -1, copy: subject, rest };
}

/** Lines that begin with an action: blktrace's in capitals, ours as the README lists them. */
const lines: Partial<Record<TraceKindName, (telling: Telling, event: TraceEvent) => Said>> = {
  bioSubmit: submitted,
  bioRemap: remapped,
  bioSplit: split,
  bioPark: (telling, event) =>
    ofBio(telling, event, "H", (copy) => `${extent(telling, event)}${processName(copy)}`),
  bioDefer: (telling, event) =>
    ofBio(telling, event, "Z", (copy) => `${extent(telling, event)}${processName(copy)}`),
  bioEnd: (telling, event) =>
    ofBio(telling, event, "q", () => `${extent(telling, event)}${result(event.detail)}`),
  plug: (_, { subject: copy }) => ({ action: "P", operation: -1, copy, rest: processName(copy) }),
  unplug: unplugged,
  bioPair: (telling, event) =>
    ofRequest(telling, event, "J", () => `${extent(telling, event)}(${event.detail})`),
  requestSource: (telling, event) =>
    ofRequest(telling, event, "j", () => `${extent(telling, event)}(${event.detail})`),
  requestInsert: (telling, event) =>
    ofRequest(telling, event, "I", (copy) => `${extent(telling, event)}${processName(copy)}`),
  requestRequeue: (telling, event) =>
    ofRequest(telling, event, "R", () => `${extent(telling, event)}${result(event.detail)}`),
  requestEnd: (telling, event) =>
    ofRequest(telling, event, "C", () => `${extent(telling, event)}${result(event.detail)}`),
  commandIssue: (telling, event) =>
    ofRequest(telling, event, "D", (copy) => `${extent(telling, event)}${processName(copy)}`),
  commandComplete: (telling, event) =>
    ofRequest(telling, event, "d", () => `${extent(telling, event)}${result(event.detail)}`),
};

/** What has no place among actions is told as blktrace tells messages of drivers. */
const messages: Partial<Record<TraceKindName, (event: TraceEvent) => string>> = {
  copyStart: ({ subject, lba, blocks, detail }) =>
    `copy ${subject} begins: ${detail} range${detail === 1 ? "" : "s"} to block ${rangeWords(lba, blocks)}`,
  copyEnd: ({ subject, detail }) => `copy ${subject} ends: ${statusWord(detail)}`,
  commandTimeout: ({ subject, detail }) =>
    `tag ${subject} timed out${detail === 0 ? "" : ", aborted before"}`,
  emulate: ({ subject, lba, blocks, detail }) =>
    `copy ${subject} through the host to block ${rangeWords(lba, blocks)}: ${statusWord(detail)}`,
  storeCopy: ({ subject, lba, blocks, detail }) =>
    `namespace ${subject} copies to block ${rangeWords(lba, blocks)} by ${storeMeansWord(detail)}`,
  reload: ({ detail }) => `table ${detail} loaded`,
  freeze: ({ detail }) => (detail === 0 ? "thawed" : "frozen"),
  remove: () => "removed",
};

const legend =
  "blockferry: H half held, J halves joined into a request, j its source, Z deferred, " +
  "d command answered, q bio ended; RC and WC halves of a copy, C a copy";

function columns(device: number, sequence: number, ns: number): string {
  const seconds = Math.floor(ns / 1e9);
  const rest = String(ns - seconds * 1e9).padStart(9, "0");
  const minor = String(Math.max(device, 0)).padEnd(3);
  return `${"0".padStart(3)},${minor} ${" 0"} ${String(sequence).padStart(8)} ${String(seconds).padStart(5)}.${rest}`;
}

function messageLine(device: number, ns: number, message: string): string {
  return `${columns(device, 0, ns)} ${"0".padStart(5)} ${" m"} ${"  N"} ${message}\n`;
}

/**
 * Turns one event after another into lines as blkparse prints them: device, CPU, sequence, time, process, action, RWBS,
 * sectors, who. Devices are 0,N by their numbers; the process is the copy, where that is certain; all runs on CPU 0.
 *
 * @throws RangeError when `bytesPerBlock` is no multiple of 512
 */
export function blkparseLines({
  bytesPerBlock,
  time = "recorded",
}: BlkparseOptions): (event: TraceEvent) => string {
  if (!Number.isSafeInteger(bytesPerBlock) || bytesPerBlock <= 0 || bytesPerBlock % SECTOR_BYTES) {
    throw new RangeError(`bytesPerBlock is ${bytesPerBlock}; it is a multiple of ${SECTOR_BYTES}`);
  }
  const sectorsPerBlock = bytesPerBlock / SECTOR_BYTES;
  const telling: Telling = { book: openBook(), sectors: (blocks) => blocks * sectorsPerBlock };
  const nanoseconds = eventClock(time);
  let sequence = 0;
  let head = messageLine(0, 0, legend);
  return (event) => {
    const ns = nanoseconds(event);
    const { kind, device } = event;
    let line = head;
    head = "";
    const say = Object.hasOwn(lines, kind) ? lines[kind] : undefined;
    if (say !== undefined) {
      const { action, operation: of, copy, rest } = say(telling, event);
      const who = String(copy ?? 0).padStart(5);
      const how = (rwbs.get(of) ?? "N").padStart(3);
      line += `${columns(device, ++sequence, ns)} ${who} ${action.padStart(2)} ${how} ${rest}\n`;
    } else {
      const message = Object.hasOwn(messages, kind) ? messages[kind]?.(event) : undefined;
      line += messageLine(device, ns, message ?? `unknown kind of event "${kind}"`);
    }
    note(telling.book, event);
    return line;
  };
}

/** A whole trace as text like blkparse's; see `blkparseLines`. */
export function blkparse(events: Iterable<TraceEvent>, options: BlkparseOptions): string {
  const line = blkparseLines(options);
  let text = "";
  for (const event of events) text += line(event);
  return text;
}
