// How wide products multiply: one step along k for 16 rows. What reads weights needs Common/weights.cl.
//
//   INPUT             the type of an activation in memory
//   STEP              values of k a step takes; VALUES is the type that holds them for 16 rows
//   INPUT_STEP(x)     the activations of a step at x, the same in all lanes
//   WEIGHT_STEPS      steps whose weights are read together
//   WEIGHT_SCALES     what the weights of a group share; WEIGHT_SCALES_AT(p, g)
//   READ_WEIGHTS(p, g, k, scales, steps)   the weights of steps from value k of group g on, of the block of 16 rows at p
//   ROW_ORDER(sum)    a sum's lanes in the order of their rows
//   MULTIPLY_ADD(sum, a, b)   sum += a · b, a float16
//   LAST_INPUT, LAST_WEIGHT   the same for a last k that has no partner, if STEP is 2
//
// Defines   DOT_BFLOAT16: 0, float activations and one fma; or 1, pairs of bfloat16 activations with bf16 weights,
//           needing the feature x86_bfloat16_dot
//           INPUT_LEVELS: 1, activations are levels, which Common/level_dots.cl multiplies: only INPUT is declared here
//           LEVEL_MAXIMUM …, if weights are levels: Common/level_values.cl makes floats of them
// Numbers   DOT_BFLOAT16: an fma with the odd k of a pair, then one with the even k; subnormal operands, products
//           and sums count as zero (vdpbf16ps: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2)
#if !defined(DOT_BFLOAT16) || !defined(INPUT_LEVELS)
#error "DOT_BFLOAT16 and INPUT_LEVELS must be defined"
#endif

#if INPUT_LEVELS
#define INPUT int
#elif DOT_BFLOAT16
#define INPUT ushort
#define STEP 2
#define VALUES int16
#define INPUT_STEP(x) ((int16)(as_int(vload2(0, x))))
#define LAST_INPUT(x) ((int16)((int)(x)[0]))
#define WEIGHT_STEPS 1
#define WEIGHT_SCALES weight_header
#define WEIGHT_SCALES_AT(p, g) weight_header_at(p, g)
#define READ_WEIGHTS(p, g, k, scales, steps) (steps)[0] = weight_pair_at(p)
#define ROW_ORDER(sum) (sum)
#define LAST_WEIGHT(p) weight_last_at(p)
#define MULTIPLY_ADD(sum, a, b) __asm__("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b))
#else
#define INPUT float
#define STEP 1
#define VALUES float16
#define INPUT_STEP(x) ((float16)((x)[0]))
#define MULTIPLY_ADD(sum, a, b) sum = fma(a, b, sum)
#ifdef LEVEL_MAXIMUM
#define WEIGHT_STEPS 2
#define WEIGHT_SCALES level_scales
#define WEIGHT_SCALES_AT(p, g) level_scales_at(p, g)
#define READ_WEIGHTS(p, g, k, scales, steps) level_values_at(p, g, k, scales, steps)
#else
#define WEIGHT_STEPS 1
#define WEIGHT_SCALES weight_header
#define WEIGHT_SCALES_AT(p, g) weight_header_at(p, g)
#define READ_WEIGHTS(p, g, k, scales, steps) (steps)[0] = weight_value_at(p, g, k, scales)
#define ROW_ORDER(sum) (sum)
#endif
#endif
