import type { Coder } from "./coder.ts";
import type { Decoded } from "./decoded.ts";
import type { BoundField } from "./field.ts";

/**
 * Encodes and decodes by walking the table. This is the meaning of a table: the compiled coder
 * falls back to it for everything that is not plainly valid, and where code generation is
 * forbidden it does all the work.
 */
export function interpret(name: string, fields: readonly BoundField[]): Coder {
  const valued = new Map(fields.filter((f) => f.valued).map((f) => [f.name, f]));

  function refuseUnknown(value: Record<string, unknown>): void {
    for (const key in value) {
      if (valued.has(key)) continue;
      const known = [...valued.keys()].join(", ");
      throw new TypeError(`${name}: there is no field ${JSON.stringify(key)}; it has ${known}`);
    }
  }

  function checkOne(field: BoundField, value: Record<string, unknown>): unknown {
    if (!field.valued) return field.absent;
    const given = value[field.name];
    return given === undefined && field.absent !== undefined ? field.absent : field.check(given);
  }

  return {
    encode(value, bytes, offset): void {
      if (typeof value !== "object" || value === null) {
        throw new TypeError(`${name}: the value to encode must be an object, not ${String(value)}`);
      }
      const given = value as Record<string, unknown>;
      refuseUnknown(given);
      // All checks come first, so that a refused value leaves the target as it was.
      const checked = fields.map((field) => checkOne(field, given));
      fields.forEach((field, index) => {
        field.write(bytes, offset, checked[index]);
      });
    },
    decode(bytes, offset, lenient): Decoded<unknown> {
      const value: Record<string, unknown> = {};
      for (const field of fields) {
        const reading = field.read(bytes, offset, lenient);
        if (reading.violated !== undefined) {
          return { ok: false, violated: reading.violated, field: reading.field };
        }
        if (field.valued) value[field.name] = reading.value;
      }
      return { ok: true, value };
    },
  };
}
