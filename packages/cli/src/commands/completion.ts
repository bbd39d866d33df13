import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/** Adds `completion SHELL`, and the hidden command that its scripts call. */
export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: "completion" });
}
