import { type CommandSet, FerryError, type Transport } from "@blockferry/core";
import { type Asker, asker, understood } from "./ask.ts";
import { reportLunsCdb } from "./codec/cdb/inquiry-cdb.ts";
import { reportLunsData } from "./codec/parameter/report-luns.ts";
import { decodeLun } from "./codec/scsi-command-record.ts";
import type { ExtendedCopyOptions, TokenCopyOptions } from "./command-options.ts";
import { type CopyPath, extendedCopyPath, tokenCopyPath } from "./copy-paths.ts";
import type { ScsiSoftLimits } from "./limits.ts";
import {
  recogniseProfile,
  type ScsiProfile,
  type ScsiProfileName,
  scsiProfiles,
} from "./profiles.ts";
import type { ScsiUnit } from "./unit.ts";
import { requireDistinct } from "./unit-designator.ts";
import { type SkippedUnit, type UnitFacts, unitFacts } from "./unit-facts.ts";

const REPORT_LUNS_BYTES = 16_392;

export interface ScsiTargetOptions {
  /** The units to open. Default: all disks that REPORT LUNS tells of. */
  readonly luns?: readonly number[] | undefined;
  /** Which copy commands `commandSet` and `units` are for. Default: EXTENDED COPY where a unit has it, else tokens. */
  readonly copy?: "extended-copy" | "token" | undefined;
  /** Whose departures from the standard to allow for. Default: whom the target says it is. */
  readonly profile?: ScsiProfileName | undefined;
  /** Goes before what the profile says. */
  readonly extendedCopy?: ExtendedCopyOptions | undefined;
  /** Goes before what the profile says. */
  readonly tokenCopy?: TokenCopyOptions | undefined;
  /** Lowers limits of every unit that has them. */
  readonly softLimits?: ScsiSoftLimits | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A target that has been asked what it is. */
export interface ScsiTarget {
  readonly name: string;
  readonly profile: ScsiProfile;
  /** EXTENDED COPY or token copies, as asked for. */
  readonly copy: "extended-copy" | "token";
  readonly commandSet: CommandSet;
  readonly units: readonly ScsiUnit[];
  /** Copies at a time that the target says it can do; 0: it does not say. A deeper queue gets BUSY. */
  readonly copiesMax: number;
  /** The same units for either kind of copies. */
  readonly extendedCopy: CopyPath;
  readonly tokenCopy: CopyPath;
  /** Units that are not opened, and why. */
  readonly skipped: readonly SkippedUnit[];
  /** Closes the transport; idempotent. */
  close(): Promise<void>;
}

async function lunsOf(ask: Asker): Promise<number[]> {
  const cdb = reportLunsCdb.encode({ allocationLength: REPORT_LUNS_BYTES });
  const reply = await ask.ask(0, cdb, REPORT_LUNS_BYTES);
  // A target of one unit need not have the command.
  if (!("data" in reply)) return [0];
  const decoded = reportLunsData.decode(reply.data, { lenient: true });
  const { luns } = understood(decoded, 0, reportLunsData.name);
  return luns.map((lun) => decodeLun(lun)).filter((lun) => lun >= 0);
}

const isFacts = (one: UnitFacts | SkippedUnit): one is UnitFacts => "inquiry" in one;

function profileOf(name: ScsiProfileName | undefined, first: UnitFacts): ScsiProfile {
  if (name === undefined) return recogniseProfile(first.inquiry);
  if (Object.hasOwn(scsiProfiles, name)) return scsiProfiles[name];
  throw new RangeError(
    `profile must be one of ${Object.keys(scsiProfiles).join(", ")}, not ${name}`,
  );
}

function noUnit(skipped: readonly SkippedUnit[]): FerryError {
  const why = skipped.map(({ lun, reason }) => `logical unit ${lun}: ${reason}`).join("; ");
  return new FerryError(
    "FERRY_SCSI_NO_UNIT",
    why === "" ? "the target has no logical unit" : `the target has no usable disk; ${why}`,
    { details: { skipped }, hint: "Map a disk to this initiator, or connect to another target." },
  );
}

/**
 * Asks a target what it is: REPORT LUNS, and of each disk INQUIRY, READ CAPACITY, VPD pages and the operating parameters
 * of its copy manager; limits for EXTENDED COPY and for token copies. Takes in the unit attentions of a new nexus.
 *
 * @throws FerryError `FERRY_SCSI_REFUSED`, `FERRY_SCSI_DATA` (what a unit says breaks a rule, which is named),
 * `FERRY_SCSI_NO_UNIT`, `FERRY_SCSI_DUPLICATE_DESIGNATOR`, `FERRY_SCSI_LIMIT`, and what the transport throws. The transport
 * is left open.
 */
export async function openScsiTarget(
  transport: Transport,
  options: ScsiTargetOptions = {},
): Promise<ScsiTarget> {
  const ask = asker(transport, options.signal);
  const luns = options.luns ?? (await lunsOf(ask));
  const facts: UnitFacts[] = [];
  const skipped: SkippedUnit[] = [];
  for (const lun of luns) {
    const found = await unitFacts(ask, lun);
    if (isFacts(found)) facts.push(found);
    else skipped.push(found);
  }
  const [first] = facts;
  if (first === undefined) throw noUnit(skipped);
  requireDistinct(facts);
  const profile = profileOf(options.profile, first);
  const source = { facts, profile, transport: transport.supports, softLimits: options.softLimits };
  const extendedCopy = extendedCopyPath(source, options.extendedCopy);
  const tokenCopy = tokenCopyPath(source, options.tokenCopy);
  const isUsable = (path: CopyPath): boolean =>
    path.units.some((unit) => unit.copyRefusal === undefined);
  const copy =
    options.copy ?? (isUsable(extendedCopy) || !isUsable(tokenCopy) ? "extended-copy" : "token");
  if (copy !== "extended-copy" && copy !== "token") {
    throw new RangeError(`copy must be extended-copy or token, not ${String(copy)}`);
  }
  const chosen = copy === "token" ? tokenCopy : extendedCopy;
  return {
    name: `${first.inquiry.vendor.trim()} ${first.inquiry.product.trim()}`,
    profile,
    copy,
    commandSet: chosen.commandSet,
    units: chosen.units,
    copiesMax: chosen.copiesMax,
    extendedCopy,
    tokenCopy,
    skipped,
    close: () => transport.close(),
  };
}
