// How wide products multiply: one step along k for 16 rows. WEIGHT_STEP needs Common/weights.cl.
//
//   INPUT             the type of an activation in memory
//   STEP              values of k a step takes; VALUES is the type that holds them for 16 rows
//   INPUT_STEP(x)     the activations of a step at x, the same in all lanes
//   WEIGHT_STEP(p, g, k, header)   the weights of a step: value k of group g of the block of 16 rows at unit pointer p
//   MULTIPLY_ADD(sum, a, b)   sum += a · b, a float16
//   LAST_INPUT, LAST_WEIGHT   the same for a last k that has no partner, if STEP is 2
//
// Defines   DOT_BFLOAT16: 0, float activations and one fma; or 1, pairs of bfloat16 activations with bf16 weights,
//           needing the feature x86_bfloat16_dot
//           INPUT_LEVELS: 1, activations are levels, which Common/level_dots.cl multiplies: only INPUT is declared here
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
#define WEIGHT_STEP(p, g, k, header) weight_pair_at(p)
#define LAST_WEIGHT(p) weight_last_at(p)
#define MULTIPLY_ADD(sum, a, b) __asm__("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b))
#else
#define INPUT float
#define STEP 1
#define VALUES float16
#define INPUT_STEP(x) ((float16)((x)[0]))
#define WEIGHT_STEP(p, g, k, header) weight_value_at(p, g, k, header)
#define MULTIPLY_ADD(sum, a, b) sum = fma(a, b, sum)
#endif
