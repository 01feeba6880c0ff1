// The functions of two values: one expression for a float and for a float16.
//
// Defines   one of FUNCTION_ADD FUNCTION_MULTIPLY FUNCTION_GATED_SILU (a the gate, b the up projection)
#if defined(FUNCTION_ADD)
#define APPLY(a, b) ((a) + (b))
#elif defined(FUNCTION_MULTIPLY)
#define APPLY(a, b) ((a) * (b))
#elif defined(FUNCTION_GATED_SILU)
#define APPLY(a, b) GATED_SILU(a, b)
#else
#error "no FUNCTION_ is defined"
#endif
