// cache[row(t), …] = x[t, …]: rows of a cache, anywhere in it or one after the other.
//
//   rows   [T] int, `rows_stride` apart, if ROWS: row(t) = rows[t]; else row(t) = position + t
//   x      [T, …] SOURCE, rows x_t apart, within a row RANK strides
//   cache  [C, …] ELEMENT, rows y_t apart, within a row RANK strides
//
// A row outside 0 ..< C is not written: an index from a buffer is never trusted. Of equal rows the last is written.
//
// Parameters count: of a row; capacity tokens extent_0… x_t x_offset x_stride_0… y_t y_offset y_stride_0…, and rows_offset
//            rows_stride if ROWS, else position
// Defines    RANK  ROWS  SOURCE and ELEMENT: uint, ushort or uchar, the same; or float and ushort, with
//            TARGET_F16 or TARGET_BF16: values are rounded                     Needs  nothing beyond OpenCL C 1.2
// Launch     global (64, T), local (64, 1); a group owns one row. Local 4 bytes
// Numbers    moves bits; or to the nearest, ties to even, by integer steps
#define LOCAL_SIZE 64
#include "Common/half_precision.cl"
#include "Common/strided.cl"
#include "Layout/row_places.cl"

#if !defined(ELEMENT) || !defined(SOURCE)
#error "ELEMENT and SOURCE must be defined"
#endif
#if defined(TARGET_F16)
#define STORED(value) half_bits(value)
#elif defined(TARGET_BF16)
#define STORED(value) bfloat16_bits(value)
#else
#define STORED(value) (value)
#endif

TILE_FUNCTION write_rows_tile(ROWS_PARAMETER __global const SOURCE *x, __global ELEMENT *y, TILE_UNIFORMS,
                              LOCAL_POINTER int *is_dropped, long token) {
  const long row = row_of_token(ROWS_ARGUMENT uniforms, block, is_dropped, token);
  if (row < 0) return;
  for (long index = get_local_id(0); index < P_count; index += LOCAL_SIZE) {
    const long source = strided_offset(uniforms, block, index, P_INDEX_x_stride_0);
    const long destination = strided_offset(uniforms, block, index, P_INDEX_y_stride_0);
    y[P_y_offset + row * P_y_t + destination] = STORED(x[P_x_offset + token * P_x_t + source]);
  }
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void write_rows_simt(
    ROWS_PARAMETER __global const SOURCE *restrict x, __global ELEMENT *restrict y, UNIFORMS) {
  __local int is_dropped;
  write_rows_tile(ROWS_ARGUMENT x, y, uniforms, block, &is_dropped, get_group_id(1));
}
