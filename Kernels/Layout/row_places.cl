// Where rows are written, as write_rows.cl says: the row of a token, −1 if it is dropped.
//
// Parameters capacity tokens, and rows_offset rows_stride if ROWS, else position
// Defines    ROWS: 1, the first operand says where; 0, rows follow each other
#ifndef ROWS
#error "ROWS must be defined"
#endif

#if ROWS
#define ROWS_PARAMETER __global const int *rows,
#define ROWS_ARGUMENT rows,
static long row_of_token(ROWS_PARAMETER TILE_UNIFORMS, long token) {
  const long row = rows[P_rows_offset + token * P_rows_stride];
  if (row < 0 || row >= P_capacity) return -1;
  for (long later = token + 1; later < P_tokens; ++later)
    if (rows[P_rows_offset + later * P_rows_stride] == row) return -1;
  return row;
}
#else
#define ROWS_PARAMETER
#define ROWS_ARGUMENT
static long row_of_token(TILE_UNIFORMS, long token) { return P_position + token; }
#endif
