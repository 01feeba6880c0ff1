// Rows and lanes exchanged, by pairs.

// The lower and the upper pairs of two vectors' halves, by turns; and their pairs of two.
#define PAIRED_LOW(a, b) (float8)(a.s0, b.s0, a.s1, b.s1, a.s4, b.s4, a.s5, b.s5)
#define PAIRED_HIGH(a, b) (float8)(a.s2, b.s2, a.s3, b.s3, a.s6, b.s6, a.s7, b.s7)
#define PAIRS_LOW(a, b) (float8)(a.s01, b.s01, a.s45, b.s45)
#define PAIRS_HIGH(a, b) (float8)(a.s23, b.s23, a.s67, b.s67)

// Writes eight rows of eight values with the row in the lanes: lane i of row d, `stride` apart, is lane d of rows[i].
static __attribute__((always_inline)) void store_transposed(float8 *rows, float *transposed, int stride) {
  float8 pairs[8];
#pragma unroll
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = PAIRED_LOW(rows[i], rows[i + 1]);
    pairs[i + 1] = PAIRED_HIGH(rows[i], rows[i + 1]);
  }
#pragma unroll
  for (int i = 0; i < 8; i += 4) {
    rows[i] = PAIRS_LOW(pairs[i], pairs[i + 2]);
    rows[i + 1] = PAIRS_HIGH(pairs[i], pairs[i + 2]);
    rows[i + 2] = PAIRS_LOW(pairs[i + 1], pairs[i + 3]);
    rows[i + 3] = PAIRS_HIGH(pairs[i + 1], pairs[i + 3]);
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    vstore8((float8)(rows[i].lo, rows[i + 4].lo), 0, transposed + i * stride);
    vstore8((float8)(rows[i].hi, rows[i + 4].hi), 0, transposed + (i + 4) * stride);
  }
}
