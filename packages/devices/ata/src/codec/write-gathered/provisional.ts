import type { ProfileProvenance, WriteGatheredProfile } from "./profile.ts";

const words: Readonly<Record<ProfileProvenance, string>> = {
  standard: "from the standard, as its author says",
  secondary: "Provisional (secondary source)",
  invented: "Provisional (invented)",
};

/** How sure the bytes of a profile are, in a few words: stands wherever they show. */
export function provisionalLabel(profile: WriteGatheredProfile): string {
  return `${words[profile.provenance]}: ${profile.id}`;
}

/** The same, with what the profile rests on. */
export function provisionalText(profile: WriteGatheredProfile): string {
  return `${provisionalLabel(profile)}. ${profile.note}`;
}

/** True unless the profile claims to be from the standard's text. */
export function isProvisional(profile: WriteGatheredProfile): boolean {
  return profile.provenance !== "standard";
}
