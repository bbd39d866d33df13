const brand: unique symbol = Symbol.for("@blockferry/core/ferry-error") as never;

/** What a `FerryError` carries beside its code and message: plain data that survives `JSON.stringify`. */
export type FerryErrorDetails = Readonly<Record<string, unknown>>;

export interface FerryErrorOptions {
  readonly cause?: unknown;
  readonly details?: FerryErrorDetails;
  /** What the user can do about it, one sentence. */
  readonly hint?: string;
}

/**
 * An operation failed. A device's refusal is not a `FerryError`: it is a value in the result.
 *
 * `code` has the form `FERRY_<AREA>_<CONDITION>` and is stable within a major version; messages are not.
 */
export class FerryError extends Error {
  readonly code: string;
  readonly details: FerryErrorDetails;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: FerryErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "FerryError";
    this.code = code;
    this.details = options.details ?? {};
    this.hint = options.hint;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Recognises a `FerryError` of any installed copy of this package. */
export function isFerryError(value: unknown): value is FerryError {
  return typeof value === "object" && value !== null && brand in value;
}
