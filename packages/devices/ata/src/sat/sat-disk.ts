import type { DeviceModel, Store } from "@blockferry/core";
import type { AnyStructure } from "@blockferry/core/bytes";
import type { AtaDevice } from "../ata-device.ts";
import { passThrough12, passThrough16, passThrough32 } from "../codec/sat/pass-through-cdb.ts";
import { ataInformationPage } from "./ata-information.ts";
import { ataStore } from "./ata-store.ts";
import type { SatControlModePage } from "./dialect.ts";
import { type SatPassThroughOptions, type SatResult, satPassThrough } from "./sat-pass-through.ts";

const VARIABLE_LENGTH = 0x7f;
const SERVICE_ACTION_HIGH = 8;
const PASS_THROUGH_32 = 0x1ff0;
/** ATA PASS-THROUGH (SAT-4 12.2). */
const commands: SatDisk["commands"] = [
  { operationCode: VARIABLE_LENGTH, serviceAction: PASS_THROUGH_32, cdb: passThrough32 },
  { operationCode: 0x85, serviceAction: undefined, cdb: passThrough16 },
  { operationCode: 0xa1, serviceAction: undefined, cdb: passThrough12 },
];
const ATA_INFORMATION_PAGE = 0x89;
const PRODUCT_CHARACTERS = 16;
const REVISION_CHARACTERS = 4;

/**
 * An ATA disk as a SCSI target wants it for a logical unit: where its blocks are, what it says it is, and what is handed on
 * to the disk as it came.
 */
export interface SatDisk {
  readonly store: Store;
  /** What INQUIRY says of it (SAT-4 8.1.2). */
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  readonly serial: string;
  /** Carries out ATA PASS-THROUGH; `undefined`: the command is none. */
  execute(
    cdb: Uint8Array,
    dataOut: Uint8Array | undefined,
    dataIn: Uint8Array | undefined,
    inDescriptors: boolean,
  ): SatResult | undefined;
  /** The commands of `execute`, for REPORT SUPPORTED OPERATION CODES. */
  readonly commands: readonly {
    readonly operationCode: number;
    readonly serviceAction: number | undefined;
    readonly cdb: AnyStructure;
  }[];
  /** What the Control mode page says, but D_SENSE. */
  readonly controlModePage: SatControlModePage;
  /** Further VPD pages, by page code: 89h, ATA Information. */
  readonly pages: ReadonlyMap<number, () => Uint8Array>;
}

/** The last characters of FIRMWARE REVISION, or the first where those are blank (SAT-4 8.1.2). */
function revisionOf(firmware: string): string {
  const padded = firmware.padEnd(2 * REVISION_CHARACTERS);
  const last = padded.slice(REVISION_CHARACTERS, 2 * REVISION_CHARACTERS).trim();
  return last === "" ? padded.slice(0, REVISION_CHARACTERS).trim() : last;
}

/**
 * A translator's side of an ATA disk: reads, writes, flushes, zeroes and copies as a store, ATA PASS-THROUGH as it came.
 *
 * @param disk what `openAtaDevice` learned of it
 */
export function satDisk(
  model: DeviceModel,
  disk: AtaDevice,
  options: SatPassThroughOptions = {},
): SatDisk {
  const passThrough = satPassThrough(model, options);
  const identity = { vendor: "BLKFERRY", product: "SAT", revision: "1" };
  return {
    store: ataStore(model, disk),
    vendor: "ATA",
    product: disk.modelNumber.slice(0, PRODUCT_CHARACTERS).trim(),
    revision: revisionOf(disk.firmwareRevision),
    serial: disk.serialNumber,
    execute(cdb, dataOut, dataIn, inDescriptors) {
      const size = commands.find((one) => one.operationCode === cdb[0])?.cdb.size;
      if (size === undefined || cdb.length < size) return undefined;
      const action = cdb[SERVICE_ACTION_HIGH] * 256 + cdb[SERVICE_ACTION_HIGH + 1];
      if (cdb[0] === VARIABLE_LENGTH && action !== PASS_THROUGH_32) return undefined;
      return passThrough.execute(cdb.subarray(0, size), dataOut, dataIn, inDescriptors);
    },
    commands,
    controlModePage: passThrough.dialect.controlModePage,
    pages: new Map([
      [ATA_INFORMATION_PAGE, () => ataInformationPage(model, passThrough.dialect, identity)],
    ]),
  };
}
