// Prints the logits that llama.cpp computes after each of some tokens: a row for each, seven digits a number.
//
//   llama_logits MODEL ID…
//
// Weights of two bytes meet activations rounded to two bytes there, so numbers differ in the third digit.
#include <llama.h>
#include <stdio.h>
#include <stdlib.h>

static void quiet(enum ggml_log_level level, const char *text, void *data) {
  (void)data;
  if (level >= GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  llama_log_set(quiet, NULL);
  llama_backend_init();
  struct llama_model *model = llama_model_load_from_file(arguments[1], llama_model_default_params());
  if (!model) return 1;
  struct llama_context_params options = llama_context_default_params();
  options.n_ctx = 32;
  options.n_threads = options.n_threads_batch = 1;
  struct llama_context *context = llama_init_from_model(model, options);
  if (!context) return 1;
  const int tokens = count - 2;
  const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
  struct llama_batch batch = llama_batch_init(tokens, 0, 1);
  batch.n_tokens = tokens;
  for (int i = 0; i < tokens; ++i) {
    batch.token[i] = atoi(arguments[i + 2]);
    batch.pos[i] = i;
    batch.n_seq_id[i] = 1;
    batch.seq_id[i][0] = 0;
    batch.logits[i] = 1;
  }
  if (llama_decode(context, batch)) return 1;
  for (int i = 0; i < tokens; ++i) {
    const float *row = llama_get_logits_ith(context, i);
    for (int v = 0; v < vocabulary; ++v) printf("%.7g%c", row[v], v + 1 < vocabulary ? ' ' : '\n');
  }
  llama_batch_free(batch);
  llama_free(context);
  llama_model_free(model);
  return 0;
}
