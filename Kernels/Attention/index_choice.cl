// What a lightning indexer computes, whichever kernel does it: a token's bits depend on the token, its keys and their places alone.
//
//   I[s] = scale · Σ_h weights[h] · max(0, Σ_d q[h, d] · k[s, d])
//
// The inner sum is one fma chain in the order of d, the outer one an fma chain in the order of h, both started at 0; a NaN stays one.
// The greatest I are chosen, of equals those of the lowest keys (−0 is 0), a NaN after all numbers.
//
// Defines    SCALE_BITS (float bits)  LOCAL_SIZE: items of a group, a power of two; 1 in wide programs
// Numbers    the choice is exact
// After      DeepSeek-AI, DeepSeek-V3.2, 2025
#if !defined(SCALE_BITS) || !defined(LOCAL_SIZE)
#error "SCALE_BITS and LOCAL_SIZE must be defined"
#endif

// A score as a place in an order: greater is earlier, and of equals the lower key. None is 0.
static __attribute__((always_inline)) ulong place_of(float score, int key) {
  const uint bits = score == 0.0f ? 0 : as_uint(score);
  const uint rising = isnan(score) ? 1 : bits & 0x80000000u ? ~bits : bits | 0x80000000u;
  return (ulong)rising << 32 | (uint)~key;
}

// How often each of 256 digits is met; then where the next place goes.
#define COUNTS 257
#if LOCAL_SIZE == 1
#define INCREMENTED(count) ((*(count))++)
#define MEET(fence)
#else
#define INCREMENTED(count) atomic_inc(count)
#define MEET(fence) barrier(fence)
#endif

// The least of the `count` greatest places of `seen` scores, up to the bits below `low`: digit by digit from the top, until the
// places that share what is known of it are as many as are wanted. All items of a group come here, and to what follows.
TILE_FUNCTION find_least(__global const float *scores, int seen, int count, LOCAL_POINTER int *counts, int item,
                         ulong *least) {
  int wanted = count;
  bool is_found = seen <= count;
  *least = 0;
  for (int low = 56; low >= 0 && !is_found; low -= 8) {
    for (int digit = item; digit < 256; digit += LOCAL_SIZE) counts[digit] = 0;
    MEET(CLK_LOCAL_MEM_FENCE);
    for (int s = item; s < seen; s += LOCAL_SIZE) {
      const ulong place = place_of(scores[s], s);
      if (low == 56 || place >> (low + 8) == *least >> (low + 8)) INCREMENTED(counts + (place >> low & 255));
    }
    MEET(CLK_LOCAL_MEM_FENCE);
    int digit = 255;
    while (digit > 0 && counts[digit] < wanted) wanted -= counts[digit--];
    is_found = counts[digit] == wanted;
    *least |= (ulong)digit << low;
    MEET(CLK_LOCAL_MEM_FENCE);
  }
}

#if LOCAL_SIZE == 1
// Collects the places from `least` on, and sorts them: by each digit of scores in turn, the lowest first, equals in the order of keys.
TILE_FUNCTION sort_places(__global const float *scores, int seen, int count, ulong least, __global ulong *list,
                          LOCAL_POINTER int *counts, int item) {
  int found = 0;
  for (int s = 0; s < seen && found < count; ++s) {
    const ulong place = place_of(scores[s], s);
    if (place >= least) list[found++] = place;
  }
  for (int low = 32; low < 64; low += 8) {
    __global ulong *from = low % 16 == 0 ? list : list + count, *to = low % 16 == 0 ? list + count : list;
    for (int digit = 0; digit < 256; ++digit) counts[digit] = 0;
    for (int i = 0; i < count; ++i) ++counts[from[i] >> low & 255];
    int next = 0;
    for (int digit = 255; digit >= 0; --digit) {
      const int here = counts[digit];
      counts[digit] = next;
      next += here;
    }
    for (int i = 0; i < count; ++i) to[counts[from[i] >> low & 255]++] = from[i];
  }
}
#else
// Collects the places from `least` on in any order, and sorts them: no two are equal. A bitonic network, with zeros up to a power of two.
TILE_FUNCTION sort_places(__global const float *scores, int seen, int count, ulong least, __global ulong *list,
                          LOCAL_POINTER int *counts, int item) {
  int size = 1;
  while (size < count) size *= 2;
  if (item == 0) counts[256] = 0;
  for (int i = count + item; i < size; i += LOCAL_SIZE) list[i] = 0;
  MEET(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
  for (int s = item; s < seen; s += LOCAL_SIZE) {
    const ulong place = place_of(scores[s], s);
    if (place >= least) list[INCREMENTED(counts + 256)] = place;
  }
  MEET(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
  for (int run = 2; run <= size; run *= 2)
    for (int step = run / 2; step > 0; step /= 2) {
      for (int i = item; i < size / 2; i += LOCAL_SIZE) {
        const int low = i / step * step * 2 + i % step, high = low + step;
        const ulong a = list[low], b = list[high];
        if ((low & run) == 0 ? a < b : a > b) {
          list[low] = b;
          list[high] = a;
        }
      }
      MEET(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
    }
}
#endif

// Writes the keys of the `wanted` greatest of `seen` scores, greatest first, then −1. A list has room for twice min(wanted, seen).
TILE_FUNCTION choose_keys(__global const float *scores, int seen, long wanted, __global ulong *list,
                          LOCAL_POINTER int *counts, int item, __global int *indices) {
  const int count = (int)min(wanted, (long)seen);
  ulong least;
  MEET(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
  find_least(scores, seen, count, counts, item, &least);
  sort_places(scores, seen, count, least, list, counts, item);
  for (long i = item; i < wanted; i += LOCAL_SIZE) indices[i] = i < count ? (int)~(uint)list[i] : -1;
  MEET(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);
}
