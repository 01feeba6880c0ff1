// The first token a language model continues a text with.
//
//   cc first_token.c $(pkg-config --cflags --libs heddle) -o first_token && ./first_token model.gguf

#include <heddle.h>
#include <stdio.h>

static int32_t print_token(void *context, const heddle_token *token) {
  (void)context;
  fwrite(token->text, 1, token->length, stdout);
  return 0;
}

static int failed(heddle_status status) {
  if (status == HEDDLE_OK) return 0;
  heddle_error error = {.size = sizeof(error)};
  heddle_last_error(&error);
  fprintf(stderr, "%s: %s: %s\n", heddle_status_name(status), error.operation, error.text);
  return 1;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: first_token MODEL\n");
    return 2;
  }
  heddle_backend backend = 0;
  heddle_model model = 0;
  heddle_generate_options options = {.size = sizeof(options), .maximum_tokens = 1};
  int has_failed = failed(heddle_backend_create(NULL, &backend)) ||
                   failed(heddle_model_open(backend, arguments[1], NULL, &model)) ||
                   failed(heddle_model_generate(model, "The capital of France is", &options, print_token, NULL));
  if (!has_failed) putchar('\n');
  if (model != 0) heddle_release(model);
  if (backend != 0) heddle_release(backend);
  return has_failed;
}
