// Where the queries of an attention stand, and in which rows of a cache the keys of their sequence lie.
//
//   positions [T] int: a query's place among its keys, past + t if not given; before place 0 it sees no key
//   sequences [T] int: a query's sequence, 0 if not given; of another than 0 ..< P_sequence_count it sees no key
//   counts    [S] int: the keys of a sequence, P_keys if not given
//   pages     [S, P] int: the page of each P_page_keys keys of a sequence; if not given, a sequence's keys are page s
//
// An index from a buffer is never trusted: keys of a page that is not there are not seen.
//
// Parameters past if not POSITIONS  keys: of a sequence at most  sequence_count if SEQUENCES
//            page_count page_keys if PAGES  k_n v_n: strides of pages, if SEQUENCES or PAGES
//            positions_offset positions_t sequences_offset sequences_t counts_offset counts_s pages_offset pages_s pages_p
// Defines    POSITIONS SEQUENCES COUNTS PAGES: 1, the operand is given, between the values and the results; 0, it is not
#if !defined(POSITIONS) || !defined(SEQUENCES) || !defined(COUNTS) || !defined(PAGES)
#error "POSITIONS, SEQUENCES, COUNTS and PAGES must be defined"
#endif

#if POSITIONS
#define POSITIONS_PARAMETER __global const int *positions,
#define POSITIONS_ARGUMENT positions,
#define POSITION(token) ((long)positions[P_positions_offset + (token)*P_positions_t])
#else
#define POSITIONS_PARAMETER
#define POSITIONS_ARGUMENT
#define POSITION(token) (P_past + (token))
#endif
#if SEQUENCES
#define SEQUENCES_PARAMETER __global const int *sequences,
#define SEQUENCES_ARGUMENT sequences,
#else
#define SEQUENCES_PARAMETER
#define SEQUENCES_ARGUMENT
#endif
#if COUNTS
#define COUNTS_PARAMETER __global const int *counts,
#define COUNTS_ARGUMENT counts,
#else
#define COUNTS_PARAMETER
#define COUNTS_ARGUMENT
#endif
#if PAGES
#define PAGES_PARAMETER __global const int *pages,
#define PAGES_ARGUMENT pages,
#else
#define PAGES_PARAMETER
#define PAGES_ARGUMENT
#endif
#define PLACES_PARAMETERS POSITIONS_PARAMETER SEQUENCES_PARAMETER COUNTS_PARAMETER PAGES_PARAMETER
#define PLACES POSITIONS_ARGUMENT SEQUENCES_ARGUMENT COUNTS_ARGUMENT PAGES_ARGUMENT

// A query's position and sequence, and how many keys there are for it.
typedef struct {
  long position, sequence, keys;
} query_place;

static __attribute__((always_inline)) query_place place_of_query(PLACES_PARAMETERS TILE_UNIFORMS, long token) {
  query_place place = {POSITION(token), 0, P_keys};
#if POSITIONS
  if (place.position < 0) place.keys = 0;
#endif
#if SEQUENCES
  place.sequence = sequences[P_sequences_offset + token * P_sequences_t];
  if (place.sequence < 0 || place.sequence >= P_sequence_count) {
    place.sequence = 0;
    place.keys = 0;
  }
#endif
#if COUNTS
  if (place.keys != 0) place.keys = clamp((long)counts[P_counts_offset + place.sequence * P_counts_s], 0L, P_keys);
#endif
  return place;
}

// Where the keys from `first` on lie, up to the end of their page: the page, −1 if it is not there, and the row in it.
typedef struct {
  long page, row;
} key_place;

static __attribute__((always_inline)) key_place place_of_keys(PAGES_PARAMETER TILE_UNIFORMS, long sequence,
                                                              long first) {
#if PAGES
  const long number = first / P_page_keys;
  const long page = pages[P_pages_offset + sequence * P_pages_s + number * P_pages_p];
  return (key_place){page >= 0 && page < P_page_count ? page : -1, first - number * P_page_keys};
#else
  return (key_place){sequence, first};
#endif
}

#if SEQUENCES || PAGES
#define KEYS_AT(k, place) ((k) + P_k_offset + (place).page * P_k_n + (place).row * P_k_c)
#define VALUES_AT(v, place) ((v) + P_v_offset + (place).page * P_v_n + (place).row * P_v_c)
#else
#define KEYS_AT(k, place) ((k) + P_k_offset + (place).row * P_k_c)
#define VALUES_AT(v, place) ((v) + P_v_offset + (place).row * P_v_c)
#endif
