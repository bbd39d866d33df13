import type { BlockRange } from "@blockferry/core";
import { type Annotation, type Decoded, toHex } from "@blockferry/core/bytes";
import { registerHostToDevice } from "../fis/register-host-to-device.ts";
import { decodeTaskFile } from "../task-file.ts";
import { checkGatheredTaskFile } from "./command.ts";
import { readPlace } from "./field-bytes.ts";
import { decodeGatheredList } from "./list.ts";
import type { FieldPlace, WriteGatheredProfile } from "./profile.ts";
import { provisionalLabel, provisionalText } from "./provisional.ts";

/** A WRITE GATHERED EXT command with its list. */
export interface WriteGathered {
  /** How sure all of this is: stands wherever it shows. */
  readonly provisional: string;
  readonly form: "plain" | "queued";
  readonly destination: number;
  readonly sources: readonly BlockRange[];
}

/** Decodes a command's FIS and list by a profile. Never throws. */
export function decodeWriteGathered(
  profile: WriteGatheredProfile,
  fis: Uint8Array,
  list: Uint8Array,
): Decoded<WriteGathered> {
  const taskFile = decodeTaskFile(fis);
  if (!taskFile.ok) return taskFile;
  const form = checkGatheredTaskFile(profile, taskFile.value);
  if (!form.ok) return form;
  const sources = decodeGatheredList(profile, list);
  if (!sources.ok) return sources;
  const value = {
    provisional: provisionalText(profile),
    form: form.value,
    destination: taskFile.value.lba,
    sources: sources.value,
  };
  return { ok: true, value };
}

function placeAnnotation(
  field: string,
  bytes: Uint8Array,
  at: number,
  place: FieldPlace,
  isLittle: boolean,
  meaning: string,
): Annotation {
  const byte = at + place.byte;
  const end = byte + place.bytes;
  const hex = toHex(bytes.subarray(byte, end));
  const base = { field, at: `bytes ${byte}..${end - 1}`, byte, hex, meaning };
  if (end > bytes.length)
    return { ...base, violated: `${field} is missing: the list is too short` };
  return { ...base, value: readPlace(bytes, at, place, isLittle) };
}

function profileAnnotation(profile: WriteGatheredProfile): Annotation {
  const { note } = profile;
  const value = provisionalLabel(profile);
  return { field: "profile", at: "", byte: 0, hex: "", value, meaning: note };
}

/** Explains a list of source ranges field by field, its profile first. Never throws. */
export function annotateGatheredList(
  profile: WriteGatheredProfile,
  bytes: Uint8Array,
): Annotation[] {
  const { header, entry, endian, zeroBlocks } = profile.list;
  const isLittle = endian === "little";
  const annotations = [profileAnnotation(profile)];
  const { entries = null, blocks = null } = header ?? {};
  if (entries !== null) {
    annotations.push(placeAnnotation("entries", bytes, 0, entries, isLittle, "number of entries"));
  }
  if (blocks !== null) {
    annotations.push(placeAnnotation("blocks", bytes, 0, blocks, isLittle, "blocks of all"));
  }
  for (let at = header?.bytes ?? 0, i = 0; at + entry.bytes <= bytes.length; at += entry.bytes) {
    const isEmpty = readPlace(bytes, at, entry.blocks, isLittle) === 0 && zeroBlocks === "skip";
    if (!isEmpty) {
      const name = `[${i}]`;
      annotations.push(
        placeAnnotation(`${name}.lba`, bytes, at, entry.lba, isLittle, "first source LBA"),
        placeAnnotation(`${name}.blocks`, bytes, at, entry.blocks, isLittle, "blocks"),
      );
    }
    i += 1;
  }
  return annotations;
}

/** Explains a command and its list field by field, the profile first. Never throws. */
export function annotateWriteGathered(
  profile: WriteGatheredProfile,
  fis: Uint8Array,
  list: Uint8Array,
): Annotation[] {
  const label = `WRITE GATHERED EXT, ${provisionalLabel(profile)}`;
  const registers = registerHostToDevice.annotate(fis).map((one) => {
    if (one.field !== "command" || one.value !== profile.command) return one;
    return { ...one, label };
  });
  return [...annotateGatheredList(profile, list).slice(0, 1), ...registers].concat(
    annotateGatheredList(profile, list).slice(1),
  );
}
