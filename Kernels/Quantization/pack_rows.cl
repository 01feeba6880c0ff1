// Row-major weights → the packed layout of Common/weights.cl: 16 rows interleaved, unit by unit; or of
// Common/patterns.cl, where as many as a block has are.
//
//   packed[g][u][r] = raw[(first_row + ROWS·g + r) · row_units + u]        zero past the last row
//
//   raw     [M, row_units]  units of the file's row-major bytes (a piece of the constant)
//   packed  [⌈M/ROWS⌉][row_units][ROWS] units
//
// A concatenation packs its parts one after the other: part rows land at `destination_row` + row.
//
// Parameters rows row_units destination_row padded_rows
// Defines    UNIT (uchar, ushort or uint) ROWS                                 Needs  nothing beyond OpenCL C 1.2
// Launch     global (row_units, padded_rows) rounded up, local (64, 1); an item owns one unit
// Numbers    moves bits
#if !defined(UNIT) || !defined(ROWS)
#error "UNIT and ROWS must be defined"
#endif

TILE_FUNCTION pack_rows_tile(__global const UNIT *raw, __global UNIT *packed, TILE_UNIFORMS, long tile, long row) {
  const long unit = tile * 64 + get_local_id(0);
  const long row_units = P_row_units;
  if (unit >= row_units || row >= P_padded_rows) return;
  const long destination = P_destination_row + row;
  const UNIT value = row < P_rows ? raw[row * row_units + unit] : (UNIT)0;
  packed[(destination / ROWS * row_units + unit) * ROWS + destination % ROWS] = value;
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void pack_rows_simt(__global const UNIT *restrict raw,
                                                                             __global UNIT *restrict packed, UNIFORMS) {
  pack_rows_tile(raw, packed, uniforms, block, get_group_id(0), get_group_id(1));
}
