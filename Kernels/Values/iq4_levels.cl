// The 16 levels of iq4_nl and iq4_xs, four of them a word.
#include "Codebooks/iq4_nl.cl"
#include "Values/level_table.cl"
#include "Values/nibbles.cl"
#include "Values/shape.cl"

DECODER FLOATS NAME(level)(INTS code) {
  const INTS low = (code & 4) == 0 ? (INTS)((int)iq4_nl_codebook[0]) : (INTS)((int)iq4_nl_codebook[1]);
  const INTS high = (code & 4) == 0 ? (INTS)((int)iq4_nl_codebook[2]) : (INTS)((int)iq4_nl_codebook[3]);
  return TO_FLOATS(((code & 8) == 0 ? low : high) << (24 - 8 * (code & 3)) >> 24);
}

// The levels of two nibbles, as bytes.
#define IQ4_LEVELS(nibbles) \
  NAME(table_levels)(nibbles, iq4_nl_codebook[0], iq4_nl_codebook[1], iq4_nl_codebook[2], iq4_nl_codebook[3])
