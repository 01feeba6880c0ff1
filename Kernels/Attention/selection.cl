// The keys that a query's selection names, as an operand of attention.
//
//   selection [T, G or 1, ⌈K / 32⌉] int: bit j mod 32 of word ⌊j / 32⌋ is key j
//
// Parameters selection_offset selection_t selection_g (0 if all heads share one) selection_words, if SELECTION
// Defines    SELECTION: 1, the operand is given, after those of places.cl; 0, it is not
#ifndef SELECTION
#error "SELECTION must be defined"
#endif

#if SELECTION
#define SELECTION_PARAMETER __global const int *selection,
#define SELECTION_ARGUMENT selection,
// Of the chunk at `first`, a multiple of 32.
static __attribute__((always_inline)) ulong selected_keys(SELECTION_PARAMETER TILE_UNIFORMS, long token, long group,
                                                          long first) {
  __global const int *words = selection + P_selection_offset + token * P_selection_t + group * P_selection_g;
  const long word = first / 32;
  const ulong upper = word + 1 < P_selection_words ? (uint)words[word + 1] : 0;
  return upper << 32 | (uint)words[word];
}
#define SELECTED_KEYS(token, group, first) selected_keys(SELECTION_ARGUMENT uniforms, block, token, group, first)
#else
#define SELECTION_PARAMETER
#define SELECTION_ARGUMENT
#define SELECTED_KEYS(token, group, first) ALL_KEYS
#endif
