/*
 * Pairing, as plainly and as fast as C does it: halves of 32 pairs at a time arrive in one of three orders and find each
 * other by a token (row and generation of a table), or come as one bio each that needs no partner; the pair is written
 * as an NVMe Copy command and its range.
 *
 * token: halves are arguments; what the first leaves behind stands in the token's row.
 * halves: halves are bios, rows of a table that are made, parked in the token's list, and ended after their pair.
 * bio: one bio holds both ends.
 *
 * pairing token|halves|bio adjacent|blocks|shuffled SECONDS
 */
#include "cpu-seconds.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS 32
#define ROWS 256
#define RING 1024
#define BLOCKS 8
#define CHECKED 1000

enum half { NONE, SOURCE, DESTINATION };

static int32_t commands[RING * 16], ranges[RING * 8];
static int32_t events[2 * PAIRS];
static int32_t unused[ROWS], generation[ROWS], low[ROWS], high[ROWS], blocks[ROWS];
static int32_t tokens[PAIRS];
static int8_t waits_for[ROWS];
static int32_t unused_count, head;
static uint32_t state = 777;
static uint64_t pairs;

static inline uint32_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static inline void encode(int32_t to_low, int32_t to_high, int32_t from_low, int32_t from_high, int32_t count) {
  int32_t *sqe = commands + head * 16, *entry = ranges + head * 8;
  head = (head + 1) & (RING - 1);
  sqe[10] = to_low;
  sqe[11] = to_high;
  sqe[12] = 0;
  entry[2] = from_low;
  entry[3] = from_high;
  entry[4] = count - 1;
  pairs++;
}

static void token_window(void) {
  int32_t random = (int32_t)next_random();
  for (int i = 0; i < PAIRS; i++) {
    int32_t row = unused[--unused_count];
    generation[row] = (generation[row] + 1) & 0x7fffff;
    waits_for[row] = NONE;
    tokens[i] = generation[row] << 8 | row;
  }
  for (int k = 0; k < 2 * PAIRS; k++) {
    int is_source = events[k] < 0;
    int i = is_source ? ~events[k] : events[k];
    int32_t row = tokens[i] & 255;
    if (generation[row] != tokens[i] >> 8) abort();
    int32_t own_low = is_source ? (int32_t)((uint32_t)random + (uint32_t)i * 4096) : random ^ i * 4096;
    int32_t own_high = is_source ? random & 0xffff : (int32_t)((uint32_t)random >> 16);
    if (waits_for[row] == NONE) {
      low[row] = own_low;
      high[row] = own_high;
      blocks[row] = BLOCKS;
      waits_for[row] = is_source ? DESTINATION : SOURCE;
      continue;
    }
    if ((waits_for[row] == SOURCE) != is_source || blocks[row] != BLOCKS) abort();
    waits_for[row] = NONE;
    unused[unused_count++] = row;
    if (is_source) encode(low[row], high[row], own_low, own_high, BLOCKS);
    else encode(own_low, own_high, low[row], high[row], BLOCKS);
  }
}

enum operation { BIO_SOURCE = 3, BIO_DESTINATION = 4 };

static int32_t bio_operation[ROWS], bio_chunk[ROWS], bio_low[ROWS], bio_high[ROWS], bio_blocks[ROWS];
static int32_t bio_offset[ROWS], bio_token[ROWS], bio_next[ROWS], bio_unused[ROWS], bio_unused_count;
static int32_t token_left[ROWS], token_bios[ROWS], token_head[ROWS], token_chunk[ROWS];
static int32_t made[2 * PAIRS];

static inline int32_t make_bio(int32_t operation, int32_t chunk, int32_t at_low, int32_t at_high, int32_t token) {
  int32_t bio = bio_unused[--bio_unused_count];
  bio_operation[bio] = operation;
  bio_chunk[bio] = chunk;
  bio_low[bio] = at_low;
  bio_high[bio] = at_high;
  bio_blocks[bio] = BLOCKS;
  bio_offset[bio] = 0;
  bio_token[bio] = token;
  return bio;
}

static void arrive_half(int32_t bio) {
  int32_t row = bio_token[bio] & 255;
  if (generation[row] != bio_token[bio] >> 8) abort();
  bio_next[bio] = token_head[row];
  token_head[row] = bio;
  token_bios[row]--;
  token_left[row] -= bio_blocks[bio];
  if (token_left[row] != 0) return;
  int32_t last = token_head[row], first = bio_next[last];
  int32_t source = bio_operation[last] == BIO_SOURCE ? last : first;
  int32_t destination = last == source ? first : last;
  if (token_bios[row] != 0) abort();
  encode(bio_low[destination], bio_high[destination], bio_low[source], bio_high[source], bio_blocks[source]);
}

