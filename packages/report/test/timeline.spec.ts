// Goal: a timeline opens in Perfetto and shows what happened. Method: a reader of the Trace Event Format, written after
// its description and after what Perfetto's importer does with it, reads timelines of real copies, of traces written by
// hand, and of events at random.
import {
  operation,
  status,
  type TraceEvent,
  type TraceKindName,
  traceKind,
} from "@blockferry/core";
import { listToken } from "@blockferry/strategy-list-token";
import { sourceList } from "@blockferry/strategy-source-list";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeline, timelineText } from "../src/index.ts";
import { readTrace } from "./support/read-trace.ts";
import { recordedCopy } from "./support/recorded-copy.ts";

type Told = [kind: TraceKindName, subject: number, device: number, ...number[]];

function events(told: readonly Told[]): TraceEvent[] {
  return told.map(([kind, subject, device, lba = 0, blocks = 0, detail = 0]) => {
    return { timeMs: 0, kind, subject, device, lba, blocks, detail };
  });
}

const { source, destination, copy, read } = operation;
const steps = { time: "steps" } as const;
const ranges = [
  { lba: 0, blocks: 100 },
  { lba: 500, blocks: 20 },
];

function readSteps(told: readonly Told[]) {
  const trace = timeline(events(told), steps);
  const { wrong, ...seen } = readTrace(trace);
  expect(wrong).toEqual([]);
  const marks = trace.traceEvents.filter(({ ph }) => ph === "i");
  return { ...seen, trace, marks };
}

describe("the timeline of a copy over stripes", () => {
  // By hand: stripes of 64 blocks in turn, so that 0+100 is 0+64 of ns1 and 0+36 of ns2; 500+20 (stripe 7 ends at 512)
  // is 244+12 of ns2 and 256+8 of ns1; 8192+120 is 4096+64 of ns1 and 4096+56 of ns2.
  const pieces = {
    "copy 4096+64": ["destination 4096+64", "source 0+64"],
    "copy 4096+56": ["destination 4096+56", "source 0+36", "source 244+12", "source 256+8"],
  };

  it("leads each half to the request that it went into", async () => {
    const run = await recordedCopy(listToken(), ranges, 8192);
    expect(run.status).toBe("success");
    const { slices, wrong } = readTrace(timeline(run.events, { ...steps, devices: run.devices }));
    expect(wrong).toEqual([]);
    const requests = slices.filter(({ thread }) => thread.startsWith("requests"));
    const paired = requests.map(({ event, arrowsFrom }) => [
      event.name,
      arrowsFrom.map((half) => half.event.name).sort(),
    ]);
    expect(Object.fromEntries(paired)).toEqual(pieces);
    const ns2 = requests.find(({ event }) => event.name === "copy 4096+56");
    expect(ns2?.process).toBe("ns2 (device 2)");
    expect(ns2?.event.args?.sources).toEqual([
      { device: "ns2 (device 2)", lba: 0, blocks: 36 },
      { device: "ns2 (device 2)", lba: 244, blocks: 12 },
      { device: "ns1 (device 1)", lba: 256, blocks: 8 },
    ]);
  });

  it("shows copies, bios, commands by tag, and where bios were split and remapped", async () => {
    const { events: told, devices } = await recordedCopy(listToken(), ranges, 8192);
    const trace = timeline(told, { ...steps, devices });
    const { slices, spans } = readTrace(trace);
    const onThreads = (name: RegExp) => slices.filter(({ thread }) => name.test(thread));
    expect(onThreads(/^submitter/)).toMatchObject([
      { event: { name: "copy to 8192+120", args: { status: "success", ranges: 2 } } },
    ]);
    const commands = onThreads(/^tag/).map(({ event, process }) => [process, event.name]);
    expect(commands).toEqual([
      ["ns1 (device 1)", "copy 4096+64"],
      ["ns2 (device 2)", "copy 4096+56"],
    ]);
    // Three bios and the part that was split off each: from the stripes to one of the namespaces, inside the whole.
    expect(spans.size).toBe(6);
    for (const list of spans.values()) {
      expect(list.map(([, depth]) => depth)).toEqual([1, 1, 0]);
      expect(list[0]?.[0]).toBe("striped (device 0)");
      expect(list[1]?.[0]).toMatch(/^ns[12] /);
    }
    const count = (name: string) => trace.traceEvents.filter((one) => one.name === name).length;
    expect([count("split"), count("remap"), count("plug"), count("unplug")]).toEqual([3, 6, 1, 1]);
  });

  it("draws a bio that brings its sources along", async () => {
    const run = await recordedCopy(sourceList(), ranges, 8192);
    const { slices, wrong } = readTrace(timeline(run.events, { ...steps, devices: run.devices }));
    expect(wrong).toEqual([]);
    const requests = slices.filter(({ thread }) => thread.startsWith("requests"));
    expect(requests.length).toBeGreaterThan(0);
    for (const { arrowsFrom, event } of requests)
      expect(arrowsFrom.map((bio) => bio.event.name)).toEqual([event.name]);
  });

  it("is the same, to the byte, for the same events", async () => {
    const { events: told, devices } = await recordedCopy(listToken(), ranges, 8192);
    const text = () => [...timelineText(told, { ...steps, devices })].join("");
    expect(text()).toBe(text());
    expect(JSON.parse(text())).toEqual(timeline(told, { ...steps, devices }));
  });
});

