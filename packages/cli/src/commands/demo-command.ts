import type { Command } from "commander";
import { act, type Context } from "../context.ts";

export function defineDemo(program: Command, context: Context): void {
  program
    .command("demo")
    .summary("watch copies inside an emulated namespace, each proven by its blocks")
    .description(
      "Make a sparse 1 GiB image with labelled blocks in a temporary folder, copy scattered extents inside it with each strategy, and verify every copy independently. Leaves nothing behind.",
    )
    .action(() =>
      act(context, "normal", async () => {
        const { runDemo } = await import("./run-demo.ts");
        return runDemo(context.surroundings, context.color);
      }),
    );
}
