/** What a decoder says about bytes from outside: a value, "more bytes", or the broken rule. */
export type Decoded<T> = DecodedValue<T> | NeedMore | Violation;

export interface DecodedValue<T> {
  readonly ok: true;
  readonly value: T;
}

export interface NeedMore {
  readonly ok: false;
  /** How many further bytes are needed. */
  readonly need: number;
  readonly violated?: undefined;
  readonly field?: undefined;
}

export interface Violation {
  readonly ok: false;
  readonly need?: undefined;
  /** The rule that the bytes break, as a sentence that names the structure and the field. */
  readonly violated: string;
  /** The field that breaks it, such as `nr` or `lbaf[3].lbads`. */
  readonly field: string;
}

export interface DecodeOptions {
  /** Accept what the standard forbids but a value can still show: reserved bits that are set,
   * a different constant, characters outside ASCII. For captures. */
  readonly lenient?: boolean;
  /** Refuse bytes after the structure. */
  readonly exact?: boolean;
}
