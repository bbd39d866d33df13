import type { Scheduler, StepRunner } from "@blockferry/core";

/** The scheduler of production: steps run in the order of posting, at once. Steps that a step posts run after it. */
export function inOrder(): Scheduler {
  return new InOrder();
}

class InOrder implements Scheduler {
  private run: StepRunner = () => {};
  private steps = new Int32Array(2048);
  private head = 0;
  private tail = 0;
  private running = false;

  attach(run: StepRunner): void {
    this.run = run;
  }

  post(kind: number, subject: number, _lane: number): void {
    const steps = this.steps;
    const tail = this.tail;
    steps[tail] = kind;
    steps[tail + 1] = subject;
    const next = (tail + 2) & (steps.length - 1);
    this.tail = next;
    if (next === this.head) this.grow();
  }

  private grow(): void {
    const grown = new Int32Array(this.steps.length * 2);
    grown.set(this.steps.subarray(this.head));
    grown.set(this.steps.subarray(0, this.head), this.steps.length - this.head);
    this.tail = this.steps.length;
    this.head = 0;
    this.steps = grown;
  }

  drain(): void {
    if (this.running) return;
    this.running = true;
    try {
      while (this.head !== this.tail) {
        const head = this.head;
        const kind = this.steps[head];
        const subject = this.steps[head + 1];
        this.head = (head + 2) & (this.steps.length - 1);
        this.run(kind, subject);
      }
    } finally {
      this.running = false;
    }
  }
}
