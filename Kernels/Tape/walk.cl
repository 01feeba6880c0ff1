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
//   tape_address_of   addresses[index] = where `buffer` is
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

__kernel WIDE_KERNEL void tape_address_of(__global uchar *buffer, __global ulong *addresses, const int index) {
  addresses[index] = (ulong)buffer;
}

__kernel WIDE_KERNEL void tape_walk(__global const ulong *addresses, __global const int *operands,
                                    __global const int4 *launches, __global const long *uniforms,
                                    __global int *counters, const int extents, const int count, const int first,
                                    const int end) {
  const int walkers = (int)get_num_groups(0);
  // One that comes when all is done has only to leave.
  __global const long *last_groups = uniforms + extents + 3 * (end - 1);
  volatile __global int *last_done = counters + (end - 1) * 32 + 16;
  const bool is_late = *last_done > 0 && *last_done == last_groups[0] * last_groups[1] * last_groups[2];
  for (int number = is_late ? end : first; number < end; ++number) {
    const int4 launch = launches[number];
    __global const long *groups = uniforms + extents + 3 * number;
    const int tiles = (int)(groups[0] * groups[1] * groups[2]);
    volatile __global int *taken = counters + number * 32;
    volatile __global int *done = taken + 16;
    const int share = max(1, tiles / (walkers * SHARES));
    while (*taken < tiles) {
      const int tile = atomic_add(taken, share);
      if (tile >= tiles) break;
      const int last = min(tile + share, tiles);
      FENCE();
      run_part(launch.x, addresses, operands + launch.y, uniforms, launch.z, groups, tile, last);
      FENCE();
      atomic_add(done, last - tile);
    }
    while (*done < tiles) PAUSE();
    FENCE();
  }
  // The last one to leave makes all counters ready for the next walk.
  volatile __global int *left = counters + count * 32;
  if (atomic_add(left, 1) + 1 < walkers) return;
  for (int number = first; number < end; ++number) counters[number * 32] = counters[number * 32 + 16] = 0;
  *left = 0;
}
