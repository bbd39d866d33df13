import type { ModelOutcome, Store } from "@blockferry/core";
import type { AnyStructure } from "@blockferry/core/bytes";

/** How a command ended that was handed on. */
export interface TranslatedAnswer {
  readonly outcome: ModelOutcome;
  /** SCSI status; where it is not GOOD, with sense data. */
  readonly status: number;
  readonly sense: Uint8Array;
  /** Bytes that are in the initiator's buffer. */
  readonly dataInBytes: number;
}

/** A command that is handed on, for REPORT SUPPORTED OPERATION CODES. */
export interface TranslatedCommand {
  readonly operationCode: number;
  /** Only of commands that share their operation code. */
  readonly serviceAction: number | undefined;
  readonly cdb: AnyStructure;
}

/** Commands and pages that a unit hands on as they come: those of a disk of another command set behind it. */
export interface UnitTranslator {
  /**
   * Carries out a command; `undefined`: it is none of its own.
   *
   * @param cdb 32 bytes, zeroes behind the CDB
   */
  execute(
    cdb: Uint8Array,
    dataOut: Uint8Array | undefined,
    dataIn: Uint8Array | undefined,
    inDescriptors: boolean,
  ): TranslatedAnswer | undefined;
  /** What `execute` carries out. */
  readonly commands: readonly TranslatedCommand[];
  /** Further VPD pages, by page code. */
  readonly pages: ReadonlyMap<number, () => Uint8Array>;
}

/** A logical unit of the model. */
export interface ScsiUnitOptions {
  /** Logical unit number, 0 to 16383. Default: 0 for the first unit, and one more than the one before. */
  readonly lun?: number;
  /** Holds the blocks. Closed with the model. */
  readonly store: Store;
  /** Default 512. */
  readonly bytesPerBlock?: 512 | 4096;
  /** Logical blocks per physical block, as a power of two, 0 to 15. Default 0. */
  readonly physicalBlockExponent?: number;
  /** Unit serial number, 1 to 252 printable ASCII characters. Default: made from the LUN. */
  readonly serial?: string;
  /**
   * NAA designator: 8 bytes (NAA 2h, 3h, 5h) or 16 (NAA 6h), as bytes or as hexadecimal digits. Default: made from the
   * serial number, by the profile's rule.
   */
  readonly naa?: Uint8Array | string;
  /** EUI-64 based designator, 8, 12 or 16 bytes. Default none. */
  readonly eui64?: Uint8Array;
  /** SCSI name string, such as `eui.…`. Default none. */
  readonly scsiName?: string;
  /** Product identification, at most 16 ASCII characters. Default: the profile's. */
  readonly product?: string;
  /** Blocks can be unmapped (LBPME), and unmapped blocks read as zeroes. Default: the profile's rule. */
  readonly thin?: boolean;
  /** Write protected. Default: whether the store is. */
  readonly readonly?: boolean;
  /** What is handed on; default nothing. */
  readonly translator?: UnitTranslator;
  /** D_SENSE of the Control mode page after a reset: sense data in descriptor format. Default: the profile's rule. */
  readonly descriptorSense?: boolean;
  /** The medium can be ejected. Default false. */
  readonly removable?: boolean;
}
