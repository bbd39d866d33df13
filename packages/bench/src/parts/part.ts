import type { Row } from "../report/document.ts";
import type { CPrograms } from "./c-programs.ts";

/** What a part is given. */
export interface PartContext {
  /** Shorter measurements and smaller files. */
  readonly quick: boolean;
  readonly rounds: number;
  /** The C loops, or why there are none. */
  readonly programs: CPrograms | string;
  add(...rows: readonly Row[]): void;
  skip(why: string): void;
  /** Says what is going on. */
  progress(text: string): void;
}

/** One of the things that can be measured by itself. */
export interface Part {
  readonly name: string;
  readonly title: string;
  run(context: PartContext): Promise<void>;
}
