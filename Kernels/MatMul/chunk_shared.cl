// A chunk of chunks_wide.cl where rows share a pattern: a part is a span, the places of its kept values are listed.
#define DECODED VALUES
#define PASS_VECTORS ROW_VECTORS
#define CHUNK_PARTS (CHUNK / KEPT)
#define CHUNK_STEPS (CHUNK_PARTS * KEPT)
#define CHUNK_PLACES CHUNK_STEPS
#define FIRST_PART FIRST_SPAN
#define LAST_PART LAST_SPAN
#define KEPT_OF_PART KEPT_NOW
#define FIRST_INPUT(part) 0
#define PLACE(places, step) ((places)[step])

REQUIRE(CHUNK >= KEPT, a_chunk_is_whole_spans);

// Where in K the kept values of `spans` spans are.
TILE_FUNCTION list_places(__global const weight_unit *w, TILE_UNIFORMS, int row, int first, int spans, int *places) {
  const int kept = KEPT_NOW;
  for (int s = 0; s < spans; ++s) {
    const int input = SPAN_INPUT(w, first + s);
#if defined(PATTERN_VECTORS)
    __global const uchar *indices = SPAN_INDICES(w, row, first + s);
#endif
    for (int position = 0; position < kept; ++position)
      places[s * kept + position] = input + SPAN_INDEX(indices, position);
  }
}

// The kept values of `spans` spans of 16 rows, to every PASS_VECTORS-th vector.
TILE_FUNCTION decode_chunk(__global const weight_unit *w, TILE_UNIFORMS, int group, int first, int spans,
                           VALUES *decoded) {
  const int kept = KEPT_NOW;
  for (int s = 0; s < spans; ++s) {
    __global const weight_unit *units = SPAN_POINTER(w, group * 16, first + s);
    const weight_header scale = weight_header_at(units, 0);
    units += HEADER_UNITS * UNIT_STRIDE;
    for (int position = 0; position < kept; position += VALUES_PER_UNIT) {
#pragma unroll
      for (int i = 0; i < VALUES_PER_UNIT; ++i)
        if (position + i < kept)
          decoded[(s * kept + position + i) * PASS_VECTORS] = weight_value_at(units, 0, i, scale);
      units += UNIT_STRIDE;
    }
  }
}

TILE_FUNCTION scale_sums(__global const weight_unit *w, TILE_UNIFORMS, float16 *sums, int count, int first_group,
                         int groups) {
  for (int i = 0; i < count; ++i)
    for (int v = 0; v < SUM_VECTORS; ++v)
      sums[i * SUM_VECTORS + v] = ROW_SUM_WIDE(sums[i * SUM_VECTORS + v], w, SUM_GROUP(first_group, groups, v) * 16);
}
