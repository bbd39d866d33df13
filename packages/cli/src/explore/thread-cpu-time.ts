import { readFileSync } from "node:fs";

/** Node 23.9 and later. */
type ThreadCpuUsage = { readonly threadCpuUsage?: () => { user: number; system: number } };

/** CPU time of this thread in ms. Where nothing tells it, that of the process. */
export function threadCpuMs(): number {
  const { threadCpuUsage } = process as ThreadCpuUsage;
  if (threadCpuUsage === undefined) {
    try {
      // proc(5): nanoseconds on a CPU, then two further numbers.
      const text = readFileSync("/proc/thread-self/schedstat", "latin1");
      return Number.parseInt(text, 10) / 1e6;
    } catch {
      // No Linux, or a kernel without it.
    }
  }
  const { user, system } = threadCpuUsage?.call(process) ?? process.cpuUsage();
  return (user + system) / 1000;
}
