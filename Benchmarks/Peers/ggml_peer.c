// ggml's CPU backend as a peer: Y = X · Wᵀ with W of any of ggml's types, laid out as ggml likes it best.
//
//   Y[t, r] = Σ_c X[t, c] · W[r, c]     X, Y  float, row-major     W  blocks of the type, row after row
//
// or, with experts, Y[t, j, r] = Σ_c X[t, c] · W[I[t, j], r, c], as ggml_mul_mat_id has it: `used` of `experts` a token.
//
// Compiled by .ci/llama-cpp against the headers of the version that it built, and opened at run time: programs that use
// it need no header of ggml. A layout is a buffer type of the backend: 0 keeps blocks as they are in files, the others
// rearrange them when weights are set, as llama.cpp does when it loads a model. Graphs and their plans are made once.
// One thread at a time may use this library.
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "ggml-cpu.h"
#include "ggml.h"

#define PUBLIC __attribute__((visibility("default")))

enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18, GREATEST_LAYOUTS = 8 };

static ggml_backend_t backend;
static ggml_backend_buffer_type_t layouts[GREATEST_LAYOUTS];
static int layout_count;

struct ggml_peer {
  struct ggml_context *context;
  // `choices` is NULL if there are no experts.
  struct ggml_tensor *x, *choices, *y;
  struct ggml_tensor **weights;
  ggml_backend_graph_plan_t *plans;
  int copies;
  ggml_backend_buffer_t weights_buffer, values_buffer;
};

struct ggml_peer_shape {
  // `rows` of one expert, if there are experts.
  int rows, columns, tokens, experts, used;
};

