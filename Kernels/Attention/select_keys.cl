// The selection that a list of keys, or of blocks of keys, makes: see selection.cl.
//
//   y[t, g, ⌊j / 32⌋] has bit j mod 32 if ⌊j / BLOCK⌋ is one of indices[⌊t / QUERIES⌋, g, :], j < K
//
//   indices  [R, G, N] int, T = R · QUERIES, strides indices_t indices_g indices_n
//   y        [T, G, ⌈K / 32⌉] int, contiguous
//
// An index from a buffer is never trusted: one that names no key of 0 ..< K names none.
//
// Parameters count: N  groups: G  words: ⌈K / 32⌉  keys: K  indices_offset indices_t indices_g indices_n y_offset
// Defines    BLOCK: keys of an index  QUERIES: tokens that share a list         Needs  nothing beyond OpenCL C 1.2
// Launch     global (words rounded up to 64, R·G), local (64, 1); an item owns a word of all tokens that share a list
#if !defined(BLOCK) || !defined(QUERIES)
#error "BLOCK and QUERIES must be defined"
#endif

// The bits of keys before the count-th.
static uint bits_before(long count) { return count <= 0 ? 0 : count >= 32 ? ~0u : (1u << count) - 1; }

TILE_FUNCTION select_keys_tile(__global const int *indices, __global int *y, TILE_UNIFORMS, long tile, long row) {
  const long word = tile * 64 + get_local_id(0);
  if (word >= P_words) return;
  const long first = word * 32, list = row / P_groups, group = row - list * P_groups;
  __global const int *own = indices + P_indices_offset + list * P_indices_t + group * P_indices_g;
  uint bits = 0;
  for (long i = 0; i < P_count; ++i) {
    const long index = own[i * P_indices_n];
    if (index < 0) continue;
    const long begin = index * BLOCK - first;
    bits |= bits_before(begin + BLOCK) & ~bits_before(begin);
  }
  bits &= bits_before(P_keys - first);
  for (long token = list * QUERIES; token < (list + 1) * QUERIES; ++token)
    y[P_y_offset + (token * P_groups + group) * P_words + word] = (int)bits;
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void select_keys_simt(__global const int *restrict indices,
                                                                               __global int *restrict y, UNIFORMS) {
  select_keys_tile(indices, y, uniforms, block, get_group_id(0), get_group_id(1));
}
