import type { ChromeTraceEvent } from "./chrome-trace.ts";

/** A row of a timeline. Its numbers are given when all tracks are known, in the order in which they are to be shown. */
export interface Track {
  readonly processName: string;
  readonly name: string;
  /** Places of process, group and row among their likes. */
  readonly order: readonly [process: number, group: number, row: number];
  pid: number;
  tid: number;
}

/** The tracks of a timeline, made when they are first asked for. */
export interface Tracks {
  submitter(copy: number): Track;
  /** What happens to a device, or to bios on their way through it. */
  events(device: number): Track;
  /** Halves and other bios at a bottom device that no request has taken yet. */
  waiting(device: number, lane: number): Track;
  requests(device: number, lane: number): Track;
  tag(device: number, slot: number): Track;
  store(namespace: number): Track;
  /** What does not add up. */
  oddities(): Track;
  /** Gives all tracks their numbers and tells their names. */
  number(): ChromeTraceEvent[];
}

const SUBMITTERS = 0;
const DEVICES = 1;
const STORES = 2 ** 40;
const ODDITIES = STORES + 1;

function compare(a: Track, b: Track): number {
  const place = a.order.findIndex((value, i) => value !== b.order[i]);
  return place < 0 ? 0 : (a.order[place] ?? 0) - (b.order[place] ?? 0);
}

function metadata(name: string, pid: number, tid: number, args: object): ChromeTraceEvent {
  return { name, ph: "M", pid, tid, args: { ...args } };
}

/**
 * Numbers tracks from 1 on. A thread's number is never used twice, nor for a process: readers take a thread's name to be
 * that of its number, whatever the process, and 0 for a CPU that idles.
 */
function numberTracks(tracks: readonly Track[]): ChromeTraceEvent[] {
  const sorted = [...tracks].sort(compare);
  const processes = [...new Set(sorted.map(({ order }) => order[0]))];
  const told: ChromeTraceEvent[] = [];
  sorted.forEach((track, i) => {
    track.pid = processes.indexOf(track.order[0]) + 1;
    track.tid = processes.length + i + 1;
    const { pid, tid, name, processName } = track;
    if (sorted[i - 1]?.order[0] !== track.order[0]) {
      told.push(metadata("process_name", pid, tid, { name: processName }));
      told.push(metadata("process_sort_index", pid, tid, { sort_index: pid }));
    }
    told.push(metadata("thread_name", pid, tid, { name }));
    told.push(metadata("thread_sort_index", pid, tid, { sort_index: tid }));
  });
  return told;
}

export function openTracks(deviceName: (device: number) => string): Tracks {
  const tracks = new Map<string, Track>();
  const track = (processName: string, name: string, order: Track["order"]): Track => {
    const key = order.join(" ");
    let found = tracks.get(key);
    if (found === undefined) {
      found = { processName, name, order, pid: 0, tid: 0 };
      tracks.set(key, found);
    }
    return found;
  };
  const onDevice = (device: number, group: number, row: number, name: string): Track =>
    track(deviceName(device), name, [DEVICES + device + 1, group, row]);
  return {
    submitter: (copy) => track("submitters", `submitter ${copy}`, [SUBMITTERS, 0, copy]),
    events: (device) => onDevice(device, 0, 0, "events"),
    waiting: (device, lane) => onDevice(device, 1, lane, `waiting ${lane}`),
    requests: (device, lane) => onDevice(device, 2, lane, `requests ${lane}`),
    tag: (device, slot) => onDevice(device, 3, slot, `tag ${slot}`),
    store: (namespace) => track("stores", `namespace ${namespace}`, [STORES, 0, namespace]),
    oddities: () => track("does not add up", "events", [ODDITIES, 0, 0]),
    number: () => numberTracks([...tracks.values()]),
  };
}
