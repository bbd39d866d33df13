import { FerryError } from "@blockferry/core";
import { isBuiltInProfile } from "./codec/write-gathered/built-in-profiles.ts";
import type { WriteGatheredProfile } from "./codec/write-gathered/profile.ts";
import { provisionalText } from "./codec/write-gathered/provisional.ts";

/** What a caller says about WRITE GATHERED EXT on a disk that is not emulated. */
export interface ProvisionalUse {
  /** The caller's own profile, or for an emulated disk one that comes with this package. */
  readonly profile?: WriteGatheredProfile | undefined;
  /**
   * Send the command to a disk that is not emulated, although nothing public confirms its bytes. Needs a `profile` of the
   * caller's own. A wrong guess may destroy data. Default false.
   */
  readonly allowProvisional?: boolean | undefined;
}

/**
 * Refuses to send WRITE GATHERED EXT to a disk that is not emulated, unless the caller brings a profile and says so.
 * @throws FerryError `FERRY_ATA_PROVISIONAL`
 */
export function requireOwnProfile(name: string, use: ProvisionalUse): WriteGatheredProfile {
  const { profile, allowProvisional } = use;
  if (profile === undefined || isBuiltInProfile(profile)) {
    const which = profile === undefined ? "" : ` (${provisionalText(profile)})`;
    throw new FerryError(
      "FERRY_ATA_PROVISIONAL",
      `${name} is not emulated, and the bytes of WRITE GATHERED EXT are not public${which}`,
      {
        hint: "Bring a profile of your own, made from the standard, and allowProvisional: true.",
        details: { profile: profile?.id ?? null },
      },
    );
  }
  if (allowProvisional !== true) {
    throw new FerryError(
      "FERRY_ATA_PROVISIONAL",
      `${name} is not emulated; profile ${profile.id} is sent to it only with allowProvisional: true`,
      { hint: "Try it on a disk whose data may be lost.", details: { profile: profile.id } },
    );
  }
  return profile;
}
