// The scores of sinks, one a head, whose weight goes to no value.
//
//   sinks [H] float: online softmax begins with (sinks[h], 1, 0) in place of (−∞, 0, 0)
//
// Parameters sinks_offset sinks_h, if SINKS
// Defines    SINKS: 1, the operand is given, the last before the results; 0, it is not
#ifndef SINKS
#error "SINKS must be defined"
#endif

#if SINKS
#define SINKS_PARAMETER __global const float *sinks,
#define SINKS_ARGUMENT sinks,
#define FIRST_SCORE(head) sinks[P_sinks_offset + (head)*P_sinks_h]
#define FIRST_TOTAL 1.0f
#else
#define SINKS_PARAMETER
#define SINKS_ARGUMENT
#define FIRST_SCORE(head) (-INFINITY)
#define FIRST_TOTAL 0.0f
#endif
