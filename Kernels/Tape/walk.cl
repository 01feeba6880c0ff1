// Runs launches of a command list in one: work-groups that stay walk a tape of launches, and share the tiles of each.
//
//   for each launch of the tape:  take tiles until none is left; wait until all that were taken are done
//
// Every work-group comes to every launch, but none waits for another to come: one that is alone does all tiles, and one that
// begins when the others are done finds nothing to do. What is waited for are tiles that were taken, by work-groups that
// run: so the walk ends on every device where a work-group that has begun goes on, whatever the others do.
//
//   addresses  [buffers]      where each buffer is, as address_of stored it
//   operands   [operands]     the buffers of launches, by number
//   launches   [N] int4       (part, its first operand, its parameters in `uniforms`, 0)
//   uniforms   parameters of launches; from `extents` on the work-groups of each launch along three axes, [N, 3]
//   counters   [N + 1, 32] int, 0 before and after: tiles taken and, 16 further, done; behind all how many work-groups left.
//              A line of the caches each
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

// Tiles a work-group takes at a time: a fraction of what would be its share, so that all end together.
#define SHARES 2

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

// What a line of counters and the extents say of a launch.
typedef struct {
  __global const long *groups;
  volatile __global int *taken;
  volatile __global int *done;
  int tiles;
} launch_state;

static launch_state launch_state_of(__global const long *uniforms, __global int *counters, const int extents,
                                    const int number) {
  launch_state state;
  state.groups = uniforms + extents + 3 * number;
  state.taken = counters + number * 32;
  state.done = state.taken + 16;
  state.tiles = (int)(state.groups[0] * state.groups[1] * state.groups[2]);
  return state;
}

// One that comes when all is done has only to leave.
static bool is_late(const launch_state last) {
  const int done = *last.done;
  return done > 0 && done == last.tiles;
}

static void walk_launch(const launch_state state, const int4 launch, __global const ulong *addresses,
                        __global const int *operands, __global const long *uniforms) {
  const int share = max(1, state.tiles / ((int)get_num_groups(0) * SHARES));
  while (*state.taken < state.tiles) {
    const int tile = atomic_add(state.taken, share);
    if (tile >= state.tiles) break;
    const int last = min(tile + share, state.tiles);
    FENCE();
    run_part(launch.x, addresses, operands + launch.y, uniforms, launch.z, state.groups, tile, last);
    FENCE();
    atomic_add(state.done, last - tile);
  }
  while (*state.done < state.tiles) PAUSE();
  FENCE();
}

// The last one to leave makes all counters ready for the next walk.
static void leave(__global int *counters, const int count, const int first, const int end) {
  volatile __global int *left = counters + count * 32;
  if (atomic_add(left, 1) + 1 < (int)get_num_groups(0)) return;
  for (int number = first; number < end; ++number) counters[number * 32] = counters[number * 32 + 16] = 0;
  *left = 0;
}

__kernel WIDE_KERNEL void tape_walk_wide(__global const ulong *addresses, __global const int *operands,
                                    __global const int4 *launches, __global const long *uniforms,
                                    __global int *counters, const int extents, const int count, const int first,
                                    const int end) {
  if (!is_late(launch_state_of(uniforms, counters, extents, end - 1)))
    for (int number = first; number < end; ++number)
      walk_launch(launch_state_of(uniforms, counters, extents, number), launches[number], addresses, operands, uniforms);
  leave(counters, count, first, end);
}
