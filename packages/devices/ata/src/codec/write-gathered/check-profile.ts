import { FerryError } from "@blockferry/core";
import type { WriteGatheredProfile } from "./profile.ts";
import { profileSchema } from "./profile-schema.ts";

/** What is wrong with one value of a profile. */
export interface ProfileProblem {
  /** Where it is, such as `list.entry.lba.byte`; empty for the profile itself. */
  readonly path: string;
  readonly message: string;
}

type Result =
  | { readonly ok: true; readonly profile: WriteGatheredProfile }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] };

type Path = readonly PropertyKey[];

/** True if there is no such member in a document. */
function isMissing(document: unknown, path: Path): boolean {
  let value = document;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return true;
    value = (value as Record<PropertyKey, unknown>)[name];
  }
  return value === undefined;
}

/** Checks a profile that came from outside, such as from a JSON file. Never throws. */
export function checkProfile(value: unknown): Result {
  const parsed = profileSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return { ok: true, profile: parsed.data };
  const problems = parsed.error.issues.flatMap((issue): ProfileProblem[] => {
    const at = (path: Path): string => path.map(String).join(".");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ path: at([...issue.path, key]), message: issue.message }));
    }
    const missing = issue.path.length > 0 && isMissing(value, issue.path);
    return [{ path: at(issue.path), message: missing ? "is missing" : issue.message }];
  });
  return { ok: false, problems };
}

/**
 * The profile in a value that came from outside.
 * @throws FerryError `FERRY_ATA_PROFILE` that names everything that is wrong.
 */
export function parseProfile(value: unknown): WriteGatheredProfile {
  const result = checkProfile(value);
  if (result.ok) return result.profile;
  const lines = result.problems.map(({ path, message }) => `${path || "the profile"} ${message}`);
  throw new FerryError("FERRY_ATA_PROFILE", `not a WRITE GATHERED profile: ${lines.join("; ")}`, {
    details: { problems: result.problems.map((one) => ({ ...one })) },
    hint: "Start from a copy of a built-in profile (writeGatheredProfiles).",
  });
}
