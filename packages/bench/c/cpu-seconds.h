#ifndef CPU_SECONDS_H
#define CPU_SECONDS_H
#include <time.h>

/* CPU time of this process, as process.cpuUsage() of Node has it. */
static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
