// The functions of one value, for a float (SHAPE scalar) and for a float16 (SHAPE wide).
//
// Defines   one of FUNCTION_RELU FUNCTION_SILU FUNCTION_GELU FUNCTION_GELUTANH FUNCTION_SIGMOID FUNCTION_TANH
//           FUNCTION_EXP FUNCTION_SQRT FUNCTION_NEGATE
// Numbers   those of Common/activation_functions.cl; tanh and sqrt are the device's: 5 and 3 ulp
#include "Common/activation_functions.cl"

#if defined(FUNCTION_RELU)
#define APPLY(SHAPE, x) relu_##SHAPE(x)
#elif defined(FUNCTION_SILU)
#define APPLY(SHAPE, x) silu_##SHAPE(x)
#elif defined(FUNCTION_GELU)
#define APPLY(SHAPE, x) gelu_##SHAPE(x)
#elif defined(FUNCTION_GELUTANH)
#define APPLY(SHAPE, x) gelu_tanh_##SHAPE(x)
#elif defined(FUNCTION_SIGMOID)
#define APPLY(SHAPE, x) sigmoid_##SHAPE(x)
#elif defined(FUNCTION_TANH)
#define APPLY(SHAPE, x) tanh(x)
#elif defined(FUNCTION_EXP)
#define APPLY(SHAPE, x) exponential_##SHAPE(x)
#elif defined(FUNCTION_SQRT)
#define APPLY(SHAPE, x) sqrt(x)
#elif defined(FUNCTION_NEGATE)
#define APPLY(SHAPE, x) (-(x))
#else
#error "no FUNCTION_ is defined"
#endif
