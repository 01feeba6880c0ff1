// The functions of two values, for a float (SHAPE scalar) and for a float16 (SHAPE wide).
//
// Defines   one of FUNCTION_ADD FUNCTION_MULTIPLY

#if defined(FUNCTION_ADD)
#define APPLY(SHAPE, a, b) ((a) + (b))
#elif defined(FUNCTION_MULTIPLY)
#define APPLY(SHAPE, a, b) ((a) * (b))
#else
#error "no FUNCTION_ is defined"
#endif
