/* Linked to a program that somebody else generates: prints the CPU time it took when it ends. */
#include <stdio.h>
#include "cpu-seconds.h"

__attribute__((destructor)) static void report(void) {
  printf("CPU seconds: %.3f\n", cpu_seconds());
}
