// Prints the ids that llama.cpp finds for texts: two lines for each, without special tokens and with those that stand in it.
//
//   llama_ids VOCABULARY <TEXTS       each text as its length in bytes, four of them, the lowest first, and its bytes
#include <llama.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void quiet(enum ggml_log_level level, const char *text, void *data) {
  (void)data;
  if (level >= GGML_LOG_LEVEL_ERROR) fputs(text, stderr);
}

int main(int count, char **arguments) {
  if (count != 2) return 2;
  llama_log_set(quiet, NULL);
  llama_backend_init();
  struct llama_model_params options = llama_model_default_params();
  options.vocab_only = true;
  struct llama_model *model = llama_model_load_from_file(arguments[1], options);
  if (!model) return 1;
  uint8_t head[4];
  while (fread(head, 1, 4, stdin) == 4) {
    const uint32_t length = head[0] | head[1] << 8 | head[2] << 16 | (uint32_t)head[3] << 24;
    const int room = (int)length + 8;
    char *text = malloc(length + 1);
    llama_token *ids = malloc(sizeof(llama_token) * room);
    if (!text || !ids || fread(text, 1, length, stdin) != length) return 1;
    for (int parse = 0; parse < 2; ++parse) {
      const int found = llama_tokenize(llama_model_get_vocab(model), text, (int)length, ids, room, false, parse);
      for (int i = 0; i < found; ++i) printf("%s%d", i ? " " : "", ids[i]);
      printf("\n");
    }
    free(ids);
    free(text);
  }
  llama_model_free(model);
  return 0;
}
