// y[r, d] = exp(x[r, d] − max_d x) / Σ_d exp(x[r, d] − max_d x).
//
//   x, y  [R, D]  float, rows `x_stride`, `y_stride` apart, values contiguous
//
// Parameters width x_offset x_stride y_offset y_stride
// Defines    LOCAL_SIZE (a power of two ≤ 256)                                 Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, R), local (LOCAL_SIZE, 1); a group owns a row. Local 4·LOCAL_SIZE bytes
// Numbers    exponentials summed in LOCAL_SIZE interleaved chains, merged by halves: a function of D alone.
//            A NaN, or a row of −∞, makes the row NaN
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE is not defined"
#endif

TILE_FUNCTION softmax_tile(__global const float *x, __global float *y, TILE_UNIFORMS, LOCAL_POINTER float *partial,
                           long row) {
  const int item = get_local_id(0);
  const int width = (int)P_width;
  __global const float *input = x + P_x_offset + row * P_x_stride;
  __global float *output = y + P_y_offset + row * P_y_stride;

  float greatest = -INFINITY;
  for (int d = item; d < width; d += LOCAL_SIZE) greatest = fmax(greatest, input[d]);
  partial[item] = greatest;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) partial[item] = fmax(partial[item], partial[item + step]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  greatest = partial[0];
  barrier(CLK_LOCAL_MEM_FENCE);

  // fmax passes a NaN over; the exponential of it does not, so it reaches the sum and with it the whole row.
  float sum = 0.0f;
  for (int d = item; d < width; d += LOCAL_SIZE) sum += exp(input[d] - greatest);
  partial[item] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) partial[item] += partial[item + step];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  sum = partial[0];
  for (int d = item; d < width; d += LOCAL_SIZE) output[d] = exp(input[d] - greatest) / sum;
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void softmax_simt(__global const float *restrict x,
                                                                                   __global float *restrict y,
                                                                                   UNIFORMS) {
  __local float partial[LOCAL_SIZE];
  softmax_tile(x, y, uniforms, block, partial, get_group_id(1));
}
