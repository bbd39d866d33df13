/*
 * Plan, encode and complete copies, as plainly and as fast as C does it: split source ranges at the limits, write
 * NVMe Copy commands and range lists into queue memory, answer them as a device, decode the answers, count down the
 * copies. Queue memory starts as templates, so only words that differ between commands are written.
 *
 * plan RANGES BLOCKS MSSRL MCL MSRC DEPTH LIST_BYTES SECONDS
 */
#include "cpu-seconds.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 16
#define CHECKED 1000
#define RANGES_MAX 256
#define COPIES 1024

struct range {
  uint64_t lba;
  uint32_t blocks;
};

static uint32_t mssrl, mcl, msrc, depth, list_words, generation_shift;
static uint32_t *commands, *lists, *completions;
static uint16_t *unused, *pending, *owner, *generation;
static uint32_t unused_count, pending_count;
static int32_t left_of[COPIES];
static uint64_t ended, commands_sent;
static uint32_t state = 12345, sum = 2166136261u;
static int summing;

static inline uint32_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static void add_to_sum(const void *bytes, uint32_t length) {
  const uint8_t *p = bytes;
  for (uint32_t i = 0; i < length; i++) sum = (sum ^ p[i]) * 16777619u;
}

static inline uint16_t begin(uint32_t copy) {
  uint16_t slot = unused[--unused_count];
  owner[slot] = (uint16_t)copy;
  left_of[copy]++;
  return slot;
}

static inline void send(uint16_t slot, uint64_t destination, uint32_t ranges) {
  uint32_t *sqe = commands + slot * 16u;
  sqe[0] = 0x4019u | (uint32_t)slot << 16 | (uint32_t)generation[slot]++ << generation_shift;
  sqe[8] = ranges * 32;
  sqe[10] = (uint32_t)destination;
  sqe[11] = (uint32_t)(destination >> 32);
  sqe[12] = ranges - 1;
  if (summing) {
    add_to_sum(sqe, 64);
    add_to_sum(lists + slot * list_words, ranges * 32);
  }
  pending[pending_count++] = slot;
  commands_sent++;
}

static void submit(uint32_t copy, uint64_t destination, const struct range *sources, uint32_t count) {
  uint32_t ranges = 0, blocks = 0;
  uint16_t slot = begin(copy);
  uint32_t *entry = lists + slot * list_words;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t lba = sources[i].lba;
    uint32_t left = sources[i].blocks;
    while (left != 0) {
      if (ranges == msrc || blocks == mcl) {
        send(slot, destination, ranges);
        destination += blocks;
        ranges = 0;
        blocks = 0;
        slot = begin(copy);
        entry = lists + slot * list_words;
      }
      uint32_t piece = left < mssrl ? left : mssrl;
      if (piece > mcl - blocks) piece = mcl - blocks;
      entry[2] = (uint32_t)lba;
      entry[3] = (uint32_t)(lba >> 32);
      entry[4] = piece - 1;
      entry += 8;
      ranges++;
      blocks += piece;
      lba += piece;
      left -= piece;
    }
  }
  send(slot, destination, ranges);
}

/* The device answers everything with success, the host takes the answers. */
static void complete(void) {
  uint32_t count = pending_count;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t *cqe = completions + pending[i] * 4u;
    cqe[0] = 0;
    cqe[1] = 0;
    cqe[2] = i;
    cqe[3] = commands[pending[i] * 16u] >> 16 | 1u << 16;
  }
  pending_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint16_t slot = pending[i];
    uint32_t word = completions[slot * 4u + 3];
    if ((uint16_t)word != commands[slot * 16u] >> 16 || word >> 17 != 0) abort();
    unused[unused_count++] = slot;
    if (--left_of[owner[slot]] == 0) ended++;
  }
}

static void run(long copies, uint32_t count, uint32_t blocks) {
  struct range sources[RANGES_MAX];
  for (long copy = 0; copy < copies; copy++) {
    uint32_t random = next_random();
    for (uint32_t i = 0; i < count; i++) {
      uint32_t low = random + i * 2654435761u;
      sources[i].lba = (uint64_t)(random & 0xffff) << 32 | low;
      sources[i].blocks = blocks;
    }
    uint64_t destination = (uint64_t)(random >> 16) << 32 | (random ^ 0x5bd1e995u);
    submit((uint32_t)copy % COPIES, destination, sources, count);
    if (copy % BATCH == BATCH - 1) complete();
  }
  complete();
}

static void *words(size_t count) {
  void *memory = aligned_alloc(64, (count * 4 + 63) / 64 * 64);
  if (memory == NULL) abort();
  return memset(memory, 0, count * 4);
}

static void prepare(uint32_t list_bytes) {
  list_words = list_bytes / 4;
  commands = words(depth * 16u);
  lists = words((size_t)depth * list_words);
  completions = words(depth * 4u);
  unused = words(depth);
  pending = words(depth);
  owner = words(depth);
  generation = words(depth);
  generation_shift = 16;
  for (uint32_t d = depth; d != 0; d >>= 1) generation_shift++;
  for (uint32_t slot = 0; slot < depth; slot++) {
    unused[unused_count++] = (uint16_t)(depth - 1 - slot);
    commands[slot * 16u + 1] = 1;
    commands[slot * 16u + 9] = 0x5a000000u;
  }
}

int main(int argc, char **argv) {
  if (argc != 9) return 2;
  uint32_t count = (uint32_t)atoi(argv[1]), blocks = (uint32_t)atoi(argv[2]);
  mssrl = (uint32_t)atoi(argv[3]);
  mcl = (uint32_t)atoi(argv[4]);
  msrc = (uint32_t)atoi(argv[5]);
  depth = (uint32_t)atoi(argv[6]);
  prepare((uint32_t)atoi(argv[7]));
  double seconds = atof(argv[8]);
  summing = 1;
  run(CHECKED, count, blocks);
  summing = 0;
  uint64_t commands_checked = commands_sent;
  run(100000, count, blocks);
  ended = 0;
  long step = 16384, copies = 0;
  double start = cpu_seconds(), used = 0;
  do {
    run(step, count, blocks);
    copies += step;
    used = cpu_seconds() - start;
  } while (used < seconds);
  if ((long)ended != copies) abort();
  printf("{\"checksum\":\"%08x\",\"commands\":%lu,\"operations\":%ld,\"cpuSeconds\":%.6f}\n", sum,
         (unsigned long)commands_checked, copies, used);
  return 0;
}
