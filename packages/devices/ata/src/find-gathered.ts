import type { Transport } from "@blockferry/core";
import type { EmulationPage } from "./codec/logs/emulation-page.ts";
import { pagesOfLog } from "./codec/logs/log-directory.ts";
import { writeGatheredProfiles } from "./codec/write-gathered/built-in-profiles.ts";
import type { GatheredLimits, WriteGatheredProfile } from "./codec/write-gathered/profile.ts";
import { type ProvisionalUse, requireOwnProfile } from "./provisional-use.ts";
import { type Logs, readLogPage } from "./read-log.ts";

/** WRITE GATHERED EXT of a disk: the profile to send it by, and what the device allows. */
export interface GatheredOfDevice {
  readonly profile: WriteGatheredProfile;
  readonly limits: GatheredLimits;
  readonly isQueued: boolean;
}

/** WRITE GATHERED EXT of an emulated disk, or why it cannot be used. */
export function gatheredOfEmulation(
  page: EmulationPage,
  own: WriteGatheredProfile | undefined,
): GatheredOfDevice | string {
  if (!page.writeGathered) return "the emulated disk has no WRITE GATHERED EXT";
  const builtIn = Object.values(writeGatheredProfiles).find((one) => one.id === page.profile);
  const profile = own ?? builtIn;
  if (profile === undefined) {
    return `the emulated disk follows profile ${page.profile}, which the caller did not bring`;
  }
  if (profile.id !== page.profile || profile.command !== page.command) {
    return `the emulated disk follows profile ${page.profile}, not ${profile.id}`;
  }
  const { entriesMax: entries, entryBlocksMax: blocksPerEntry, blocksMax: blocks } = page;
  return { profile, limits: { entries, blocksPerEntry, blocks }, isQueued: page.queued };
}

/**
 * WRITE GATHERED EXT of any other disk, or why it is not used.
 * @throws FerryError `FERRY_ATA_PROVISIONAL` where the caller asks for it by half.
 */
export async function gatheredOfDisk(
  transport: Transport,
  name: string,
  logs: Logs | undefined,
  use: ProvisionalUse & { readonly signal?: AbortSignal },
): Promise<GatheredOfDevice | string> {
  if (use.profile === undefined && use.allowProvisional !== true) {
    return "the bytes of WRITE GATHERED EXT are not public: to a disk that is not emulated it goes only by a profile of the caller's";
  }
  const profile = requireOwnProfile(name, use);
  const { capability } = profile;
  if (capability !== null) {
    const { log, page, byte, bit } = capability;
    const none = `${name} does not say that it has WRITE GATHERED EXT (log ${log}, page ${page})`;
    if (logs === undefined || pagesOfLog(logs.directory, log) <= page) return none;
    const bytes = await readLogPage(transport, logs.isDma, log, page, use.signal);
    if (bytes === undefined || ((bytes[byte] >> bit) & 1) === 0) return none;
  }
  return { profile, limits: profile.limits, isQueued: profile.queued !== null };
}
