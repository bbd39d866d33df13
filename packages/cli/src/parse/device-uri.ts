import { FerryError } from "@blockferry/core";

/** A device URI taken apart: `scheme:path?name=value&…`, or `/dev/name?name=value&…`, whose scheme is `dev`. */
export interface DeviceUri {
  readonly text: string;
  readonly scheme: string;
  /** Decoded; empty where the device has no path. */
  readonly path: string;
  /** Decoded, in their order. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

function refuse(text: string, why: string, hint: string): FerryError {
  return new FerryError("FERRY_URI_SYNTAX", `"${text}" is not a device URI: ${why}`, {
    details: { text },
    hint,
  });
}

function decode(part: string, text: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse(text, `"${part}" has a % that begins no %XX`, "write a % of a name as %25");
  }
}

function parameter(pair: string, text: string): [string, string] {
  const equals = pair.indexOf("=");
  if (equals < 1) {
    throw refuse(
      text,
      `"${pair}" is not NAME=VALUE`,
      "quote the URI: shells take ? and & for theirs",
    );
  }
  return [decode(pair.slice(0, equals), text), decode(pair.slice(equals + 1), text)];
}

/**
 * Takes a device URI apart. What a scheme makes of path and parameters is its own.
 *
 * @throws FerryError `FERRY_URI_SYNTAX`
 */
export function parseDeviceUri(text: string): DeviceUri {
  const prefixed = text.startsWith("/dev/") ? `dev:${text}` : text;
  const match = /^([a-z][a-z0-9+.-]*):([^?]*)(?:\?(.*))?$/s.exec(prefixed);
  if (match === null) {
    throw refuse(
      text,
      "it has no scheme",
      `for an image write nvme-model:${text}, for a file that the kernel copies in file:${text}`,
    );
  }
  const [, scheme, path, query = ""] = match;
  return {
    text,
    scheme,
    path: decode(path, text),
    parameters: query === "" ? [] : query.split("&").map((pair) => parameter(pair, text)),
  };
}
