// The experts of each token and their weights: the greatest scores, in order, of the groups that are kept.
//
//   z = logits[t, e] / TEMPERATURE      s[e] = SCORES(z)[e] / (load[e] + EPSILON)      c[e] = s[e] + bias[e]
//   indices[t, :] = the count greatest c of kept groups; of equals the lowest, NaN last           (TABLE: table[ids[t], :])
//   indices[t, j] = −1 for j ≥ used
//   weights[t, j] = SCALE · s[indices[t, j]]                    (NORMALIZES: divided by their sum + 1e-20 before)
//
//   logits   [T, E]  float, rows `logits_stride` apart, values contiguous              T tokens, E experts
//   bias     [E]     float; load [E] LOAD: float or int; table [V, N] int; ids [T] int, all contiguous
//   scores, choices  [T, E] float, scratch; contiguous
//   totals   [T, G]  float, scratch: scores of groups; contiguous
//   indices  [T, N]  int, weights [T, N] float, contiguous
//
// Operands that a define leaves out are not read: any buffer may stand there. An index from a buffer is never trusted.
//
// Parameters experts count groups kept used vocabulary logits_stride and every operand's offset
// Defines    LOCAL_SIZE (a power of two ≤ 256) SCORES (0 softmax, 1 sigmoid, 2 √softplus, 3 softmax of what is chosen)
//            TEMPERATURE_BITS SCALE_BITS EPSILON_BITS HAS_BIAS HAS_LOAD LOAD HAS_TABLE NORMALIZES GROUP_BEST (0 no
//            groups, 1 a group's greatest, 2 the sum of its two greatest)              Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, T), local (LOCAL_SIZE, 1); a group owns a token. Local 12·LOCAL_SIZE bytes. With LOCAL_SIZE 1
//            there is no barrier: for CPUs, where an item of a group waits for all others
// Numbers    exponentials summed in LOCAL_SIZE interleaved chains, merged by halves, a function of E alone; weights in the
//            order of j
#if !defined(LOCAL_SIZE) || !defined(SCORES) || !defined(LOAD) || !defined(GROUP_BEST)
#error "LOCAL_SIZE, SCORES, LOAD and GROUP_BEST must be defined"
#endif

// What a group does together: part of the kernel, as a tile function is.
#define GROUP_FUNCTION static __attribute__((always_inline))
// One item meets no one.
#if LOCAL_SIZE == 1
#define ITEM 0
#define MEET(fence)
#else
#define ITEM (int)get_local_id(0)
#define MEET(fence) barrier(fence)
#endif
#define FENCE MEET(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)

// A number as a place in an order: greater is earlier, of equals the lower index, NaN after all numbers. Never 0.
static ulong place_of(float value, int index) {
  const uint bits = value == 0.0f ? 0 : as_uint(value);
  const uint rising = isnan(value) ? 1 : bits & 0x80000000u ? ~bits : bits | 0x80000000u;
  return (ulong)rising << 32 | (uint)~index;
}

// The first place after `last` among values whose groups are kept; 0 if there is none. The whole group asks together.
GROUP_FUNCTION ulong next_place(__global const float *values, int count, __global const float *totals, int size,
                                ulong last, LOCAL_POINTER ulong *places) {
  const int item = ITEM;
  ulong best = 0;
  for (int e = item; e < count; e += LOCAL_SIZE) {
    if (size > 0 && totals[e / size] == 0.0f) continue;
    const ulong place = place_of(values[e], e);
    if (place < last && place > best) best = place;
  }
  if (LOCAL_SIZE == 1) return best;
  places[item] = best;
  MEET(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) places[item] = max(places[item], places[item + step]);
    MEET(CLK_LOCAL_MEM_FENCE);
  }
  best = places[0];
  MEET(CLK_LOCAL_MEM_FENCE);
  return best;
}

// The greatest of all items' values, NaN passed over, or their sum.
GROUP_FUNCTION float reduce(float value, bool is_sum, LOCAL_POINTER float *partial) {
  const int item = ITEM;
  partial[item] = value;
  MEET(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step)
      partial[item] = is_sum ? partial[item] + partial[item + step] : fmax(partial[item], partial[item + step]);
    MEET(CLK_LOCAL_MEM_FENCE);
  }
  value = partial[0];
  MEET(CLK_LOCAL_MEM_FENCE);
  return value;
}

static float score_of(float z) {
  if (SCORES == 1) return 1.0f / (1.0f + exp(-z));
  // Far below zero the root of exp(z): exp(z) itself would be no normal number.
  if (SCORES == 2) return z < -18.0f ? exp(0.5f * z) : sqrt(fmax(z, 0.0f) + log1p(exp(-fabs(z))));
  return z;
}

// The scores of a token's experts, and what they are chosen by.
GROUP_FUNCTION void write_scores(__global const float *logits, __global const float *bias, __global const LOAD *load,
                                 __global float *scores, __global float *choices, int experts,
                                 LOCAL_POINTER float *partial) {
  const int item = ITEM;
  const float temperature = as_float(TEMPERATURE_BITS);
  float greatest = 0.0f, sum = 1.0f;
  if (SCORES == 0) {
    greatest = -INFINITY;
    for (int e = item; e < experts; e += LOCAL_SIZE) greatest = fmax(greatest, logits[e] / temperature);
    greatest = reduce(greatest, false, partial);
    sum = 0.0f;
    for (int e = item; e < experts; e += LOCAL_SIZE) sum += exp(logits[e] / temperature - greatest);
    sum = reduce(sum, true, partial);
  }
  for (int e = item; e < experts; e += LOCAL_SIZE) {
    const float z = logits[e] / temperature;
    float score = SCORES == 0 ? exp(z - greatest) / sum : score_of(z);
    if (HAS_LOAD) score /= (float)load[e] + as_float(EPSILON_BITS);
    scores[e] = score;
    choices[e] = HAS_BIAS ? score + bias[e] : score;
  }
  FENCE;
}

