#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "HostThreads.h"

#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct heddle_host_meeting {
  int count;
  long patience;
  // Threads that have come, or OVER, and those that have a processor of their own since.
  atomic_int came, placed;
};

#if defined(__linux__)
// Below zero, however many come later.
#define OVER (INT_MIN / 2)

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000L + time.tv_nsec;
}

// The processor that stands at a place among those of a set; -1 if there are not so many.
static int processor_at(const cpu_set_t *allowed, int place) {
  for (int processor = 0; processor < CPU_SETSIZE; ++processor)
    if (CPU_ISSET(processor, allowed) && place-- == 0) return processor;
  return -1;
}

// Whether the calling thread stays on the processor at a place among `count` that it may run on.
static bool stay(int place, int count) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) != count) return false;
  const int processor = processor_at(&allowed, place);
  if (processor < 0) return false;
  cpu_set_t own;
  CPU_ZERO(&own);
  CPU_SET(processor, &own);
  return sched_setaffinity(0, sizeof own, &own) == 0;
}

// Whether all come. One that waits no longer ends the meeting for all: who comes later might be the same thread once more.
static bool all_come(heddle_host_meeting *meeting) {
  const long end = now() + meeting->patience;
  int came;
  while ((came = atomic_load(&meeting->came)) < meeting->count) {
    if (came < 0) return false;
    if (now() >= end && atomic_compare_exchange_strong(&meeting->came, &came, OVER)) return false;
    sched_yield();
  }
  return true;
}
#endif

heddle_host_meeting *heddle_host_meeting_create(int count, long patience) {
  heddle_host_meeting *meeting = malloc(sizeof *meeting);
  if (meeting == NULL) return NULL;
  meeting->count = count;
  meeting->patience = patience;
  atomic_init(&meeting->came, 0);
  atomic_init(&meeting->placed, 0);
  return meeting;
}

void heddle_host_meeting_free(heddle_host_meeting *meeting) { free(meeting); }

int heddle_host_meeting_placed(heddle_host_meeting *meeting) { return atomic_load(&meeting->placed); }

void heddle_host_meet(void *argument) {
#if defined(__linux__)
  heddle_host_meeting *meeting = *(heddle_host_meeting **)argument;
  const int place = atomic_fetch_add(&meeting->came, 1);
  if (all_come(meeting) && stay(place, meeting->count)) atomic_fetch_add(&meeting->placed, 1);
#else
  (void)argument;
#endif
}
