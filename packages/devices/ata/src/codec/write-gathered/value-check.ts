/** What is wrong with one value of a document. */
export interface ProfileProblem {
  /** Where it is, such as `list.entry.lba.byte`; empty for the document itself. */
  readonly path: string;
  readonly message: string;
}

/** Collects what is wrong with the values of a document of plain JSON. */
export interface ValueCheck {
  readonly problems: ProfileProblem[];
  fail(path: string, message: string): void;
  /** The members of an object; problems are noted for other members and for missing ones. */
  object(path: string, value: unknown, names: readonly string[]): Record<string, unknown>;
  whole(path: string, value: unknown, min: number, max: number): number;
  oneOf(path: string, value: unknown, allowed: readonly string[]): void;
}

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value;
}

export function valueCheck(): ValueCheck {
  const problems: ProfileProblem[] = [];
  const fail = (path: string, message: string): void => {
    problems.push({ path, message });
  };
  return {
    problems,
    fail,
    object(path, value, names) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        fail(path, `must be an object, not ${kindOf(value)}`);
        return {};
      }
      const members = value as Record<string, unknown>;
      for (const name of names) {
        if (!Object.hasOwn(members, name)) fail(join(path, name), "is missing");
      }
      for (const name of Object.keys(members)) {
        if (!names.includes(name)) fail(join(path, name), `is not one of ${names.join(", ")}`);
      }
      return members;
    },
    whole(path, value, min, max) {
      if (value === undefined) return Number.NaN;
      if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
        return value;
      }
      const shown = typeof value === "number" ? value : kindOf(value);
      fail(path, `must be a whole number from ${min} to ${max}, not ${shown}`);
      return Number.NaN;
    },
    oneOf(path, value, allowed) {
      if (value === undefined || allowed.includes(value as string)) return;
      const shown = typeof value === "string" ? JSON.stringify(value) : kindOf(value);
      fail(path, `must be one of ${allowed.join(", ")}, not ${shown}`);
    },
  };
}
