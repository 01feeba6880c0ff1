// Goes on from prompts with llama.cpp, always by the most probable token: see .ci/real-text.
//
//   real_text MODEL COUNT PROMPT…
//
// Prints for each prompt a line of its ids, then a line for each token up to the end of the text: its id, and all ids whose
// logits are within 2 of its own, each with its distance. Keys and values are kept in float32, as Heddle keeps them.
#include <llama.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1024 };

static void quiet(enum ggml_log_level level, const char *text, void *data) {
  (void)data;
  if (level >= GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

static llama_token best(const float *logits, int count) {
  int best = 0;
  for (int i = 1; i < count; ++i)
    if (logits[i] > logits[best]) best = i;
  return best;
}

static int follow(struct llama_context *context, const struct llama_vocab *vocabulary, const char *prompt, int count) {
  llama_token ids[ROOM];
  int length = llama_tokenize(vocabulary, prompt, (int)strlen(prompt), ids, ROOM - count, true, true);
  if (length < 1) return 1;
  printf("prompt");
  for (int i = 0; i < length; ++i) printf(" %d", ids[i]);
  printf("\n");
  llama_memory_clear(llama_get_memory(context), true);
  for (int made = 0; made < count; ++made) {
    if (llama_decode(context, llama_batch_get_one(ids, length))) return 1;
    const float *logits = llama_get_logits_ith(context, -1);
    const int tokens = llama_vocab_n_tokens(vocabulary);
    const llama_token next = best(logits, tokens);
    printf("token %d", next);
    for (int i = 0; i < tokens; ++i)
      if (logits[next] - logits[i] < 2) printf(" %d:%.6g", i, logits[next] - logits[i]);
    printf("\n");
    if (llama_vocab_is_eog(vocabulary, next)) break;
    ids[0] = next;
    length = 1;
  }
  return 0;
}

int main(int count, char **arguments) {
  if (count < 4) return 2;
  llama_log_set(quiet, NULL);
  llama_backend_init();
  struct llama_model *model = llama_model_load_from_file(arguments[1], llama_model_default_params());
  if (!model) return 1;
  struct llama_context_params options = llama_context_default_params();
  options.n_ctx = options.n_batch = ROOM;
  options.type_k = options.type_v = GGML_TYPE_F32;
  options.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  struct llama_context *context = llama_init_from_model(model, options);
  if (!context) return 1;
  int status = 0;
  for (int i = 3; i < count && status == 0; ++i)
    status = follow(context, llama_model_get_vocab(model), arguments[i], atoi(arguments[2]));
  llama_free(context);
  llama_model_free(model);
  return status;
}
