// A target under test, and commands for it byte by byte as the standards have them, without the package's codec: these
// tests check the model and its codec together against the standards.
import type { Store } from "@blockferry/core";
import { memoryStore } from "@blockferry/store-memory";
import { type ScsiModel, type ScsiModelOptions, scsiModel } from "../../src/model/index.ts";

export interface Answer {
  readonly outcome: string;
  /** SAM status. */
  readonly status: number;
  /** `5/26/06`, empty without sense data. */
  readonly sense: string;
  readonly senseBytes: Uint8Array;
  /** Data that came, as long as the model moved. */
  readonly data: Uint8Array;
  readonly moved: number;
  readonly wanted: number;
}

export interface Sent {
  readonly lun?: number;
  readonly initiator?: string;
  readonly out?: Uint8Array;
  /** Room for data. */
  readonly room?: number;
}

const hex = (value: number): string => value.toString(16).padStart(2, "0").toUpperCase();

/** Key, ASC and ASCQ of fixed (SPC-4 4.5.3) and descriptor format sense data (4.5.2). */
function senseText(sense: Uint8Array): string {
  if (sense.length === 0) return "";
  const isFixed = (sense[0] & 0x7f) < 0x72;
  const [key, asc, ascq] = isFixed ? [sense[2], sense[12], sense[13]] : sense.subarray(1, 4);
  return `${(key & 0xf).toString(16).toUpperCase()}/${hex(asc)}/${hex(ascq)}`;
}

export interface Clock {
  ms: number;
  nowMs(): number;
}

export interface Rig {
  readonly model: ScsiModel;
  readonly stores: readonly Store[];
  readonly clock: Clock;
  send(cdb: readonly number[] | Uint8Array, sent?: Sent): Answer;
  /** Everything that a unit holds, by its place among the units. */
  image(unit?: number): Buffer;
  /** Fills blocks of a unit so that each tells where it comes from. */
  label(unit: number, tag: number): void;
}

const UNIT_BYTES = 1_048_576;

export interface RigOptions extends Omit<ScsiModelOptions, "units" | "clock"> {
  readonly units?: readonly Partial<ScsiModelOptions["units"][number]>[];
  readonly unitBytes?: number;
}

export function rig(options: RigOptions = {}): Rig {
  const { units = [{}, {}], unitBytes = UNIT_BYTES, ...rest } = options;
  const stores = units.map(
    (one) => one.store ?? memoryStore({ bytes: unitBytes, bytesPerPage: 4096 }),
  );
  const clock: Clock = { ms: 1_000_000, nowMs: () => clock.ms };
  const model = scsiModel({
    ...rest,
    clock,
    units: units.map((one, index) => ({ ...one, store: stores[index] })),
  });
  const completion = new Uint8Array(model.completionBytes);
  const image = (unit = 0): Buffer => {
    const bytes = Buffer.alloc(stores[unit].bytes);
    stores[unit].read(0, bytes);
    return bytes;
  };
  return {
    model,
    stores,
    clock,
    image,
    label(unit, tag) {
      const bytes = Buffer.alloc(stores[unit].bytes);
      for (let at = 0; at < bytes.length; at += 8) {
        bytes.writeUInt32BE(Math.floor(at / 512), at);
        bytes.writeUInt32BE(((tag << 16) | (at % 512)) >>> 0, at + 4);
      }
      stores[unit].write(0, bytes);
    },
    send(cdb, { lun = 0, initiator, out, room = 0 } = {}) {
      const command = Uint8Array.of(0, lun, 0, 0, 0, 0, 0, 0, ...cdb);
      const dataIn = room > 0 ? new Uint8Array(room) : undefined;
      completion.fill(0xee);
      const device = initiator === undefined ? model : model.nexus(initiator);
      const outcome = device.execute("io", command, out, dataIn, completion);
      if (outcome !== "completed") {
        const none = new Uint8Array(0);
        return {
          outcome,
          status: -1,
          sense: "",
          senseBytes: none,
          data: none,
          moved: 0,
          wanted: 0,
        };
      }
      // The record: status, sense length, moved @4, wanted @8, sense @12.
      const view = new DataView(completion.buffer);
      const senseBytes = completion.slice(12, 12 + completion[1]);
      const moved = view.getUint32(4);
      return {
        outcome,
        status: completion[0],
        sense: senseText(senseBytes),
        senseBytes,
        data: dataIn?.slice(0, out === undefined ? moved : 0) ?? new Uint8Array(0),
        moved,
        wanted: view.getUint32(8),
      };
    },
  };
}

/** A store that fails when asked to. */
export function failingStore(
  store: Store,
  code: string,
): Store & { fails: "read" | "write" | "copy" | undefined } {
  const check = (call: string): void => {
    if (failing.fails === call) throw Object.assign(new Error(code), { code });
  };
  const failing = {
    name: store.name,
    bytes: store.bytes,
    readonly: store.readonly,
    fails: undefined as "read" | "write" | "copy" | undefined,
    read(offset: number, target: Uint8Array) {
      check("read");
      store.read(offset, target);
    },
    write(offset: number, source: Uint8Array) {
      check("write");
      store.write(offset, source);
    },
    copy(from: number, to: number, bytes: number) {
      check("copy");
      return store.copy(from, to, bytes);
    },
    writeZeroes: (offset: number, bytes: number) => store.writeZeroes(offset, bytes),
    deallocate: (offset: number, bytes: number) => store.deallocate(offset, bytes),
    isAllocated: (offset: number, bytes: number) => store.isAllocated(offset, bytes),
    flush: () => store.flush(),
    close: () => store.close(),
  };
  return failing;
}
