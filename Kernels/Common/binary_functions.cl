// The functions of two values, for a float (SHAPE scalar) and for a float16 (SHAPE wide).
//
// Defines   one of FUNCTION_ADD FUNCTION_MULTIPLY FUNCTION_GATED_SILU (a the gate, b the up projection)
#include "Common/activation_functions.cl"

#if defined(FUNCTION_ADD)
#define APPLY(SHAPE, a, b) ((a) + (b))
#elif defined(FUNCTION_MULTIPLY)
#define APPLY(SHAPE, a, b) ((a) * (b))
#elif defined(FUNCTION_GATED_SILU)
#define APPLY(SHAPE, a, b) (silu_##SHAPE(a) * (b))
#else
#error "no FUNCTION_ is defined"
#endif
