import { FerryError } from "@blockferry/core";
import {
  ddptTokenLines,
  ddptTokenWarning,
  ddptXcopyLines,
  type SgLineOptions,
  sgXcopyLines,
} from "@blockferry/device-scsi";
import type { PlanTool } from "../commands/plan-command.ts";
import type { EncodedCommand, EncodedPlan } from "./encoded-commands.ts";
import { nvmeCliLine } from "./nvme-cli-line.ts";

function refuse(command: EncodedCommand, tool: string, hint?: string): FerryError {
  return new FerryError("FERRY_OPTION_VALUE", `${tool} cannot copy ${command.device.name}`, {
    ...(hint === undefined ? {} : { hint }),
  });
}

function sgOptions(command: EncodedCommand, tool: string): SgLineOptions {
  const luns = command.devices.map(({ target }) =>
    target.family === "scsi" && "lun" in target ? Number(target.lun) : undefined,
  );
  return {
    bytesPerBlock: command.device.bytesPerBlock,
    nodeOf(device) {
      const lun = luns[device];
      if (lun === undefined) throw refuse(command, tool, "it copies between SCSI logical units");
      return `/dev/sg${lun}`;
    },
  };
}

function* linesOf(tool: PlanTool, command: EncodedCommand): Generator<string> {
  const { segments } = command.planned;
  if (tool === "nvme-cli") {
    yield nvmeCliLine(command);
    return;
  }
  const options = sgOptions(command, tool);
  const isToken = command.device.limits.copyShape === "token";
  if (tool === "sg_xcopy") {
    if (isToken) throw refuse(command, tool, "it has no token copies; --as ddpt has");
    yield* sgXcopyLines(segments, options);
  } else yield* isToken ? ddptTokenLines(segments, options) : ddptXcopyLines(segments, options);
}

/** A plan as command lines of another tool. */
export function* toolLines(tool: PlanTool, plan: EncodedPlan): Generator<string> {
  let isFirst = true;
  for (const command of plan.commands()) {
    if (isFirst && tool === "ddpt" && command.device.limits.copyShape === "token") {
      yield `# ${ddptTokenWarning}`;
    }
    isFirst = false;
    yield* linesOf(tool, command);
  }
}
