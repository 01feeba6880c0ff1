// Activations as levels, in blocks of 32 (HeddleTypes/ValueFormats/Q8_Dynamic.swift), beside a weight whose values are levels.
//
// A block is ten ints: [float d][two shorts: the sums of the first 16 levels and of the last][32 signed bytes].
//
//   INPUT_BLOCKS(b, g)    blocks of activations before group g of block b of a weight
//   INPUT_PLACE(g, i)     where in its block value i of group g is
//   INPUT_SCALE(x)        d of the block at x
//   INPUT_SUM(x, g)       the sum of the levels of group g
//
// Defines   LEVEL_MAXIMUM (the greatest unsigned level; 0: signed bytes) LEVEL_ZERO (the level of 0) LEVEL_LEAST (1: values
//           lie above a least one)

#if !defined(LEVEL_MAXIMUM) || !defined(LEVEL_ZERO) || !defined(LEVEL_LEAST)
#error "LEVEL_MAXIMUM, LEVEL_ZERO and LEVEL_LEAST must be defined"
#endif

REQUIRE(weight_group == 16 || weight_group == 32, a_group_is_half_a_block_of_activations_or_a_whole_one);
REQUIRE(weight_block % 32 == 0, a_block_is_whole_blocks_of_activations);

#define INPUT_BLOCK_INTS 10
#define INPUT_BLOCKS(b, g) ((b) * (weight_block / 32) + (g) / (32 / weight_group))
#define INPUT_PLACE(g, i) ((g) % (32 / weight_group) * weight_group + (i))
#define INPUT_SCALE(x) as_float((x)[0])
#define FIRST_SUM(x) ((x)[1] << 16 >> 16)
#define LAST_SUM(x) ((x)[1] >> 16)
#define INPUT_SUM(x, g) \
  (weight_group == 32 ? FIRST_SUM(x) + LAST_SUM(x) : (g) % (32 / weight_group) ? LAST_SUM(x) : FIRST_SUM(x))
