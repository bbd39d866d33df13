/**
 * Where the definition of a profile comes from.
 *
 * - `standard`: whoever wrote it had the text of the standard.
 * - `secondary`: from software that names the command; nobody has seen the standard's text.
 * - `invented`: for tests.
 */
export type ProfileProvenance = "standard" | "secondary" | "invented";

/** A run of whole bytes. */
export interface FieldPlace {
  /** Offset of the first byte. */
  readonly byte: number;
  /** 1 to 8. */
  readonly bytes: number;
}

/** What a register holds beside the destination. */
export type RegisterMeaning = "pages" | "blocks" | "entries" | "reserved";

/** The command as it is sent by itself. */
export interface GatheredRegisters {
  /** `pages`: 512-byte blocks of the list; `blocks`: logical sectors written; `entries`: ranges; `reserved`: 0. */
  readonly count: RegisterMeaning;
  readonly feature: RegisterMeaning;
}

/** The command inside SEND FPDMA QUEUED. FEATURE holds the list's 512-byte blocks, COUNT(7:3) the tag. */
export interface GatheredQueued {
  readonly command: number;
  /** In COUNT(12:8). */
  readonly subcommand: number;
  readonly auxiliary: number;
}

/** A head before the entries. */
export interface GatheredHeader {
  readonly bytes: number;
  /** Number of entries. */
  readonly entries: FieldPlace | null;
  /** Logical sectors of all entries. */
  readonly blocks: FieldPlace | null;
  /** Bytes that are always the same. */
  readonly constants: readonly { readonly byte: number; readonly value: number }[];
}

/** The list of source ranges. */
export interface GatheredList {
  /** The list is filled up with zeroes to a multiple of this. */
  readonly pageBytes: number;
  readonly endian: "little" | "big";
  readonly header: GatheredHeader | null;
  readonly entry: {
    readonly bytes: number;
    readonly lba: FieldPlace;
    readonly blocks: FieldPlace;
  };
  /** What an entry of length 0 means: none, an error, or one more than the field can hold. */
  readonly zeroBlocks: "skip" | "abort" | "maximum";
}

/** How far one command goes. */
export interface GatheredLimits {
  readonly entries: number;
  readonly blocksPerEntry: number;
  readonly blocks: number;
}

/** What the device does where a copy cannot be carried out as asked. */
export interface GatheredErrors {
  /** Bits of ERROR for a range that ends behind the last sector. */
  readonly badRange: "IDNF" | "ABRT";
  /**
   * Sources that overlap the destination: refused; copied as if all were read first; or copied range by range, so that
   * later ranges see what earlier ones wrote.
   */
  readonly overlap: "abort" | "snapshot" | "sequential";
  /** After an error in the middle: everything before the address in LBA is written, or nothing is certain. */
  readonly afterError: "prefix" | "unspecified";
  /** What LBA holds after an error in the middle. */
  readonly lba: "source" | "destination" | "unchanged";
}

/** Where a device says that it has the command. */
export interface GatheredCapability {
  readonly log: number;
  readonly page: number;
  readonly byte: number;
  readonly bit: number;
}

/**
 * WRITE GATHERED EXT as data: the destination is in LBA(47:0), a list of source ranges is the data. All that is not
 * public is a knob, so that whoever has the standard needs no new code. Survives `JSON.stringify`.
 */
export interface WriteGatheredProfile {
  readonly id: string;
  readonly provenance: ProfileProvenance;
  /** What the profile rests on; shown wherever its bytes show. */
  readonly note: string;
  readonly command: number;
  readonly registers: GatheredRegisters;
  readonly queued: GatheredQueued | null;
  /** T_LENGTH of ATA PASS-THROUGH: where a translator finds the length of the list. */
  readonly satTransferLength: "feature" | "count" | "transport";
  readonly list: GatheredList;
  readonly limits: GatheredLimits;
  readonly capability: GatheredCapability | null;
  readonly errors: GatheredErrors;
}
