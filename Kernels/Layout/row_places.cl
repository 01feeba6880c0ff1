// Where rows are written, as write_rows.cl says: the row of a token, −1 if it is dropped.
//
// Parameters capacity tokens, and rows_offset rows_stride if ROWS, else position
// Defines    ROWS: 1, the first operand says where; 0, rows follow each other  LOCAL_SIZE: items of a group
//
// A group asks together, with an int of local memory and two barriers if ROWS.
#if !defined(ROWS) || !defined(LOCAL_SIZE)
#error "ROWS and LOCAL_SIZE must be defined"
#endif

#if ROWS
#define ROWS_PARAMETER __global const int *rows,
#define ROWS_ARGUMENT rows,
static long row_of_token(ROWS_PARAMETER TILE_UNIFORMS, LOCAL_POINTER int *is_dropped, long token) {
  const int item = get_local_id(0);
  const long row = rows[P_rows_offset + token * P_rows_stride];
  if (item == 0) *is_dropped = row < 0 || row >= P_capacity;
  barrier(CLK_LOCAL_MEM_FENCE);
  bool is_again = false;
  for (long later = token + 1 + item; later < P_tokens; later += LOCAL_SIZE)
    is_again |= rows[P_rows_offset + later * P_rows_stride] == row;
  if (is_again) atomic_or(is_dropped, 1);
  barrier(CLK_LOCAL_MEM_FENCE);
  return *is_dropped ? -1 : row;
}
#else
#define ROWS_PARAMETER
#define ROWS_ARGUMENT
static long row_of_token(TILE_UNIFORMS, LOCAL_POINTER int *is_dropped, long token) { return P_position + token; }
#endif