static void keep_quiet(enum ggml_log_level level, const char *text, void *data) {
  (void)data;
  if (level == GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

/// Starts the backend with so many threads. Gives the number of layouts, or 0 if AMX tiles are needed and refused.
PUBLIC int ggml_peer_open(int threads) {
  if (NEEDS_TILES && syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) != 0) return 0;
  if (!backend) {
    ggml_log_set(keep_quiet, NULL);
    backend = ggml_backend_cpu_init();
    if (!backend) return 0;
    layouts[layout_count++] = ggml_backend_cpu_buffer_type();
    ggml_backend_dev_t device = ggml_backend_get_device(backend);
    ggml_backend_dev_get_extra_bufts_t extra = (ggml_backend_dev_get_extra_bufts_t)ggml_backend_reg_get_proc_address(
        ggml_backend_dev_backend_reg(device), "ggml_backend_dev_get_extra_bufts");
    ggml_backend_buffer_type_t *found = extra ? extra(device) : NULL;
    for (; found && *found && layout_count < GREATEST_LAYOUTS; found++) layouts[layout_count++] = *found;
    struct ggml_threadpool_params parameters = ggml_threadpool_params_default(threads);
    ggml_backend_cpu_set_threadpool(backend, ggml_threadpool_new(&parameters));
  }
  ggml_backend_cpu_set_n_threads(backend, threads);
  return layout_count;
}

/// What ggml calls a layout: `CPU`, `CPU_REPACK`, `AMX`.
PUBLIC const char *ggml_peer_layout_name(int layout) {
  return layout >= 0 && layout < layout_count ? ggml_backend_buft_name(layouts[layout]) : NULL;
}

/// The instruction sets it was built with, as ggml lists them: `AVX2 FMA …`.
PUBLIC const char *ggml_peer_features(void) {
  static char text[512];
  text[0] = 0;
  ggml_backend_reg_t registry = ggml_backend_cpu_reg();
  ggml_backend_get_features_t get =
      (ggml_backend_get_features_t)ggml_backend_reg_get_proc_address(registry, "ggml_backend_get_features");
  for (struct ggml_backend_feature *feature = get ? get(registry) : NULL; feature && feature->name; feature++) {
    size_t used = strlen(text);
    if (strcmp(feature->value, "1") != 0) continue;
    snprintf(text + used, sizeof(text) - used, "%s%s", used ? " " : "", feature->name);
  }
  return text;
}

/// A type's number by its name in any case, `q4_k`; -1 if ggml has none.
PUBLIC int ggml_peer_type(const char *name) {
  for (int type = 0; type < GGML_TYPE_COUNT; type++) {
    const char *known = ggml_type_name((enum ggml_type)type);
    if (known && ggml_blck_size((enum ggml_type)type) > 0 && strcasecmp(known, name) == 0) return type;
  }
  return -1;
}

/// Bytes of a row of the type; 0 if it holds no whole number of blocks.
PUBLIC size_t ggml_peer_row_size(int type, int columns) {
  if (type < 0 || type >= GGML_TYPE_COUNT || columns <= 0) return 0;
  int64_t block = ggml_blck_size((enum ggml_type)type);
  return block > 0 && columns % block == 0 ? ggml_row_size((enum ggml_type)type, columns) : 0;
}

/// Decodes values of a type by ggml's own reference. False if it has none.
PUBLIC bool ggml_peer_decode(int type, const void *bytes, int64_t count, float *values) {
  if (type == GGML_TYPE_F32) {
    memcpy(values, bytes, (size_t)count * sizeof(float));
    return true;
  }
  const struct ggml_type_traits *traits = ggml_get_type_traits((enum ggml_type)type);
  if (!traits || !traits->to_float) return false;
  traits->to_float(bytes, values, count);
  return true;
}

/// Encodes rows by ggml's own quantizer, all values equally important.
PUBLIC bool ggml_peer_encode(int type, const float *values, int rows, int columns, void *bytes) {
  if (!ggml_peer_row_size(type, columns)) return false;
  float *importance = malloc(sizeof(float) * (size_t)columns);
  if (!importance) return false;
  for (int column = 0; column < columns; column++) importance[column] = 1;
  size_t written = ggml_quantize_chunk((enum ggml_type)type, values, bytes, 0, rows, columns, importance);
  free(importance);
  return written == (size_t)rows * ggml_peer_row_size(type, columns);
}

PUBLIC void ggml_peer_free(struct ggml_peer *peer) {
  if (!peer) return;
  for (int copy = 0; peer->plans && copy < peer->copies; copy++) {
    if (peer->plans[copy]) ggml_backend_graph_plan_free(backend, peer->plans[copy]);
  }
  free(peer->plans);
  free(peer->weights);
  if (peer->weights_buffer) ggml_backend_buffer_free(peer->weights_buffer);
  if (peer->values_buffer) ggml_backend_buffer_free(peer->values_buffer);
  if (peer->context) ggml_free(peer->context);
  free(peer);
}

// Whether the backend multiplies by such weights in such a buffer; asked as llama.cpp asks when it loads a model.
static bool takes(ggml_backend_buffer_type_t layout, struct ggml_tensor *weights, struct ggml_tensor *product) {
  ggml_backend_buffer_t empty = ggml_backend_buft_alloc_buffer(layout, 0);
  if (!empty) return false;
  weights->buffer = empty;
  bool does = ggml_backend_dev_supports_op(ggml_backend_get_device(backend), product);
  weights->buffer = NULL;
  ggml_backend_buffer_free(empty);
  return does;
}

static bool fill(struct ggml_peer *peer, enum ggml_type type, struct ggml_peer_shape shape,
                 ggml_backend_buffer_type_t layout) {
  int copies = peer->copies;
  struct ggml_init_params parameters = {
      .mem_size = (size_t)copies * (2 * ggml_tensor_overhead() + ggml_graph_overhead_custom(8, false)) +
                  4 * ggml_tensor_overhead(),
      .no_alloc = true,
  };
  peer->context = ggml_init(parameters);
  peer->weights = calloc((size_t)copies, sizeof(*peer->weights));
  peer->plans = calloc((size_t)copies, sizeof(*peer->plans));
  struct ggml_tensor **products = calloc((size_t)copies, sizeof(*products));
  bool done = false;
  if (!peer->context || !peer->weights || !peer->plans || !products) goto end;

  bool by_expert = shape.experts > 0;
  // With experts a token's row is one that all of the token's experts share.
  peer->x = by_expert ? ggml_new_tensor_3d(peer->context, GGML_TYPE_F32, shape.columns, 1, shape.tokens)
                      : ggml_new_tensor_2d(peer->context, GGML_TYPE_F32, shape.columns, shape.tokens);
  if (by_expert) peer->choices = ggml_new_tensor_2d(peer->context, GGML_TYPE_I32, shape.used, shape.tokens);
  for (int copy = 0; copy < copies; copy++) {
    peer->weights[copy] = by_expert ? ggml_new_tensor_3d(peer->context, type, shape.columns, shape.rows, shape.experts)
                                    : ggml_new_tensor_2d(peer->context, type, shape.columns, shape.rows);
    products[copy] = by_expert ? ggml_mul_mat_id(peer->context, peer->weights[copy], peer->x, peer->choices)
                               : ggml_mul_mat(peer->context, peer->weights[copy], peer->x);
  }
  peer->y = products[0];
  if (!takes(layout, peer->weights[0], peer->y)) goto end;

  size_t alignment = ggml_backend_buft_get_alignment(layout);
  size_t stride = ggml_backend_buft_get_alloc_size(layout, peer->weights[0]);
  stride = (stride + alignment - 1) / alignment * alignment;
  peer->weights_buffer = ggml_backend_buft_alloc_buffer(layout, stride * (size_t)copies);
  size_t x_size = (ggml_nbytes(peer->x) + 63) / 64 * 64;
  size_t y_place = x_size + (by_expert ? (ggml_nbytes(peer->choices) + 63) / 64 * 64 : 0);
  peer->values_buffer = ggml_backend_alloc_buffer(backend, y_place + ggml_nbytes(peer->y));
  if (!peer->weights_buffer || !peer->values_buffer) goto end;
  char *values = ggml_backend_buffer_get_base(peer->values_buffer);
  char *weights = ggml_backend_buffer_get_base(peer->weights_buffer);
  if (ggml_backend_tensor_alloc(peer->values_buffer, peer->x, values) != GGML_STATUS_SUCCESS) goto end;
  if (by_expert &&
      ggml_backend_tensor_alloc(peer->values_buffer, peer->choices, values + x_size) != GGML_STATUS_SUCCESS)
    goto end;
  for (int copy = 0; copy < copies; copy++) {
    char *place = weights + stride * (size_t)copy;
    if (ggml_backend_tensor_alloc(peer->weights_buffer, peer->weights[copy], place) != GGML_STATUS_SUCCESS) goto end;
    // All results go to one place.
    if (ggml_backend_tensor_alloc(peer->values_buffer, products[copy], values + y_place) != GGML_STATUS_SUCCESS) goto end;
    struct ggml_cgraph *graph = ggml_new_graph_custom(peer->context, 8, false);
    ggml_build_forward_expand(graph, products[copy]);
    peer->plans[copy] = ggml_backend_graph_plan_create(backend, graph);
    if (!peer->plans[copy]) goto end;
  }
  done = true;
end:
  free(products);
  return done;
}

/// A product of `tokens` rows of activations with so many copies of weights; of `experts` above 0 each token takes `used`.
/// NULL if the layout takes no such weights, or for want of memory.
PUBLIC struct ggml_peer *ggml_peer_create(int type, int rows, int columns, int tokens, int experts, int used,
                                          int layout, int copies) {
  if (!ggml_peer_row_size(type, columns) || rows <= 0 || tokens <= 0 || copies <= 0) return NULL;
  if (experts < 0 || (experts > 0 && (used <= 0 || used > experts))) return NULL;
  if (layout < 0 || layout >= layout_count) return NULL;
  struct ggml_peer *peer = calloc(1, sizeof(*peer));
  if (!peer) return NULL;
  peer->copies = copies;
  struct ggml_peer_shape shape = {rows, columns, tokens, experts, used};
  if (fill(peer, (enum ggml_type)type, shape, layouts[layout])) return peer;
  ggml_peer_free(peer);
  return NULL;
}

/// Sets a copy of the weights from `rows` rows of blocks, of each expert in turn, and lays them out.
PUBLIC void ggml_peer_set_weights(struct ggml_peer *peer, int copy, const void *bytes) {
  if (copy < 0 || copy >= peer->copies) return;
  ggml_backend_tensor_set(peer->weights[copy], bytes, 0, ggml_nbytes(peer->weights[copy]));
}

PUBLIC void ggml_peer_set_activations(struct ggml_peer *peer, const float *values) {
  ggml_backend_tensor_set(peer->x, values, 0, ggml_nbytes(peer->x));
}

/// Sets the experts of each token, `tokens` rows of `used`; without experts it does nothing.
PUBLIC void ggml_peer_set_choices(struct ggml_peer *peer, const int32_t *experts) {
  if (peer->choices) ggml_backend_tensor_set(peer->choices, experts, 0, ggml_nbytes(peer->choices));
}

/// Computes the product with a copy of the weights. Gives ggml's status, 0 if all went well.
PUBLIC int ggml_peer_run(struct ggml_peer *peer, int copy) {
  if (copy < 0 || copy >= peer->copies) return GGML_STATUS_FAILED;
  return ggml_backend_graph_plan_compute(backend, peer->plans[copy]);
}

/// The result of the last run, `tokens` rows of `rows` values, or of `used` times as many.
PUBLIC void ggml_peer_output(struct ggml_peer *peer, float *values) {
  ggml_backend_tensor_get(peer->y, values, 0, ggml_nbytes(peer->y));
}
