import type { TargetProfile } from "./profile.ts";
import { ctl } from "./profile-ctl.ts";
import { ideal } from "./profile-ideal.ts";
import { lio } from "./profile-lio.ts";
import { scst } from "./profile-scst.ts";

/** Names of the targets whose documented behaviour the model can show. */
export type ProfileName = "ideal" | "lio" | "scst" | "ctl";

export const profiles: Readonly<Record<ProfileName, TargetProfile>> = { ideal, lio, scst, ctl };

/** The profile of that name, or the given one. @throws RangeError for a name that is none. */
export function profileOf(profile: ProfileName | TargetProfile = "ideal"): TargetProfile {
  const found = typeof profile === "string" ? profiles[profile] : profile;
  if (found === undefined) {
    const names = Object.keys(profiles).join(", ");
    throw new RangeError(`profile must be one of ${names}, not ${String(profile)}`);
  }
  return found;
}