describe("a timeline", () => {
  it("shows halves that were paired crosswise", () => {
    const { slices } = readSteps([
      ["copyStart", 0, 0, 100, 8, 1],
      ["copyStart", 1, 0, 200, 8, 1],
      ["bioSubmit", 0, 0, 0, 8, source],
      ["bioPark", 0, 0, 0, 8, source],
      ["bioSubmit", 1, 0, 50, 8, source],
      ["bioPark", 1, 0, 50, 8, source],
      ["bioSubmit", 2, 0, 100, 8, destination],
      ["bioPair", 0, 0, 100, 8, 1],
      ["requestSource", 0, 0, 50, 8, 0],
      ["requestInsert", 0, 0, 100, 8, copy],
    ]);
    const request = slices.find(({ event }) => event.cat === "request");
    const halves = request?.arrowsFrom.map(({ event }) => event.name);
    expect(halves).toEqual(["destination 100+8", "source 50+8"]);
    const waits = slices.find(({ event }) => event.name === "source 0+8");
    expect(waits?.event).toMatchObject({ ts: 2, dur: 7, args: { parked: true } });
  });

  it("draws no arrow where it might be a wrong one", () => {
    const { slices } = readSteps([
      ["bioSubmit", 0, 0, 0, 8, source],
      ["bioSubmit", 1, 0, 0, 8, source],
      ["bioSubmit", 2, 0, 100, 8, destination],
      ["bioPair", 0, 0, 100, 8, 1],
      ["requestSource", 0, 0, 0, 8, 0],
    ]);
    const request = slices.find(({ event }) => event.cat === "request");
    expect(request?.arrowsFrom.map(({ event }) => event.name)).toEqual(["destination 100+8"]);
  });

  it("takes recorded times, in microseconds, and none backwards", () => {
    const told = events([
      ["copyStart", 0, 0, 0, 8, 1],
      ["plug", 0, 0],
      ["copyEnd", 0, 0, 0, 8, 0],
    ]).map((event, i) => ({ ...event, timeMs: [1.5, 1.25, 4.001][i] as number }));
    const drawn = timeline(told).traceEvents.filter(({ ph }) => ph !== "M");
    expect(drawn).toMatchObject([
      { ph: "X", ts: 1500, dur: 2501 },
      { ph: "i", ts: 1500 },
    ]);
  });

  it("marks what happens to devices, late commands and repeated parts", () => {
    const { marks, slices } = readSteps([
      ["requestInsert", 0, 3, 8, 8, read],
      ["commandIssue", 5, 3, 8, 8, 0],
      ["commandTimeout", 5, 3, 0, 8, 1],
      ["commandComplete", 5, 3, 8, 8, status.timeout],
      ["requestRequeue", 1, 3, 8, 8, status.timeout],
      ["bioDefer", 9, 2, 8, 8, read],
      ["freeze", 2, 2, 0, 0, 1],
      ["freeze", 2, 2, 0, 0, 0],
      ["reload", 2, 2, 0, 0, 4],
      ["remove", 2, 2],
      ["storeCopy", 1, -1, 8, 8, 1],
      ["emulate", 0, 3, 8, 8, 0],
      ["requestEnd", 1, 3, 8, 8, 0],
      ["requestEnd", 0, 3, 8, 8, 0],
    ]);
    expect(marks.map(({ name }) => name)).toEqual([
      ...["timeout", "requeue", "defer", "freeze", "thaw", "reload", "remove", "clone"],
      "copied through the host",
    ]);
    expect(slices.map(({ event, thread }) => [thread, event.name, event.args?.status])).toEqual([
      ["requests 0", "read 8+8", "success"],
      ["tag 5", "read 8+8", "timeout"],
      ["requests 1", "read 8+8", "success"],
    ]);
    expect(slices[2]?.event.args?.requeuedFor).toBe("timeout");
  });

  it("draws to its end what has not ended by then", () => {
    const { slices, spans, trace } = readSteps([
      ["copyStart", 0, 0, 100, 8, 1],
      ["bioSubmit", 0, 0, 0, 8, source],
      ["bioPark", 0, 0, 0, 8, source],
      ["requestInsert", 0, 0, 8, 8, read],
      ["commandIssue", 0, 0, 8, 8, 0],
      ["remove", 0, 0],
    ]);
    const ends = slices.map(({ event }) => [event.cat, (event.ts ?? 0) + (event.dur ?? 0)]);
    expect(ends).toEqual([
      ["copy", 5],
      ["waiting", 5],
      ["request", 5],
      ["command", 5],
    ]);
    expect([...spans.values()].flat().map(([, , , end]) => end)).toEqual([5, 5]);
    expect(trace.traceEvents.filter(({ args }) => args?.unended === true).length).toBe(5);
  });

  it("shows ends without beginnings and beginnings without ends, and throws at none", () => {
    const { marks, slices } = readSteps([
      ["copyEnd", 0, 0, 0, 8, 0],
      ["bioEnd", 0, 0, 0, 8, status.cancelled],
      ["requestEnd", 0, 0, 0, 8, 0],
      ["commandComplete", 0, 0, 0, 8, 99],
      ["requestSource", 0, 0, 0, 8, 0],
      ["commandIssue", 1, 0, 0, 8, 0],
      ["commandIssue", 1, 0, 8, 8, 0],
      ["invented" as TraceKindName, 0, 0],
    ]);
    expect(marks.map(({ name }) => name)).toEqual([
      "end of a copy not begun in this trace",
      "end of a bio not begun in this trace",
      "end of a request not begun in this trace",
      "end of a command not begun in this trace",
      "a source of a request that was not paired",
      "begun again before its end",
      'unknown kind of event "invented"',
    ]);
    expect(slices.map(({ event }) => event.args?.unended)).toEqual([true, true]);
  });

  const anyEvent: fc.Arbitrary<TraceEvent> = fc.record({
    timeMs: fc.oneof(fc.nat(1000), fc.double()),
    kind: fc.constantFrom(...(Object.keys(traceKind) as TraceKindName[])),
    subject: fc.nat(3),
    device: fc.integer({ min: -1, max: 2 }),
    lba: fc.nat(20),
    blocks: fc.nat(20),
    detail: fc.integer({ min: -1, max: 30 }),
  });

  it("is whole whatever the events are", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 200 }), fc.boolean(), (told, isRecorded) => {
        const trace = timeline(told, { time: isRecorded ? "recorded" : "steps" });
        expect(readTrace(trace).wrong).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