static void halves_window(void) {
  int32_t random = (int32_t)next_random();
  for (int i = 0; i < PAIRS; i++) {
    int32_t row = unused[--unused_count];
    generation[row] = (generation[row] + 1) & 0x7fffff;
    tokens[i] = generation[row] << 8 | row;
    token_left[row] = 2 * BLOCKS;
    token_bios[row] = 2;
    token_head[row] = -1;
    token_chunk[row] = i;
    made[2 * i] = make_bio(BIO_SOURCE, i, (int32_t)((uint32_t)random + (uint32_t)i * 4096), random & 0xffff, tokens[i]);
    made[2 * i + 1] =
        make_bio(BIO_DESTINATION, i, random ^ i * 4096, (int32_t)((uint32_t)random >> 16), tokens[i]);
  }
  for (int k = 0; k < 2 * PAIRS; k++) arrive_half(made[events[k] < 0 ? 2 * ~events[k] : 2 * events[k] + 1]);
  for (int i = 0; i < PAIRS; i++) {
    int32_t row = tokens[i] & 255;
    for (int32_t bio = token_head[row]; bio >= 0; bio = bio_next[bio]) bio_unused[bio_unused_count++] = bio;
    unused[unused_count++] = row;
  }
}

static int32_t bio_to_low[ROWS], bio_to_high[ROWS];

static void bio_window(void) {
  int32_t random = (int32_t)next_random();
  for (int i = 0; i < PAIRS; i++) {
    int32_t row = unused[--unused_count];
    generation[row] = (generation[row] + 1) & 0x7fffff;
    low[row] = (int32_t)((uint32_t)random + (uint32_t)i * 4096);
    high[row] = random & 0xffff;
    blocks[row] = BLOCKS;
    bio_to_low[row] = random ^ i * 4096;
    bio_to_high[row] = (int32_t)((uint32_t)random >> 16);
    tokens[i] = generation[row] << 8 | row;
  }
  for (int k = 0; k < 2 * PAIRS; k++) {
    if (events[k] < 0) continue;
    int32_t token = tokens[events[k]], row = token & 255;
    if (generation[row] != token >> 8) abort();
    unused[unused_count++] = row;
    encode(bio_to_low[row], bio_to_high[row], low[row], high[row], blocks[row]);
  }
}

static void make_events(const char *order) {
  for (int i = 0; i < PAIRS; i++) {
    int together = strcmp(order, "blocks") != 0;
    events[together ? 2 * i : i] = i;
    events[together ? 2 * i + 1 : PAIRS + i] = ~i;
  }
  if (strcmp(order, "shuffled") != 0) return;
  uint32_t seed = 99;
  for (int i = 2 * PAIRS - 1; i > 0; i--) {
    seed = (seed * 1103515245u + 12345u) & 0x7fffffff;
    int j = (int)((seed >> 8) % (uint32_t)(i + 1));
    int32_t other = events[i];
    events[i] = events[j];
    events[j] = other;
  }
}

static uint32_t sum(void) {
  uint32_t value = 2166136261u;
  for (int i = 0; i < RING * 16; i++) value = (value ^ (uint32_t)commands[i]) * 16777619u;
  for (int i = 0; i < RING * 8; i++) value = (value ^ (uint32_t)ranges[i]) * 16777619u;
  return value;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  void (*window)(void) = bio_window;
  if (strcmp(argv[1], "token") == 0) window = token_window;
  if (strcmp(argv[1], "halves") == 0) window = halves_window;
  make_events(argv[2]);
  double seconds = atof(argv[3]);
  for (int i = 0; i < ROWS; i++) unused[unused_count++] = bio_unused[bio_unused_count++] = i;
  for (int i = 0; i < CHECKED; i++) window();
  uint32_t checksum = sum();
  for (int i = 0; i < 20000; i++) window();
  pairs = 0;
  double start = cpu_seconds(), used = 0;
  do {
    for (int i = 0; i < 4096; i++) window();
    used = cpu_seconds() - start;
  } while (used < seconds);
  printf("{\"checksum\":\"%08x\",\"operations\":%lu,\"cpuSeconds\":%.6f}\n", checksum,
         (unsigned long)pairs, used);
  return 0;
}
