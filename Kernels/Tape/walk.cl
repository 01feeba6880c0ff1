// Runs launches of a command list in one: work-groups that stay walk a tape of launches, and share the tiles of each.
//
//   for each launch of the tape:  take tiles until none is left; wait until all that were taken are done
//
// Every work-group comes to every launch, but none waits for another to come: one that is alone does all tiles, and one that
// begins when the others are done finds nothing to do. What is waited for are tiles that were taken, by work-groups that
// run: so the walk ends on every device where a work-group that has begun goes on, whatever the others do.
//
// A launch's tiles are in `homes` parts, one after the other. A work-group begins with those of its own home, which follow each
// other in memory, and goes on with what is left of the others. While it waits it asks for the weights that its home will
// read next: memory would have nothing to do meanwhile.
//
//   addresses  [buffers]      where each buffer is, as address_of stored it
//   operands   [operands]     the buffers of launches, by number; for a launch that reads weights also (buffer, lines of 64 bytes)
//   launches   [N] int4       (part, its first operand, its parameters in `uniforms`, where in `operands` the weights of the
//                             first launch behind it that reads some are, or -1)
//   uniforms   parameters of launches; from `extents` on the work-groups of each launch along three axes, [N, 3]
//   counters   [N, 1 + homes, 16] int, 0 before and after: tiles of the launch that are done, tiles taken of each home; behind
//              all, [2, 16], how many work-groups came and left. A line of the caches each
//   first, end the launches to walk
//
//   tape_address_of_wide   addresses[index] = where `buffer` is
//
// Defines    TAPE_PARTS(F): F(n) for each part, taped_<n> of Tape/part.cl
// Needs      the feature resident_groups: a work-group that has begun goes on, a buffer stays where it is while it lives, and
//            its address can be kept as a number. `pause` and fences are inline assembly
// Launch     walk: global (work-groups), local (1): a few for each compute unit, since drivers hand out several at a time, and
//            one that comes late has little to do. address_of: one item
// Numbers    those of the parts: which work-group does a tile does not change it
#include "Tape/arguments.cl"

#define DECLARED(number) void taped_##number(TAPED_ARGUMENTS);
TAPE_PARTS(DECLARED)

#define CASE(number)                                                                      \
  case number:                                                                            \
    taped_##number(addresses, operands, uniforms, start, groups, first, end);             \
    break;

static void run_part(const int part, TAPED_ARGUMENTS) {
  switch (part) { TAPE_PARTS(CASE) }
}

// Tiles a work-group takes at a time: a fraction of its home's, so that all end together.
#define SHARES 4
// Lines of weights a home is asked for ahead: a quarter of a cache of 1 MiB.
#define MOST_AHEAD 4096
// Lines that are asked for between two looks at what is waited for.
#define LINES_AT_ONCE 8
// Ints of a line of the caches.
#define LINE 16

// Nothing before goes behind, nothing behind goes before.
#define FENCE()                         \
  do {                                  \
    __asm__ volatile("" ::: "memory");  \
    mem_fence(CLK_GLOBAL_MEM_FENCE);    \
    __asm__ volatile("" ::: "memory");  \
  } while (0)

#if defined(__x86_64__)
#define PAUSE() __asm__ volatile("pause" ::: "memory")
#elif defined(__aarch64__)
#define PAUSE() __asm__ volatile("yield" ::: "memory")
#else
#define PAUSE() __asm__ volatile("" ::: "memory")
#endif

__kernel WIDE_KERNEL void tape_address_of_wide(__global uchar *buffer, __global ulong *addresses, const int index) {
  addresses[index] = (ulong)buffer;
}

// What a work-group keeps from one launch to the next.
typedef struct {
  int home, homes;
  // Where in `operands` the weights are that it asked for ahead, and how many lines of its home's.
  int asked, lines;
} walker_state;

static __global int *counters_of(__global int *counters, const int homes, const int number) {
  return counters + number * (1 + homes) * LINE;
}

static int tiles_of(__global const long *groups) { return (int)(groups[0] * groups[1] * groups[2]); }

