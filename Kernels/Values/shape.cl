// What every decoder of Values/ is written in. A decoder is included once for each operand that a program reads in the
// format, as an instance with a prefix of its own; so a program may hold several.
//
// An instance is made by defining NAME and LANES and including the decoder:
//
//   NAME(x)   x with the instance's prefix
//   LANES     1, or 16 for the same value of 16 rows in a vector: only then a float16 is in the program
//   STRIDE    from a unit of a row to its next: how many rows are interleaved
//
// A decoder declares what the format's data say (HeddleTypes/ValueFormats), and two functions:
//
//   NAME(unit)    the type of a unit: what rows are interleaved by
//   NAME(block)   values that are stored together             NAME(units)   units of them
//   NAME(group)   values that are decoded together, a part of a block
//   NAME(header)  what decoding a group needs beside the values' own bits: scales, as a rule
//
//   HEADER { … }  NAME(header_at)(p, g)          the header of group g of the block at p, p at a row's first unit, at the
//                                                first of 16 rows
//   VALUE { … }   NAME(value_at)(p, g, i, h)     value i of the group, given its header h
//
// Both give the bits of the format's reference, in vectors as in scalars. They become part of the kernel, so what does not
// depend on i is computed once where a kernel walks the values of a group unrolled.
//
// Where the values of a group are scale · (level − zero) + least, of whole levels (ValueFormat.levels), it declares these too:
//
//   LEVELS { … }  NAME(levels_at)(p, g, i)       levels i and i + 1 of the group, i even, as the low and the high byte
//   SCALED, or SCALED_ABOVE, or CENTRED          scale and least value by the header, which is the scale or has both. CENTRED
//                                                where a scale may be so small, or so great, that no power of two may be
//                                                put into it
//
// With these come NAME(scale_of)(h), NAME(least_of)(h) and NAME(base_of)(h, zero), by which an unsigned level about `zero`
// is the value fma(level, scale, base), or scale · (level + base) if NAME(centred): in both cases the format's bits.
#ifndef NAME
#error "NAME must be defined before a decoder is included"
#endif
#if !defined(LANES) || !defined(STRIDE)
#error "LANES and STRIDE must be defined before a decoder is included"
#endif

#undef FLOATS
#undef INTS
#undef TO_FLOATS
#undef AS_FLOATS
#undef UNITS
#undef HALF
#undef PAIRS
#undef PAIR
#undef UNIT
#undef TO_PAIRS
#if LANES == 16
#define FLOATS float16
#define INTS int16
#define TO_FLOATS(i) convert_float16(i)
#define AS_FLOATS(i) as_float16(i)
// Unit u as whole numbers; units of 2 bytes from u on as halves.
#define UNITS(p, u) convert_int16(vload16(0, (p) + STRIDE * (u)))
#define HALF(p, u) vload_half16(0, (__global const half *)((p) + STRIDE * (u)))
// Two bytes a row; a unit as it is, one of 2 bytes as such a pair; units of another size as pairs.
#define PAIRS ushort16
#define UNIT(p, u) vload16(0, (p) + STRIDE * (u))
#define PAIR(p, u) UNIT(p, u)
#define TO_PAIRS(i) convert_ushort16(i)
#elif LANES == 1
#define FLOATS float
#define INTS int
#define TO_FLOATS(i) convert_float(i)
#define AS_FLOATS(i) as_float(i)
#define UNITS(p, u) ((int)(p)[STRIDE * (u)])
#define HALF(p, u) vload_half(STRIDE *(u), (__global const half *)(p))
#define PAIRS ushort
#define UNIT(p, u) ((p)[STRIDE * (u)])
#define PAIR(p, u) UNIT(p, u)
#define TO_PAIRS(i) ((ushort)(i))
#else
#error "LANES must be 1 or 16"
#endif

// Byte b of a block whose units have 2 bytes, and the same with its sign.
#define BYTE(p, b) (UNITS(p, (b) >> 1) >> (((b)&1) << 3) & 255)
#define SIGNED_BYTE(p, b) (UNITS(p, (b) >> 1) << (24 - (((b)&1) << 3)) >> 24)

#define DECODER static __attribute__((always_inline))
#define HEADER DECODER NAME(header) NAME(header_at)(__global const NAME(unit) * p, int g)
#define VALUE DECODER FLOATS NAME(value_at)(__global const NAME(unit) * p, int g, int i, NAME(header) h)
#define LEVELS DECODER PAIRS NAME(levels_at)(__global const NAME(unit) * p, int g, int i)
#define SCALED                                                             \
  enum { NAME(centred) = 0 };                                              \
  DECODER FLOATS NAME(scale_of)(NAME(header) h) { return h; }              \
  DECODER FLOATS NAME(least_of)(NAME(header) h) { return (FLOATS)(0.0f); } \
  DECODER FLOATS NAME(base_of)(NAME(header) h, int zero) { return h * (FLOATS)(-(float)zero); }
#define SCALED_ABOVE                                                \
  enum { NAME(centred) = 0 };                                       \
  DECODER FLOATS NAME(scale_of)(NAME(header) h) { return h.scale; } \
  DECODER FLOATS NAME(least_of)(NAME(header) h) { return h.least; } \
  DECODER FLOATS NAME(base_of)(NAME(header) h, int zero) { return h.least; }
#define CENTRED                                                            \
  enum { NAME(centred) = 1 };                                              \
  DECODER FLOATS NAME(scale_of)(NAME(header) h) { return h; }              \
  DECODER FLOATS NAME(least_of)(NAME(header) h) { return (FLOATS)(0.0f); } \
  DECODER FLOATS NAME(base_of)(NAME(header) h, int zero) { return (FLOATS)(-(float)zero); }
// For formats without scales.
#define NO_HEADER           \
  typedef int NAME(header); \
  HEADER { return 0; }
