/** What a field's bytes mean, for people. */
export interface Annotation {
  /** Field name; entries of arrays are written `lbaf[3].lbads`. */
  readonly field: string;
  /** The position as the standard writes it. */
  readonly at: string;
  /** Offset of the field's first byte in the bytes given. */
  readonly byte: number;
  /** The bytes that hold the field, in wire order; neighbours within a shared byte show too. */
  readonly hex: string;
  /** The value, if the bytes give one; a bigint where no number can hold it. */
  readonly value?: number | bigint | boolean | string | readonly number[];
  /** Name of the value, if it has one. */
  readonly label?: string;
  readonly meaning: string;
  /** The rule that the bytes break. */
  readonly violated?: string;
}
