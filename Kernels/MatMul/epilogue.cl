// What happens to a product's sums before they are stored: the same expression in every matmul kernel.
//
//   y = f(sum + bias[m]) + residual                                       f by EPILOGUE_ACTIVATION
//   y = f(sum + bias[m]) · (up + bias[M + m]) + residual                  if EPILOGUE_GATED: sum of row m, up
//                                                                         of row M + m
//
// Every step is rounded to float32, so the bits are those of the operations one by one. What a define leaves out is not
// read: any buffer may stand there.
//
//   bias      [M] ([2M] if gated) float, contiguous
//   residual  like y
//
// A kernel calls, at one output:  epilogue_scalar(sum, up, bias at the output, M, residual at the output)
// at 16 neighbours of one token:  epilogue_wide(…, count), or store_epilogue_wide, which also stores; `count` outputs
//                                 are left from the first on, more than 16 count as 16, lanes past them are neither
//                                 read nor stored. `up` is not looked at unless EPILOGUE_GATED.
//
// Defines    EPILOGUE_BIAS EPILOGUE_GATED EPILOGUE_RESIDUAL (each 0 or 1)
//            EPILOGUE_ACTIVATION (0 none, 1 relu, 2 silu, 3 gelu, 4 gelu_tanh)   Needs  nothing beyond OpenCL C 1.2
// Numbers    Common/activation_functions.cl: epilogue_scalar and epilogue_wide give the same bits
#if !defined(EPILOGUE_BIAS) || !defined(EPILOGUE_ACTIVATION) || !defined(EPILOGUE_GATED) || !defined(EPILOGUE_RESIDUAL)
#error "EPILOGUE_BIAS, EPILOGUE_ACTIVATION, EPILOGUE_GATED and EPILOGUE_RESIDUAL must be defined"
#endif

#include "Common/activation_functions.cl"
#include "Common/lanes.cl"

#if EPILOGUE_ACTIVATION == 0
#define EPILOGUE_ACTIVATE(SHAPE, x) (x)
#elif EPILOGUE_ACTIVATION == 1
#define EPILOGUE_ACTIVATE(SHAPE, x) relu_##SHAPE(x)
#elif EPILOGUE_ACTIVATION == 2
#define EPILOGUE_ACTIVATE(SHAPE, x) silu_##SHAPE(x)
#elif EPILOGUE_ACTIVATION == 3
#define EPILOGUE_ACTIVATE(SHAPE, x) gelu_##SHAPE(x)
#elif EPILOGUE_ACTIVATION == 4
#define EPILOGUE_ACTIVATE(SHAPE, x) gelu_tanh_##SHAPE(x)
#else
#error "there is no such EPILOGUE_ACTIVATION"
#endif

static float epilogue_scalar(float sum, float up, __global const float *bias, long outputs, __global const float *residual) {
  if (EPILOGUE_BIAS) sum += bias[0];
  if (EPILOGUE_BIAS && EPILOGUE_GATED) up += bias[outputs];
  float y = EPILOGUE_ACTIVATE(scalar, sum);
  if (EPILOGUE_GATED) y *= up;
  if (EPILOGUE_RESIDUAL) y += residual[0];
  return y;
}

#if SHAPE_WIDE
static float16 epilogue_wide(float16 sum, float16 up, __global const float *bias, long outputs, __global const float *residual,
                      int count) {
  if (EPILOGUE_BIAS) sum += load_lanes(bias, count);
  if (EPILOGUE_BIAS && EPILOGUE_GATED) up += load_lanes(bias + outputs, count);
  float16 y = EPILOGUE_ACTIVATE(wide, sum);
  if (EPILOGUE_GATED) y *= up;
  if (EPILOGUE_RESIDUAL) y += load_lanes(residual, count);
  return y;
}

static void store_epilogue_wide(float16 sum, float16 up, __global const float *bias, long outputs,
                         __global const float *residual, __global float *y, int count) {
  store_lanes(epilogue_wide(sum, up, bias, outputs, residual, count), y, count);
}
#endif
