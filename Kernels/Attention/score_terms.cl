// What is added to the score of a query and a key, after the cap.
//
//   s_j + bias[t, h, j] − slopes[h] · |p − j|      of a query at position p, each term only if it is given
//
//   slopes [H] float      bias [T, H or 1, K] float
//
// Parameters slopes_offset slopes_h if SLOPES; bias_offset bias_t bias_h (0 if all heads share one) if BIAS
// Defines    SLOPES BIAS: 1, the operand is given, after that of selection.cl; 0, it is not
// Numbers    the bias first, then one fma of the slope and the distance
#if !defined(SLOPES) || !defined(BIAS)
#error "SLOPES and BIAS must be defined"
#endif

#if SLOPES
#define SLOPES_PARAMETER __global const float *slopes,
#define SLOPES_ARGUMENT slopes,
#define SLOPE(head) slopes[P_slopes_offset + (head)*P_slopes_h]
#else
#define SLOPES_PARAMETER
#define SLOPES_ARGUMENT
#define SLOPE(head) 0.0f
#endif
#if BIAS
#define BIAS_PARAMETER __global const float *bias,
#define BIAS_ARGUMENT bias,
#define BIAS_AT(token, head, key) (bias + P_bias_offset + (token)*P_bias_t + (head)*P_bias_h + (key))
#else
#define BIAS_PARAMETER
#define BIAS_ARGUMENT
#define BIAS_AT(token, head, key) ((__global const float *)0)
#endif
#define TERMS_PARAMETERS SLOPES_PARAMETER BIAS_PARAMETER
#define TERMS SLOPES_ARGUMENT BIAS_ARGUMENT
