import { createColors } from "picocolors";
import type { Output, Surroundings } from "./surroundings.ts";

export type ColorWhen = "auto" | "always" | "never";

/** Colours by meaning; each gives its text unchanged where there are none. */
export interface Colors {
  good(text: string): string;
  bad(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

/** Colours for an output: on terminals, unless NO_COLOR (https://no-color.org) or `TERM=dumb` says no. */
export function colorsFor(output: Output, { env }: Surroundings, when: ColorWhen): Colors {
  const isForbidden = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  const isOn = when === "always" || (when === "auto" && output.isTerminal && !isForbidden);
  const { green, red, bold, dim } = createColors(isOn);
  return { good: green, bad: red, strong: bold, faint: dim };
}
