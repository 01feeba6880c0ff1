// How wide products multiply whole levels: weights of 16 rows, as Values/ declares them, by levels of one token.
//
//   PART                        products that are added before they must be made wider
//   PART_STEP                   values of a row that are multiplied at a time; PART_STEPS of them fit a PART
//   PART_LEVELS                 the levels of a step of 16 rows; LEVELS_STEP(p, g, i) those from value i of group g on
//   PART_INPUTS                 levels of a block of activations; inputs_of(x) those of the block at x
//   PART_INPUT(inputs, place)   those of a step, the same in all lanes
//   PART_ADD(part, levels, input)
//   PART_SUM(part)              an int16, exact
//
// Defines   those of Common/level_inputs.cl
//           BYTE_DOT: 0 plain; 1 pairs of bytes by AVX2 (feature x86_byte_multiply); 2 four bytes by AVX-512 (feature
//           x86_byte_dot)
// Numbers   sums are exact, so all three give the same
#include "Common/level_inputs.cl"

#ifndef BYTE_DOT
#error "BYTE_DOT must be defined"
#endif

#if BYTE_DOT == 2
// Signed levels as unsigned ones about 128.
#define LEVEL_OFFSET (LEVEL_MAXIMUM ? LEVEL_ZERO : 128)
#define PART int16
#define PART_STEP 4
#define PART_STEPS (weight_group / 4)
#define PART_LEVELS uint16
static PART_LEVELS words_of(ushort16 first, ushort16 last) {
  if (!LEVEL_MAXIMUM) first ^= (ushort16)0x8080, last ^= (ushort16)0x8080;
  return convert_uint16(first) | convert_uint16(last) << 16;
}
#define LEVELS_STEP(p, g, i) words_of(weight_levels_at(p, g, i), weight_levels_at(p, g, (i) + 2))
#define PART_INPUTS __global const int *
#define inputs_of(x) (x)
#define PART_INPUT(inputs, place) ((int16)((inputs)[2 + (place) / 4]))
#define PART_ADD(part, levels, input) __asm__("vpdpbusd %2, %1, %0" : "+v"(part) : "v"(levels), "v"(input))
#define PART_SUM(part) (part)

#elif BYTE_DOT == 1 && LEVEL_MAXIMUM == 0
// Signed bytes are made shorts, two of a row beside each other.
#define LEVEL_OFFSET 0
#define PART int16
#define PART_STEP 2
#define PART_STEPS (weight_group / 2)
#define PART_LEVELS int16
static PART_LEVELS shorts_of(ushort16 levels) {
  return (int16)(as_int8(convert_short16(as_char16(levels.lo))), as_int8(convert_short16(as_char16(levels.hi))));
}
static int8 multiply_shorts(int8 a, int8 b) {
  int8 sums;
  __asm__("vpmaddwd %2, %1, %0" : "=x"(sums) : "x"(a), "x"(b));
  return sums;
}
#define LEVELS_STEP(p, g, i) shorts_of(weight_levels_at(p, g, i))
// A block's levels as shorts, two an int.
typedef struct {
  int8 first, last;
} part_inputs;
#define PART_INPUTS part_inputs
static PART_INPUTS inputs_of(__global const int *x) {
  __global const char *bytes = (__global const char *)(x + 2);
  PART_INPUTS inputs = {as_int8(convert_short16(vload16(0, bytes))), as_int8(convert_short16(vload16(1, bytes)))};
  return inputs;
}
#define PART_INPUT(inputs, place) ((int8)(((place) < 16 ? (inputs).first : (inputs).last)[(place) % 16 / 2]))
#define PART_ADD(part, levels, input) \
  part += (int16)(multiply_shorts((levels).lo, input), multiply_shorts((levels).hi, input))
#define PART_SUM(part) (part)

#else
#define LEVEL_OFFSET LEVEL_ZERO
#define PART short16
#define PART_STEP 2
// As many pairs of products by at most 127 as a short has room for.
#define PART_ROOM (32767 / (2 * 127 * (LEVEL_MAXIMUM ? LEVEL_MAXIMUM : 128)))
#define PART_STEPS \
  (PART_ROOM >= 16 && weight_group == 32 ? 16 : PART_ROOM >= 8 ? 8 : PART_ROOM >= 4 ? 4 : PART_ROOM >= 2 ? 2 : 1)
#define PART_LEVELS ushort16
#define LEVELS_STEP(p, g, i) weight_levels_at(p, g, i)
#define PART_INPUTS __global const int *
#define inputs_of(x) (x)
#define PART_INPUT(inputs, place) ((short16)(((__global const short *)(inputs))[4 + (place) / 2]))
#if BYTE_DOT == 1
static short16 multiply_pairs(ushort16 levels, short16 input) {
  short16 sums;
  __asm__("vpmaddubsw %2, %1, %0" : "=x"(sums) : "x"(levels), "x"(input));
  return sums;
}
#else
static short16 multiply_pairs(ushort16 levels, short16 input) {
  const short16 low =
      LEVEL_MAXIMUM ? as_short16(levels & (ushort16)255) : as_short16(levels << (ushort16)8) >> (short16)8;
  const short16 high = LEVEL_MAXIMUM ? as_short16(levels >> (ushort16)8) : as_short16(levels) >> (short16)8;
  return low * (input << (short16)8 >> (short16)8) + high * (input >> (short16)8);
}
#endif
#define PART_ADD(part, levels, input) part += multiply_pairs(levels, input)
#define PART_SUM(part) convert_int16(part)
#endif

// What a group's exact sum adds to a float sum: d · scale · Σ, and where values lie above a least one d · Σ input · least.
static float16 add_group(float16 sum, int16 products, float input_scale, int input_sum, float16 scale, float16 least) {
  const float16 whole = convert_float16(products - (int16)(LEVEL_OFFSET * input_sum));
  sum = fma(whole, input_scale * scale, sum);
  return LEVEL_LEAST ? fma((float16)(input_scale * (float)input_sum), least, sum) : sum;
}
