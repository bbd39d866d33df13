import type { CommandTarget } from "@blockferry/core";
import type { CommandBounds } from "@blockferry/core/plan";
import type { CommandTags, CommandTemplates, EncodableNamespace } from "./command-templates.ts";
import type { ListForm } from "./list-form.ts";

/** A namespace as the encoder knows it under a device number. */
export interface BoundNamespace {
  readonly nsid: number;
  readonly namespace: EncodableNamespace;
  readonly templates: CommandTemplates;
  readonly tags: CommandTags | undefined;
  readonly bounds: CommandBounds;
  readonly form: ListForm;
  /** True: copies carry tags or may have to name their sources. */
  isSpecial: boolean;
}

/** True for what a queue of this command set can be put in front of. */
export function isEncodable(target: CommandTarget): target is CommandTarget & EncodableNamespace {
  return target.family === "nvme" && "nsid" in target && "copyFormats" in target;
}
