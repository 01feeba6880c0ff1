// Value decoders of packed weights: one expression an encoding, for one row (scalar) or 16 rows (vector).
//
// Packed layout, the same for every encoding and every kernel: rows are interleaved by 16,
//
//   [⌈M/16⌉][K / BLOCK_SIZE][BLOCK_UNITS][16] units      M rows, K values a row; rows past M are zero
//
// where a unit is 2 bytes of a row's block (4 for f32), in the order of the file's format (GGUF). So the 16 values a
// vector needs are neighbours, and scales load as one half16.
//
// DECODE_SCALAR(p, k), DECODE_WIDE(p, k): the value k of a block of the row at unit pointer p (of 16 rows at p). Both
// give the bits of the format's reference: an integer times the scale is exact in float32; `d·q + m` rounds once.
// A nibble is not shifted down: `(v & 15 << s) · (d · 2⁻ˢ)` is the same exact product, one instruction less.
//
// Defines   one of WEIGHT_F32 WEIGHT_F16 WEIGHT_BF16 WEIGHT_Q4_0 WEIGHT_Q4_1 WEIGHT_Q5_0 WEIGHT_Q5_1 WEIGHT_Q8_0, or
//           of WEIGHT_INT8 WEIGHT_INT4 where Common/patterns.cl decodes

#define ROWS_INTERLEAVED 16

// How the expressions read and convert, for 16 rows and for one.
#define HALF_WIDE(p, u) vload_half16(0, (__global const half *)((p) + 16 * (u)))
#define HALF_SCALAR(p, u) vload_half(16 * (u), (__global const half *)(p))
#define RAW_WIDE(p, u) convert_int16(vload16(0, (p) + 16 * (u)))
#define RAW_SCALAR(p, u) ((int)(p)[16 * (u)])
#define FLOAT_WIDE(i) convert_float16(i)
#define FLOAT_SCALAR(i) convert_float(i)
#define BITS_WIDE(i) as_float16(i)
#define BITS_SCALAR(i) as_float(i)

// Place of the nibble k in a block of 32: unit k % 16 / 2, shifted up by NIBBLE_SHIFT(k).
#define NIBBLE_UNIT(k) (((k)&15) >> 1)
#define NIBBLE_SHIFT(k) ((((k)&1) << 3) + (((k) >> 4) << 2))
#define NIBBLE_SCALE(k) (1.0f / (float)(1 << NIBBLE_SHIFT(k)))
#define NIBBLE(raw, k) ((raw) & (15 << NIBBLE_SHIFT(k)))
// The nibble moved down, with bit k of the 32-bit mask as its fifth bit.
#define FIVE_BITS(raw, mask, k) ((((raw) >> NIBBLE_SHIFT(k)) & 15) | ((((mask) >> ((k)&15)) & 1) << 4))

#if defined(WEIGHT_F32)
#define UNIT uint
#define BLOCK_SIZE 1
#define BLOCK_UNITS 1
#define DECODE(V, p, k) BITS_##V(RAW_##V(p, 0))
#elif defined(WEIGHT_F16)
#define UNIT ushort
#define BLOCK_SIZE 1
#define BLOCK_UNITS 1
#define DECODE(V, p, k) HALF_##V(p, 0)
#elif defined(WEIGHT_BF16)
#define UNIT ushort
#define BLOCK_SIZE 1
#define BLOCK_UNITS 1
#define DECODE(V, p, k) BITS_##V(RAW_##V(p, 0) << 16)
// The bits of two neighbouring k of 16 rows at p, the even one low; and of a last k without a partner.
#define DECODE_PAIR_WIDE(p) (RAW_WIDE(p, 0) | RAW_WIDE(p, 1) << 16)
#define DECODE_LAST_WIDE(p) RAW_WIDE(p, 0)
#elif defined(WEIGHT_Q4_0)
#define UNIT ushort
#define BLOCK_SIZE 32
#define BLOCK_UNITS 9
#define DECODE(V, p, k) \
  (HALF_##V(p, 0) * NIBBLE_SCALE(k) * FLOAT_##V(NIBBLE(RAW_##V(p, 1 + NIBBLE_UNIT(k)), k) - (8 << NIBBLE_SHIFT(k))))
#elif defined(WEIGHT_Q4_1)
#define UNIT ushort
#define BLOCK_SIZE 32
#define BLOCK_UNITS 10
#define DECODE(V, p, k) \
  fma(HALF_##V(p, 0) * NIBBLE_SCALE(k), FLOAT_##V(NIBBLE(RAW_##V(p, 2 + NIBBLE_UNIT(k)), k)), HALF_##V(p, 1))
#elif defined(WEIGHT_Q5_0)
#define UNIT ushort
#define BLOCK_SIZE 32
#define BLOCK_UNITS 11
#define DECODE(V, p, k) \
  (HALF_##V(p, 0) * FLOAT_##V(FIVE_BITS(RAW_##V(p, 3 + NIBBLE_UNIT(k)), RAW_##V(p, 1 + ((k) >> 4)), k) - 16))
#elif defined(WEIGHT_Q5_1)
#define UNIT ushort
#define BLOCK_SIZE 32
#define BLOCK_UNITS 12
#define DECODE(V, p, k)                                                                                    \
  fma(HALF_##V(p, 0), FLOAT_##V(FIVE_BITS(RAW_##V(p, 4 + NIBBLE_UNIT(k)), RAW_##V(p, 2 + ((k) >> 4)), k)), \
      HALF_##V(p, 1))
#elif defined(WEIGHT_Q8_0)
#define UNIT ushort
#define BLOCK_SIZE 32
#define BLOCK_UNITS 17
#define DECODE(V, p, k) (HALF_##V(p, 0) * FLOAT_##V(((RAW_##V(p, 1 + ((k) >> 1))) << (24 - (((k)&1) << 3))) >> 24))
#elif defined(WEIGHT_INT8)
// Levels without their scale, in sparse weights only: Common/patterns.cl.
#define UNIT ushort
#define BLOCK_SIZE 2
#define BLOCK_UNITS 1
#elif defined(WEIGHT_INT4)
#define UNIT ushort
#define BLOCK_SIZE 4
#define BLOCK_UNITS 1
#else
#error "no WEIGHT_ encoding is defined"
#endif

#define DECODE_WIDE(p, k) DECODE(WIDE, p, k)
#define DECODE_SCALAR(p, k) DECODE(SCALAR, p, k)

// The units of block `b` of 16 rows `group`; add a row's number below 16 for DECODE_SCALAR.
#define BLOCK_POINTER(w, group, blocks, b) ((w) + ((long)(group) * (blocks) + (b)) * (BLOCK_UNITS * ROWS_INTERLEAVED))
