import { dataDirection } from "@blockferry/core";
import { check, checkSame, isMisuse, shown, thrownBy } from "../check.ts";
import { forEachSeed } from "../random-source.ts";
import { inSession, type Sent, type Session } from "./session.ts";
import type { TransportSuiteOptions } from "./transport-suite-options.ts";

const { none, toDevice, toHost } = dataDirection;
/** Where a transport declares no maximum. */
const DATA_BYTES = 262_144;
const DEPTH_MAX = 1024;
const RANDOM_CASES = 5;
const ROUNDS = 12;

const upTo = (declared: number | undefined, most: number): number =>
  Math.min(declared ?? most, most);

/** 0, 1, one below and above where data is cut, and the maximum: in whole units of data. */
function sizesOf({ transport, supports }: Session): number[] {
  const unit = supports.dataUnitBytes ?? 1;
  const most = upTo(transport.supports.dataBytesMax, 16 * DATA_BYTES);
  const largest = transport.supports.dataBytesMax === undefined ? DATA_BYTES : most;
  const around = supports.cutsAtBytes.flatMap((bytes) => [bytes - 1, bytes, bytes + 1]);
  const wanted = [0, 1, ...around, largest].map((bytes) => Math.ceil(bytes / unit) * unit);
  return [...new Set(wanted)].filter((bytes) => bytes >= 0 && bytes <= largest);
}

function unchanged(options: TransportSuiteOptions): void {
  const { it } = options;

  for (const [title, direction] of [
    ["to the device", toDevice],
    ["to the host", toHost],
  ] as const) {
    it(`brings data ${title} unchanged, at every size`, () =>
      inSession(options, async (session) => {
        const line = session.open(1);
        for (const bytes of sizesOf(session)) {
          const sent = session.send(line, 0, { direction, bytes });
          line.queue.doorbell();
          await session.answered(sent);
        }
      }));
  }

  it("brings lists to the device unchanged, and as long as announced", () =>
    inSession(options, async (session) => {
      const { layout } = session.dialect;
      const most = upTo(session.transport.supports.listBytesMax, layout.listBytes);
      const line = session.open(2);
      for (const listBytes of [0, 4, 32, 512, most - 4, most, 4]) {
        if (listBytes > most) continue;
        const direction = listBytes === 0 ? none : toDevice;
        const sent = session.send(line, 1, { direction, listBytes });
        line.queue.doorbell();
        await session.answered(sent);
      }
    }));

  it("brings a refusal back as an answer like any other", () =>
    inSession(options, async (session) => {
      const line = session.open(1);
      session.device.verdict = 1;
      const sent = session.send(line, 0);
      line.queue.doorbell();
      await session.answered(sent);
    }));

  it("sends nothing before the doorbell", () =>
    inSession(options, async (session) => {
      const line = session.open(2);
      const sent = session.send(line, 1);
      await session.quiet();
      const seen = session.device.received.filter(({ number }) => number === sent.number);
      checkSame(seen.length, 0, "commands at the device");
      line.queue.doorbell();
      await session.answered(sent);
    }));
}

function concurrent(options: TransportSuiteOptions): void {
  const { it } = options;

  it("carries as many commands at once as it declares, and again in the same slots", () =>
    inSession(options, async (session) => {
      const depth = upTo(session.transport.supports.queueDepthMax, DEPTH_MAX);
      const bytes = session.supports.dataUnitBytes ?? 64;
      const line = session.open(depth);
      for (const direction of [none, toDevice, toHost]) {
        const sent = Array.from({ length: depth }, (_, slot) =>
          session.send(line, slot, { direction, bytes }),
        );
        line.queue.doorbell();
        await session.answered(...sent);
      }
    }));

  it("refuses a queue that is deeper than it declares, and slots that a queue does not have", () =>
    inSession(options, async (session) => {
      const { queueDepthMax } = session.transport.supports;
      check(
        Number.isSafeInteger(queueDepthMax) && queueDepthMax >= 1,
        `queueDepthMax is ${queueDepthMax}`,
      );
      if (queueDepthMax < 65_536) {
        const error = thrownBy(() => session.open(queueDepthMax + 1));
        check(isMisuse(error), `a queue of ${queueDepthMax + 1}: ${shown(error)}`);
      }
      const line = session.open(2);
      for (const slot of [2, -1]) {
        const error = thrownBy(() => line.queue.submit(slot, 0, undefined, none));
        check(isMisuse(error), `slot ${slot} of 2: ${shown(error)}`);
      }
    }));

  it("keeps several queues apart", () =>
    inSession(options, async (session) => {
      const bytes = session.supports.dataUnitBytes ?? 100;
      const depth = upTo(session.transport.supports.queueDepthMax, 4);
      const lines = [session.open(depth), session.open(depth)];
      const sent = lines.flatMap((line) =>
        Array.from({ length: depth }, (_, slot) =>
          session.send(line, slot, { direction: slot % 2 === 0 ? toHost : toDevice, bytes }),
        ),
      );
      for (const line of lines) line.queue.doorbell();
      await session.answered(...sent);
      lines[0].queue.close();
      const later = session.send(lines[1], 0, { direction: toHost, bytes });
      lines[1].queue.doorbell();
      await session.answered(later);
    }));

  it("mixes up nothing in random traffic", () =>
    forEachSeed(options, RANDOM_CASES, (random) =>
      inSession(options, async (session) => {
        const depth = random.between(1, upTo(session.transport.supports.queueDepthMax, 12));
        const sizes = sizesOf(session).filter((bytes) => bytes <= 16_384);
        const line = session.open(depth);
        for (let round = 0; round < ROUNDS; round += 1) {
          const sent: Sent[] = [];
          for (let slot = 0; slot < depth; slot += 1) {
            if (random.below(4) === 0) continue;
            const direction = random.pick([none, toDevice, toHost]);
            sent.push(session.send(line, slot, { direction, bytes: random.pick(sizes) }));
            if (random.below(3) === 0) line.queue.doorbell();
          }
          line.queue.doorbell();
          await session.answered(...sent);
        }
      }),
    ));
}

export function carrying(options: TransportSuiteOptions): void {
  unchanged(options);
  concurrent(options);
}
