import { blockDevice, blockEngine, copyOn } from "@blockferry/block";
import { FerryError, type PairingStrategy } from "@blockferry/core";
import type { ColumnKinds, State, Table } from "@blockferry/core/table";
import { openNvmeController } from "@blockferry/device-nvme";
import { nvmeModel } from "@blockferry/device-nvme/model";
import { memoryStore } from "@blockferry/store-memory";
import { memoryTransport } from "@blockferry/transport-memory";
import type { CostPart } from "../schema/compare-document.ts";
import { strategyMaker } from "../strategies.ts";

/** Source ranges of the copies that are measured. */
const RANGES: readonly number[] = [1, 8, 16, 128, 256];

const BYTES_PER_BLOCK = 512;
/** A copy of 1 MiB. */
const BLOCKS = 2 ** 20 / BYTES_PER_BLOCK;

/**
 * The device: one command may take all of it, so that what is counted is the way of pairing. MSRC is 0's based: 256 ranges.
 */
const limits = { mssrl: BLOCKS, mcl: BLOCKS, msrc: 255 };
const QUEUE_DEPTH = 32;

/** Bytes of a row: its columns, its generation and its place in a list. */
function rowBytes({ definition }: Table): number {
  const kinds = Object.values(definition.columns as ColumnKinds);
  const columns = kinds.map((kind) => {
    if (kind === "number" || kind === "lba") return 8;
    return typeof kind === "number" ? kind * 4 : 4;
  });
  return columns.reduce((sum, bytes) => sum + bytes, 8);
}

/** Rows ever taken: the generation of a row grows by one when it is taken and when it is given back. */
function rowsTaken({ generation }: Table): number {
  return generation.reduce((sum, value) => sum + ((value + 1) >> 1), 0);
}

/** The strategy, and the names of the tables that it declares. */
function noted(strategy: PairingStrategy): { strategy: PairingStrategy; tables: Set<string> } {
  const tables = new Set<string>();
  const declare: PairingStrategy["declare"] = (state, capacity) => {
    const listening = Object.create(state) as State;
    listening.add = (definition, rows) => {
      tables.add(definition.name);
      state.add(definition, rows);
      return listening;
    };
    strategy.declare(listening, capacity);
  };
  return { strategy: Object.assign(Object.create(strategy), { declare }), tables };
}

/** Tables of the engine that grow with what is copied, besides those of the strategy. */
const engineTables = ["bio", "request", "chunk", "window", "copy"];
const metadataTables = ["bio", "request"];

async function measure(made: PairingStrategy, ranges: number): Promise<Omit<CostPart, "strategy">> {
  const store = memoryStore({ bytes: 4 * BLOCKS * BYTES_PER_BLOCK });
  const transport = memoryTransport(nvmeModel({ namespaces: [{ store, ...limits }] }));
  const controller = await openNvmeController(transport);
  const [target] = controller.namespaces;
  const { commandSet } = controller;
  const device = blockDevice({ target, commandSet, transport, queueDepth: QUEUE_DEPTH });
  const { strategy, tables } = noted(made);
  const engine = blockEngine({ devices: [device], strategy });
  const blocks = BLOCKS / ranges;
  // Every other piece: nothing lies behind its neighbour, so nothing is joined.
  const sources = Array.from({ length: ranges }, (_, i) => ({ lba: 2 * i * blocks, blocks }));
  const before = new Map(engine.state.tables.map((table) => [table, rowsTaken(table)]));
  for (const table of engine.state.tables) table.resetPeak();
  const result = await copyOn(engine, device, { sources, destination: 2 * BLOCKS });
  await controller.close();
  if (result.copiedBlocks !== BLOCKS) {
    const message = `${made.name} copied ${result.copiedBlocks} blocks of ${BLOCKS}: ${result.status}`;
    throw new FerryError("FERRY_COMPARE_COST", message);
  }
  const all = engine.state.tables;
  const metadata = all.filter(({ name }) => metadataTables.includes(name) || tables.has(name));
  const peak = all.filter(({ name }) => engineTables.includes(name) || tables.has(name));
  const { bios, requests, commands, commandsPeak, listBytes } = result.cost;
  return {
    ranges,
    bios,
    requests,
    commands,
    tagsPeak: commandsPeak,
    metadataBytes:
      listBytes +
      metadata.reduce(
        (sum, table) => sum + (rowsTaken(table) - (before.get(table) ?? 0)) * rowBytes(table),
        0,
      ),
    memoryPeakBytes: peak.reduce((sum, table) => sum + table.peak * rowBytes(table), 0),
  };
}

/**
 * Copies 1 MiB with a strategy, in so many source ranges, on an emulated device, and counts.
 *
 * @throws FerryError `FERRY_COMPARE_COST` where not all was copied
 */
export async function strategyCosts(text: string): Promise<CostPart[]> {
  const make = await strategyMaker(text);
  const parts: CostPart[] = [];
  for (const ranges of RANGES) parts.push({ strategy: text, ...(await measure(make(), ranges)) });
  return parts;
}
