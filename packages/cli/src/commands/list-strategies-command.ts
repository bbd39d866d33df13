import type { Command } from "commander";
import { act, type Context } from "../context.ts";
import { outputOption } from "./device-options.ts";

export function defineListStrategies(program: Command, context: Context): void {
  program
    .command("list-strategies")
    .summary("list the ways of pairing source and destination")
    .description("List the strategies, what each survives, and the options it takes.")
    .addOption(outputOption(["normal", "json"]))
    .action((options: { readonly output: "normal" | "json" }) =>
      act(context, options.output, async () => {
        const { runListStrategies } = await import("./run-list-strategies.ts");
        return runListStrategies(options.output, context.surroundings);
      }),
    );
}
