import { FerryError } from "@blockferry/core";
import { requireLinux } from "@blockferry/linux";
import { deviceNode } from "@blockferry/transport-linux";
import type { DeviceUri } from "../parse/device-uri.ts";
import {
  type LinuxDeviceParameters,
  linuxDeviceParameterNames,
  linuxDeviceParameters,
} from "../schema/linux-device-parameters.ts";
import { checkParameters } from "../schema/uri-parameters.ts";
import { openLinuxAta } from "./linux-ata.ts";
import { openLinuxNvme } from "./linux-nvme.ts";
import { openLinuxScsi } from "./linux-scsi.ts";
import type { OpenedScheme, PreparedScheme, SchemeOptions } from "./scheme.ts";

/** Parameters that the devices of a family have. */
const known: Readonly<Record<"nvme" | "scsi", RegExp>> = {
  nvme: /^(depth|ns\d+)$/,
  scsi: /^(depth|copy|profile|gathered|provisional|lun\d+)$/,
};

function requireKnown(uri: DeviceUri, family: "nvme" | "scsi"): void {
  for (const [name] of uri.parameters) {
    if (known[family].test(name)) continue;
    throw new FerryError(
      "FERRY_URI_PARAMETER",
      `${uri.path}: parameter "${name}" is not for ${family}`,
      {
        details: { uri: uri.text, parameter: name, family },
      },
    );
  }
}

async function open(
  uri: DeviceUri,
  parameters: LinuxDeviceParameters,
  options: SchemeOptions,
): Promise<OpenedScheme> {
  // Where there is no Linux, that is what is wrong, and not the path.
  requireLinux();
  const { family } = deviceNode(uri.path);
  if (family === "block") {
    throw new FerryError("FERRY_TRANSPORT_NO_DEVICE", `${uri.path} takes no copy commands`, {
      details: { path: uri.path },
      hint: `file:${uri.path} with --emulate copies in it through the host`,
    });
  }
  requireKnown(uri, family);
  if (family === "nvme") return openLinuxNvme(uri, parameters, options);
  const isAta = parameters.gathered !== undefined || parameters.provisional !== undefined;
  return isAta ? openLinuxAta(uri, parameters, options) : openLinuxScsi(uri, parameters, options);
}

/** Checks the URI of a real device: `/dev/nvme0n1`, `/dev/ng0n1`, `/dev/sda`, `/dev/sg0`. */
export function prepareLinuxDevice(uri: DeviceUri): PreparedScheme {
  const parameters = checkParameters(uri, linuxDeviceParameters, linuxDeviceParameterNames, []);
  return { open: (options) => open(uri, parameters, options) };
}
