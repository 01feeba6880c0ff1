// Which keys of a chunk of 64 queries see: bit i of a rule is key `first + i`.
//
// Defines    MASK: an expression of the rules below, joined by & and |, over `begin`, `last`, `first` and `selected`
//
// A rule holds for the queries at the positions begin … last: for one query (begin = last) the keys that it sees, for several
// all that any of them sees, and perhaps more.
#ifndef MASK
#error "MASK must be defined"
#endif
#define ALL_KEYS (~(ulong)0)

// Keys of the chunk before the count-th.
static __attribute__((always_inline)) ulong keys_before(long count) {
  return count <= 0 ? 0 : count >= 64 ? ALL_KEYS : ((ulong)1 << count) - 1;
}

#define FULL() ALL_KEYS
// j ≤ p
#define CAUSAL() keys_before(last + 1 - first)
// |p − j| < n
#define WINDOW(n) (keys_before(last + (n)-first) & ~keys_before(begin - (n) + 1 - first))
// ⌊j / n⌋ = ⌊p / n⌋
#define BLOCK(n) (keys_before((last / (n) + 1) * (n)-first) & ~keys_before(begin / (n) * (n)-first))
// j < n
#define FIRST(n) keys_before((n)-first)
// j < n or p < n
#define GLOBAL(n) (begin < (n) ? ALL_KEYS : keys_before((n)-first))

// Those of the query's selection
#define SELECTED() selected

// The keys of the chunk at `first` that queries see, of `keys` in all.
static __attribute__((always_inline)) ulong seen_keys(long begin, long last, long first, long keys, ulong selected) {
  return (MASK)&keys_before(keys - first);
}

// The first of some keys, the place after the last, and how many follow each other from the key at 0 on.
static __attribute__((always_inline)) int first_key(ulong keys) { return (int)popcount((keys & -keys) - 1); }
static __attribute__((always_inline)) int end_of_keys(ulong keys) { return 64 - (int)clz(keys); }
static __attribute__((always_inline)) int run_of_keys(ulong keys) { return (int)popcount(keys & ~(keys + 1)); }
