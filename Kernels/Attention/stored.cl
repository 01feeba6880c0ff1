// Keys and values as a cache stores them, read as floats.
//
// Defines    KEY, VALUE: how they are stored: float, half, ushort for bfloat16, or blocks q8_0, int8_g64, int8_g128, in bytes
//
//   LOAD(TYPE, row, i)       value i of a row; LOAD8(TYPE, row, i) and LOAD16(TYPE, row, i), in wide programs, 8 and 16
//                            neighbours, i a multiple of 8 and 16
//   STORED_SIZE(TYPE, n)     elements of TYPE that hold n values
//
// Numbers    d · q of a block is exact
#if !defined(KEY) || !defined(VALUE)
#error "KEY and VALUE must be defined"
#endif

typedef uchar q8_0;
typedef uchar int8_g64;
typedef uchar int8_g128;

#define STORED_SIZE_float(n) (n)
#define STORED_SIZE_half(n) (n)
#define STORED_SIZE_ushort(n) (n)
#define STORED_SIZE_q8_0(n) ((n) / 32 * 34 + (n) % 32)
#define STORED_SIZE_int8_g64(n) ((n) / 64 * 66 + (n) % 64)
#define STORED_SIZE_int8_g128(n) ((n) / 128 * 130 + (n) % 128)
#define STORED_SIZE_OF(TYPE, n) STORED_SIZE_##TYPE(n)
#define STORED_SIZE(TYPE, n) STORED_SIZE_OF(TYPE, n)

// The scale's bits and the levels of the block of value i, of `n` in a block: [half d][n signed bytes].
#define SCALE_OF(row, i, n) ((__global const ushort *)((row) + (i) / (n) * ((n) + 2)))
#define LEVELS_OF(row, i, n) ((__global const char *)(row) + (i) / (n) * ((n) + 2) + 2 + (i) % (n))

#define LOAD_float(row, i) ((row)[i])
#define LOAD_half(row, i) vload_half(i, row)
#define LOAD_ushort(row, i) as_float((uint)(row)[i] << 16)
#define LOAD_BLOCKS(row, i, n) \
  (vload_half(0, (__global const half *)SCALE_OF(row, i, n)) * (float)*LEVELS_OF(row, i, n))
#define LOAD_q8_0(row, i) LOAD_BLOCKS(row, i, 32)
#define LOAD_int8_g64(row, i) LOAD_BLOCKS(row, i, 64)
#define LOAD_int8_g128(row, i) LOAD_BLOCKS(row, i, 128)
#define LOAD_OF(TYPE, row, i) LOAD_##TYPE(row, i)
#define LOAD(TYPE, row, i) LOAD_OF(TYPE, row, i)

#if SHAPE_WIDE
// Halves by their bits: PoCL takes a pointer to eight of them in memory for aligned.
static __attribute__((always_inline)) float8 halves8(ushort8 bits) { return vload_half8(0, (const half *)&bits); }
static __attribute__((always_inline)) float16 halves16(ushort16 bits) { return vload_half16(0, (const half *)&bits); }

#define LOAD8_float(row, i) vload8(0, (row) + (i))
#define LOAD8_half(row, i) halves8(vload8(0, (__global const ushort *)(row) + (i)))
#define LOAD8_ushort(row, i) as_float8(convert_uint8(vload8(0, (row) + (i))) << 16)
#define LOAD8_BLOCKS(row, i, n) \
  (halves8((ushort8)(*SCALE_OF(row, i, n))) * convert_float8(convert_int8(vload8(0, LEVELS_OF(row, i, n)))))
#define LOAD8_q8_0(row, i) LOAD8_BLOCKS(row, i, 32)
#define LOAD8_int8_g64(row, i) LOAD8_BLOCKS(row, i, 64)
#define LOAD8_int8_g128(row, i) LOAD8_BLOCKS(row, i, 128)
#define LOAD8_OF(TYPE, row, i) LOAD8_##TYPE(row, i)
#define LOAD8(TYPE, row, i) LOAD8_OF(TYPE, row, i)

#define LOAD16_float(row, i) vload16(0, (row) + (i))
#define LOAD16_half(row, i) halves16(vload16(0, (__global const ushort *)(row) + (i)))
#define LOAD16_ushort(row, i) as_float16(convert_uint16(vload16(0, (row) + (i))) << 16)
// Two loads of eight levels: PoCL puts one of sixteen together from words.
#define LOAD16_BLOCKS(row, i, n) (float16)(LOAD8_BLOCKS(row, i, n), LOAD8_BLOCKS(row, (i) + 8, n))
#define LOAD16_q8_0(row, i) LOAD16_BLOCKS(row, i, 32)
#define LOAD16_int8_g64(row, i) LOAD16_BLOCKS(row, i, 64)
#define LOAD16_int8_g128(row, i) LOAD16_BLOCKS(row, i, 128)
#define LOAD16_OF(TYPE, row, i) LOAD16_##TYPE(row, i)
#define LOAD16(TYPE, row, i) LOAD16_OF(TYPE, row, i)
#endif
