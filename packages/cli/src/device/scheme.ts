import type { BlockDevice } from "@blockferry/block";
import type { StoreCopyMeans } from "@blockferry/core";
import type { DeviceUri } from "../parse/device-uri.ts";
import type { NativePart, StorePart } from "../schema/info-document.ts";
import type { CommandWatch } from "../trace/traced-transport.ts";
import type { RawRead } from "../verify/raw-reader.ts";

export interface SchemeOptions {
  /** Open the image or the device for reading only: it is then write-protected. Default false. */
  readonly readonly?: boolean;
  /** Use an image in spite of another process's lock, a device in spite of what is on it. Default false. */
  readonly force?: boolean;
  /** Told how an emulated device carried out each copy inside its store. */
  readonly onStoreCopy?: (
    means: StoreCopyMeans,
    blocks: number,
    namespace: number,
    destination: number,
  ) => void;
  /**
   * Told what goes wrong in the store of an emulated device, or between this program and a real one: the command's own
   * status says less.
   */
  readonly onFailure?: (error: unknown) => void;
  /** Told of each command and what came of it. */
  readonly onCommand?: CommandWatch | undefined;
  /** How long the kernel waits for a real device's answer to a command. Default 30,000 ms. */
  readonly timeoutMs?: number;
}

/** A device, or a target, whose ways are known. */
export interface KnownPeer {
  readonly name: string;
  /** What it does otherwise than its standard says, each to follow "it". */
  readonly deviations: readonly string[];
}

/** What a scheme makes of a URI. */
export interface OpenedScheme {
  readonly family: string;
  /** Devices by name, the main one first. */
  readonly bottoms: ReadonlyMap<string, BlockDevice>;
  /** Asks the device about itself. */
  readonly native: () => Promise<readonly NativePart[]>;
  readonly store?: StorePart | undefined;
  /** Whose departures from the standard the device is known for. */
  readonly peer?: KnownPeer | undefined;
  /** What of a command in a queue is shown as its bytes. Default: all. */
  readonly shownCommand?: ((command: Uint8Array) => Uint8Array) | undefined;
  /** What the device is sent beside the commands of a plan, for people. */
  readonly continuation?: string | undefined;
  /** How sure the bytes of the device's copy command are, where they are not from a published standard. */
  readonly provisional?: string | undefined;
  /** Readers of what each bottom device stores. */
  readonly rawReads: ReadonlyMap<BlockDevice, RawRead>;
  close(): Promise<void>;
}

/** A URI whose parameters are good, before anything is opened. */
export interface PreparedScheme {
  /** Block size, where the URI tells it: sizes can then be read before anything is opened or made. */
  readonly bytesPerBlock?: number;
  open(options: SchemeOptions): Promise<OpenedScheme>;
}

/** Checks a URI of one scheme. */
export type PrepareScheme = (uri: DeviceUri) => PreparedScheme;
