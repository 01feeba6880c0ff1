// A packed weight, the same layout for every format and every kernel: rows are interleaved by 16,
//
//   [⌈M/16⌉][K / weight_block][weight_units][16] units      M rows, K values a row; rows past M are zero
//
// where a unit is some bytes of a row's block, in the order of the file's format (GGUF). So the 16 values a vector needs are
// neighbours, and scales load as one half16.
//
// Defines   WEIGHT, the format: a file of Values/, which says what `weight_…` is. Of 16 rows in wide programs, else of one
//           X86_ASSEMBLY, in wide programs: 1, the compiler takes assembly for x86 with AVX2 (feature x86_byte_multiply)
#define ROWS_INTERLEAVED 16

#define NAME(x) weight_##x
#define LANES (SHAPE_WIDE ? 16 : 1)
#define STRIDE ROWS_INTERLEAVED
#include "Values/{WEIGHT}.cl"

// Units from a block of a row to its next.
#define BLOCK_STRIDE (weight_units * ROWS_INTERLEAVED)
// The units of block `b` of 16 rows `group`; a row of them begins at its number below 16.
#define BLOCK_POINTER(w, group, blocks, b) ((w) + ((long)(group) * (blocks) + (b)) * BLOCK_STRIDE)

#if !SHAPE_WIDE
// Value k of a row of `blocks` blocks.
static float weight_element(__global const weight_unit *w, long row, long k, long blocks) {
  __global const weight_unit *p = BLOCK_POINTER(w, row / 16, blocks, k / weight_block) + row % 16;
  const int within = (int)(k % weight_block);
  const int g = within / weight_group;
  return weight_value_at(p, g, within % weight_group, weight_header_at(p, g));
}
#endif

#if SHAPE_WIDE
// Asks for the bytes that are read some time after group g of `vectors` blocks at `units`. Parts of a group stand apart in its
// block, which processors do not foresee; of many vectors whose groups are whole they do.
#define FETCHED_AHEAD 4096
#define GROUP_BYTES (BLOCK_STRIDE * (int)sizeof(weight_unit) * weight_group / weight_block)
static __attribute__((always_inline)) void fetch_ahead(__global const weight_unit *const *units, int vectors, int g) {
#if X86_ASSEMBLY
  if (vectors > 2 && weight_group > 16) return;
#pragma unroll
  for (int v = 0; v < vectors; ++v) {
    __global const char *ahead = (__global const char *)units[v] + g * GROUP_BYTES + FETCHED_AHEAD;
#pragma unroll
    for (int byte = 0; byte < GROUP_BYTES; byte += 64) __asm__ volatile("prefetcht0 %0" ::"m"(ahead[byte]));
  }
#endif
}
#endif
