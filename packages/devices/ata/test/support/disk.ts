import { memoryStore } from "@blockferry/store-memory";
import { taskFileFis } from "../../src/codec/index.ts";
import type { TaskFile } from "../../src/codec/task-file.ts";
import { type AtaModel, type AtaModelOptions, ataModel } from "../../src/model/index.ts";

/** A model of `sectors` sectors in memory, and a way to send it commands. */
export interface TestDisk {
  readonly model: AtaModel;
  readonly store: ReturnType<typeof memoryStore>;
  /** Sends a command; returns its registers. */
  send(taskFile: TaskFile, dataOut?: Uint8Array, dataIn?: Uint8Array): Ended;
  /** All that is stored. */
  bytes(): Uint8Array;
}

export interface Ended {
  readonly outcome: string;
  readonly fis: number;
  readonly status: number;
  readonly error: number;
  readonly lba: number;
  readonly count: number;
  readonly device: number;
  readonly completion: Uint8Array;
}

export function testDisk(sectors: number, options: Omit<AtaModelOptions, "store"> = {}): TestDisk {
  const bytesPerSector = options.bytesPerSector ?? 512;
  const store = memoryStore({ bytes: sectors * bytesPerSector });
  const model = ataModel({ ...options, store });
  return {
    model,
    store,
    send(taskFile, dataOut, dataIn) {
      const completion = new Uint8Array(20).fill(0xee);
      const fis = taskFileFis(taskFile);
      const outcome = model.execute("io", fis, dataOut, dataIn, completion);
      const view = new DataView(completion.buffer);
      const low = completion[4] + completion[5] * 256 + completion[6] * 65_536;
      const high = completion[8] + completion[9] * 256 + completion[10] * 65_536;
      return {
        outcome,
        fis: completion[0],
        status: completion[2],
        error: completion[3],
        device: completion[7],
        lba: low + high * 2 ** 24,
        count: view.getUint16(12, true),
        completion,
      };
    },
    bytes() {
      const all = new Uint8Array(sectors * bytesPerSector);
      store.read(0, all);
      return all;
    },
  };
}

/** Fills every sector with bytes that tell where it is. */
export function labelSectors(disk: TestDisk, sectors: number, bytesPerSector = 512): void {
  const data = new Uint8Array(sectors * bytesPerSector);
  const view = new DataView(data.buffer);
  for (let lba = 0; lba < sectors; lba += 1) {
    for (let at = 0; at < bytesPerSector; at += 8) {
      view.setUint32(lba * bytesPerSector + at, lba + 1);
      view.setUint32(lba * bytesPerSector + at + 4, at);
    }
  }
  disk.store.write(0, data);
}

/** Which sector's label stands at an address, less one; -1 for zeroes. */
export function labelAt(disk: TestDisk, lba: number, bytesPerSector = 512): number {
  const sector = new Uint8Array(bytesPerSector);
  disk.store.read(lba * bytesPerSector, sector);
  return new DataView(sector.buffer).getUint32(0) - 1;
}
