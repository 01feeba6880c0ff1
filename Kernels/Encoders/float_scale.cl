// A block whose values share one float: value = d · level. d is PLAIN_SCALE of the greatest magnitude, with importance what
// the search finds.
//
// Defined before: PLAIN_SCALE(greatest), and what Encoders/scale_search.cl wants but STORED.
#define STORED(block, scale) (scale)
#define SCALE_GROUPS GROUPS
#include "Encoders/scale_search.cl"

ENCODER void encode_block(Block *block) {
#ifdef IMPORTANCE
  const float scale = best_scale(block);
#else
  const float scale = PLAIN_SCALE(fabs(greatest_value(block)));
#endif
  const uint magnitude = as_uint(times_power(as_uint(fabs(scale)), block->exponent, -126));
  block->scale_bits = block->is_refused ? 0x7F800000u : magnitude | (as_uint(scale) & 0x80000000u);
  block->shared->scale[block->item] = scale;
  block->shared->inverse[block->item] = reciprocal(scale);
}

// Byte b of d.
static uchar scale_byte(const Block *block, int b) { return (uchar)(block->scale_bits >> (8 * b)); }
