/** Where text goes. */
export interface Output {
  /** Writes at once; false when nobody reads any more (EPIPE), after which nothing is written. */
  write(text: string): boolean;
  readonly isTerminal: boolean;
  /** Width of the terminal. */
  readonly columns: number;
}

/** All that a command takes from its process. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The module that threads of the explorer run. */
  readonly explorerThread: URL;
  /** Calls `handler` at each of these signals until the returned function is called. */
  onSignal(signal: NodeJS.Signals, handler: () => void): () => void;
}