#if GROUP_BEST
// Makes of `totals` 1 where a group is kept and 0 where it is not.
GROUP_FUNCTION void keep_groups(__global const float *choices, __global float *totals, int size, TILE_UNIFORMS,
                                LOCAL_POINTER ulong *places) {
  const int item = ITEM;
  const int groups = (int)P_groups;
  for (int g = item; g < groups; g += LOCAL_SIZE) {
    ulong first = 0, second = 0;
    for (int e = g * size; e < (g + 1) * size; ++e) {
      const ulong place = place_of(choices[e], e);
      second = max(second, min(place, first));
      first = max(first, place);
    }
    float total = first ? choices[~(uint)first] : 0.0f;
    if (GROUP_BEST == 2 && second) total += choices[~(uint)second];
    totals[g] = total;
  }
  FENCE;
  ulong last = ~(ulong)0;
  for (int i = 0; i < (int)P_kept; ++i) last = next_place(totals, groups, totals, 0, last, places);
  FENCE;
  for (int g = item; g < groups; g += LOCAL_SIZE) totals[g] = place_of(totals[g], g) >= last ? 1.0f : 0.0f;
  FENCE;
}
#endif

// The weights of the chosen experts, of which −1 is none. One item computes them: there are few.
static void write_weights(__global const float *scores, __global const int *indices, __global float *weights,
                          int count) {
  float greatest = -INFINITY, sum = 0.0f;
  if (SCORES == 3) {
    for (int j = 0; j < count; ++j)
      if (indices[j] >= 0) greatest = fmax(greatest, scores[indices[j]]);
    for (int j = 0; j < count; ++j)
      if (indices[j] >= 0) sum += exp(scores[indices[j]] - greatest);
  }
  for (int j = 0; j < count; ++j) {
    const float score = indices[j] < 0 ? 0.0f : scores[indices[j]];
    weights[j] = SCORES != 3 ? score : indices[j] < 0 ? 0.0f : exp(score - greatest) / sum;
  }
  float total = 0.0f;
  for (int j = 0; j < count; ++j) total += weights[j];
  for (int j = 0; j < count; ++j)
    weights[j] = (NORMALIZES ? weights[j] / (total + 1e-20f) : weights[j]) * as_float(SCALE_BITS);
}

TILE_FUNCTION route_tile(__global const float *logits, __global const float *bias, __global const LOAD *load,
                         __global const int *table, __global const int *ids, __global float *scores,
                         __global float *choices, __global float *totals, __global int *indices,
                         __global float *weights, TILE_UNIFORMS, LOCAL_POINTER ulong *places,
                         LOCAL_POINTER float *partial, long token) {
  const int item = ITEM;
  const int experts = (int)P_experts;
  const int count = (int)P_count;
  scores += P_scores_offset + token * experts;
  choices += P_choices_offset + token * experts;
  indices += P_indices_offset + token * count;
  weights += P_weights_offset + token * count;
  write_scores(logits + P_logits_offset + token * P_logits_stride, bias + P_bias_offset, load + P_load_offset, scores,
               choices, experts, partial);
#if HAS_TABLE
  const long id = ids[P_ids_offset + token];
  for (int j = item; j < count; j += LOCAL_SIZE) {
    const int index = id >= 0 && id < P_vocabulary ? table[P_table_offset + id * count + j] : -1;
    indices[j] = j < P_used && index >= 0 && index < experts ? index : -1;
  }
#else
  totals += P_totals_offset + token * P_groups;
  int size = 0;
#if GROUP_BEST
  size = experts / (int)P_groups;
  keep_groups(choices, totals, size, uniforms, block, places);
#endif
  ulong last = ~(ulong)0;
  for (int j = 0; j < (int)P_used; ++j) {
    last = next_place(choices, experts, totals, size, last, places);
    if (item == 0) indices[j] = last ? (int)~(uint)last : -1;
  }
  for (int j = (int)P_used + item; j < count; j += LOCAL_SIZE) indices[j] = -1;
#endif
  FENCE;
  if (item == 0) write_weights(scores, indices, weights, count);
}

#if LOCAL_SIZE == 1
__kernel WIDE_KERNEL void route_wide(
#else
__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void route_simt(
#endif
    __global const float *restrict logits, __global const float *restrict bias, __global const LOAD *restrict load,
    __global const int *restrict table, __global const int *restrict ids, __global float *restrict scores,
    __global float *restrict choices, __global float *restrict totals, __global int *restrict indices,
    __global float *restrict weights, UNIFORMS) {
  __local ulong places[LOCAL_SIZE];
  __local float partial[LOCAL_SIZE];
  route_tile(logits, bias, load, table, ids, scores, choices, totals, indices, weights, uniforms, block, places,
             partial, get_group_id(1));
}
