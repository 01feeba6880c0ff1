// Joins what attention to two sets of keys gave.
//
//   y = a / (a + b) · y1 + b / (a + b) · y2    l = m + log(a + b)    a = e^(l1 − m), b = e^(l2 − m), m = max(l1, l2)
//
//   first, second  [T, H, E] float, strides first_t first_h second_t second_h; l1, l2 [T, H] float, contiguous
//   y [T, H, E] float, strides y_t y_h       log_sums [T, H] float, strides l_t l_h
//
// Parameters dimension first_offset first_t first_h first_sums_offset, those of second alike, y_offset y_t y_h l_offset l_t l_h
// Defines    LOCAL_SIZE (≤ 256)
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, H, T), local (LOCAL_SIZE, 1, 1); a group owns the values of one token and head
// Numbers    a part of −∞, or whose weight is no float above 0, is left out: the other's values stay. NaN makes NaN
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE must be defined"
#endif

TILE_FUNCTION merge_attention_tile(__global const float *first, __global const float *first_sums,
                                   __global const float *second, __global const float *second_sums, __global float *y,
                                   __global float *log_sums, TILE_UNIFORMS, long head, long token, long heads) {
  const float left = first_sums[P_first_sums_offset + token * heads + head];
  const float right = second_sums[P_second_sums_offset + token * heads + head];
  const float greatest = isnan(left) || isnan(right) ? NAN : fmax(left, right);
  const float a = left == -INFINITY ? 0.0f : exp(left - greatest),
              b = right == -INFINITY ? 0.0f : exp(right - greatest);
  const float total = a + b;
  __global const float *one = first + P_first_offset + token * P_first_t + head * P_first_h;
  __global const float *other = second + P_second_offset + token * P_second_t + head * P_second_h;
  __global float *output = y + P_y_offset + token * P_y_t + head * P_y_h;
  for (int e = get_local_id(0); e < P_dimension; e += LOCAL_SIZE) {
    float value = 0.0f;
    if (total != 0.0f) {
      if (a == 0.0f) {
        value = other[e];
      } else if (b == 0.0f) {
        value = one[e];
      } else {
        value = fma(a / total, one[e], b / total * other[e]);
      }
    }
    output[e] = value;
  }
  if (get_local_id(0) == 0)
    log_sums[P_l_offset + token * P_l_t + head * P_l_h] = total == 0.0f ? -INFINITY : greatest + log(total);
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void merge_attention_simt(
    __global const float *restrict first, __global const float *restrict first_sums,
    __global const float *restrict second, __global const float *restrict second_sums, __global float *restrict y,
    __global float *restrict log_sums, UNIFORMS) {
  merge_attention_tile(first, first_sums, second, second_sums, y, log_sums, uniforms, block, get_group_id(1),
                       get_group_id(2), get_num_groups(1));
}
