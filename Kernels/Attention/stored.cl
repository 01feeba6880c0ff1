// Keys and values as a cache stores them, read as floats.
//
// Defines    KEY, VALUE: how they are stored: float, half, or ushort for bfloat16
//
//   LOAD(TYPE, p)    one value; LOAD8(TYPE, p) and LOAD16(TYPE, p), in wide programs, 8 and 16 neighbours
#if !defined(KEY) || !defined(VALUE)
#error "KEY and VALUE must be defined"
#endif

#define LOAD_float(p) (*(p))
#define LOAD_half(p) vload_half(0, p)
#define LOAD_ushort(p) as_float((uint) * (p) << 16)
#define LOAD_OF(TYPE, p) LOAD_##TYPE(p)
#define LOAD(TYPE, p) LOAD_OF(TYPE, p)

#if SHAPE_WIDE
#define LOAD8_float(p) vload8(0, p)
#define LOAD8_half(p) vload_half8(0, p)
#define LOAD8_ushort(p) as_float8(convert_uint8(vload8(0, p)) << 16)
#define LOAD8_OF(TYPE, p) LOAD8_##TYPE(p)
#define LOAD8(TYPE, p) LOAD8_OF(TYPE, p)

#define LOAD16_float(p) vload16(0, p)
#define LOAD16_half(p) vload_half16(0, p)
#define LOAD16_ushort(p) as_float16(convert_uint16(vload16(0, p)) << 16)
#define LOAD16_OF(TYPE, p) LOAD16_##TYPE(p)
#define LOAD16(TYPE, p) LOAD16_OF(TYPE, p)
#endif