// Where a home's part of `count` begins.
static int begin_of(const int home, const int homes, const int count) { return (int)((long)count * home / homes); }

// Asks for the next lines of the weights that the walker's home will read.
static void ask_ahead(walker_state *walker, const int weights, __global const ulong *addresses,
                      __global const int *operands) {
#if defined(__x86_64__)
  if (weights < 0) return;
  if (weights != walker->asked) {
    walker->asked = weights;
    walker->lines = 0;
  }
  const int begin = begin_of(walker->home, walker->homes, operands[weights + 1]);
  const int end = begin_of(walker->home + 1, walker->homes, operands[weights + 1]);
  if (walker->lines + LINES_AT_ONCE > min(end - begin, MOST_AHEAD)) return;
  __global const uchar *ahead = (__global const uchar *)addresses[operands[weights]] + (long)(begin + walker->lines) * 64;
  for (int line = 0; line < LINES_AT_ONCE; ++line) __asm__ volatile("prefetcht1 %0" ::"m"(ahead[line * 64]));
  walker->lines += LINES_AT_ONCE;
#endif
}

// Does tiles of one home until none is left.
static void walk_home(const int home, const int homes, __global int *counters, __global const long *groups,
                      const int4 launch, __global const ulong *addresses, __global const int *operands,
                      __global const long *uniforms) {
  volatile __global int *taken = counters + (1 + home) * LINE;
  const int tiles = tiles_of(groups);
  const int begin = begin_of(home, homes, tiles);
  const int count = begin_of(home + 1, homes, tiles) - begin;
  const int share = max(1, count / SHARES);
  while (*taken < count) {
    const int tile = atomic_add(taken, share);
    if (tile >= count) break;
    const int last = min(tile + share, count);
    FENCE();
    run_part(launch.x, addresses, operands + launch.y, uniforms, launch.z, groups, begin + tile, begin + last);
    FENCE();
    atomic_add((volatile __global int *)counters, last - tile);
  }
}

static void walk_launch(walker_state *walker, __global int *counters, __global const long *groups, const int4 launch,
                        __global const ulong *addresses, __global const int *operands, __global const long *uniforms) {
  for (int turn = 0; turn < walker->homes; ++turn) {
    const int home = walker->home + turn;
    walk_home(home < walker->homes ? home : home - walker->homes, walker->homes, counters, groups, launch, addresses,
              operands, uniforms);
  }
  volatile __global int *done = counters;
  while (*done < tiles_of(groups)) {
    ask_ahead(walker, launch.w, addresses, operands);
    PAUSE();
  }
  FENCE();
}

// One that comes when all is done has only to leave.
static bool is_late(volatile __global int *done, __global const long *groups) {
  const int tiles = *done;
  return tiles > 0 && tiles == tiles_of(groups);
}

// The last one to leave makes all counters ready for the next walk.
static void leave(__global int *counters, const int homes, const int count, const int first, const int end) {
  __global int *came = counters_of(counters, homes, count);
  volatile __global int *left = came + LINE;
  if (atomic_add(left, 1) + 1 < (int)get_num_groups(0)) return;
  for (int line = first * (1 + homes); line < end * (1 + homes); ++line) counters[line * LINE] = 0;
  *came = *left = 0;
}

__kernel WIDE_KERNEL void tape_walk_wide(__global const ulong *addresses, __global const int *operands,
                                    __global const int4 *launches, __global const long *uniforms,
                                    __global int *counters, const int extents, const int count, const int homes,
                                    const int first, const int end) {
  __global const long *groups = uniforms + extents;
  walker_state walker = {0, homes, -1, 0};
  walker.home = atomic_add((volatile __global int *)counters_of(counters, homes, count), 1) % homes;
  if (!is_late(counters_of(counters, homes, end - 1), groups + 3 * (end - 1)))
    for (int number = first; number < end; ++number)
      walk_launch(&walker, counters_of(counters, homes, number), groups + 3 * number, launches[number], addresses, operands,
                  uniforms);
  leave(counters, homes, count, first, end);
}
