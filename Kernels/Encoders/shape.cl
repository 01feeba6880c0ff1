// What every encoder is written in. A block of values is encoded by as many items as it has groups, each item its group;
// what they tell each other stands in `Shared`. Before it includes this file, an encoder defines
//
//   BLOCK, GROUP        values of a block, and of a group: those of an item
//   GREATEST_EXPONENT   a block is refused, all its halves infinite, if a value is 2^GREATEST_EXPONENT or greater
//   LEAST_EXPONENT      or not: values of a block that are all below 2^LEAST_EXPONENT count as 0; −26 are less than half of
//                       the least half
//   LEAST_POWER         or not: values below 2^LEAST_POWER of a block whose greatest is in [1, 2) count as 0, −24
//
// and then declares
//
//   BLOCK_BYTES                         bytes of a block
//   void encode_block(block)            the parameters of the item's group, by search: between barriers of the whole group
//   uchar encoded_byte(block, b)        byte b of the block, after all items are through
//
// Values are those of x times a power of two, such that the greatest of the block is in [1, 2): no product of the search
// overflows or is subnormal, on a device that flushes neither. What is below 2^LEAST_POWER then counts as 0.
//
//   Weights: importance times another power, from 2⁻²⁰ to 2; 1 without IMPORTANCE.
//
// Every sum has one order: four sums, of values k mod 4, then (s₀ + s₁) + (s₂ + s₃). There is no division: a reciprocal
// is four fixed steps. So the search takes the same way on every device, and gives the same bytes.
#include "Common/reciprocal.cl"

#if !defined(BLOCK) || !defined(GROUP) || !defined(GREATEST_EXPONENT)
#error "BLOCK, GROUP and GREATEST_EXPONENT must be defined before Encoders/shape.cl is included"
#endif

#ifndef LEAST_EXPONENT
#define LEAST_EXPONENT -26
#endif

#ifndef LEAST_POWER
#define LEAST_POWER -24
#endif

#define ITEMS 64
#define GROUPS (BLOCK / GROUP)
// One more than a group, so that items meet in no bank of local memory.
#define GROUP_STRIDE (GROUP + 1)

typedef struct {
  float values[ITEMS * GROUP_STRIDE];
#ifdef IMPORTANCE
  float weights[ITEMS * GROUP_STRIDE];
#endif
  // Of each group: what decodes it, value = scale · level − least, and what the groups' sums are gathered in.
  float scale[ITEMS], least[ITEMS], inverse[ITEMS];
  float sums[6][ITEMS];
  int scale_code[ITEMS], least_code[ITEMS];
} Shared;

typedef struct {
  LOCAL_POINTER Shared *shared;
  int item;
  // The first item of the block.
  int first;
  // The power of two that values were divided by.
  int exponent;
  bool is_refused;
  // The bits of the halves that the block begins with, or ends.
  uint scale_bits, least_bits;
} Block;

#define ENCODER static __attribute__((always_inline))

#define VALUES(block, k) vload4(0, (block)->shared->values + (block)->item * GROUP_STRIDE + (k))
#ifdef IMPORTANCE
#define WEIGHTS(block, k) vload4(0, (block)->shared->weights + (block)->item * GROUP_STRIDE + (k))
#else
#define WEIGHTS(block, k) ((float4)(1.0f))
#endif

static float sum_of_four(float4 sums) { return (sums.x + sums.y) + (sums.z + sums.w); }

// Bits of a float times 2^power; what is below 2^least then, or subnormal before, is 0.
static float times_power(uint bits, int power, int least) {
  const int field = (int)(bits >> 23 & 255) + power;
  return (bits & 0x7F800000u) == 0 || field < 127 + least ? 0.0f : as_float(bits + ((uint)power << 23));
}

// The half nearest to a float times 2^exponent, no infinity; no zero has a sign.
static uint stored_half(const Block *block, float value) {
  const uint magnitude = min((uint)half_bits(times_power(as_uint(fabs(value)), block->exponent, -64)), 0x7BFFu);
  return magnitude == 0 ? 0 : magnitude | (as_uint(value) >> 16 & 0x8000u);
}

// What a half stands for among the values.
static float half_value(const Block *block, uint bits) {
  const uint magnitude = bits & 0x7FFFu;
  const uint value = magnitude < 0x400u ? as_uint((float)magnitude) - (magnitude == 0 ? 0 : 24u << 23)
                                        : (magnitude << 13) + (112u << 23);
  const float scaled = times_power(value, -block->exponent, -64);
  return bits & 0x8000u ? -scaled : scaled;
}

// The bits of a half as they are written.
static uint written_half(const Block *block, uint bits) { return block->is_refused ? 0x7C00u : bits; }

// Byte b of a half.
static uchar half_byte(const Block *block, uint bits, int b) { return (uchar)(written_half(block, bits) >> (8 * b)); }
