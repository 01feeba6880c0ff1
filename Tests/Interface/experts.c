// A model of experts within a budget of memory: the logits and tokens of room for all, to the bit, and what is said of how
// often experts were there.
//
//   experts MODEL          one whose experts need more than BUDGET bytes

#include "fixtures.h"

enum { BUDGET = 1000000, MOST_LOGITS = 8192, TOKENS = 24 };

static heddle_model open_model(heddle_backend backend, const char *path, int64_t budget) {
  const heddle_model_options options = {.size = sizeof(options), .expert_memory = budget};
  heddle_model model = 0;
  NEED(heddle_model_open(backend, path, &options, &model));
  return model;
}

static int next_token(const float *logits) {
  int best = 0;
  for (int i = 1; i < MOST_LOGITS; i++)
    if (logits[i] > logits[best]) best = i;
  return best;
}

// The logits of a prompt and of the most probable tokens after it, one step behind the other.
static heddle_model_session logits_of(heddle_model model, float logits[TOKENS][MOST_LOGITS]) {
  int32_t ids[64];
  size_t count = 0;
  heddle_model_session session = 0;
  for (int i = 0; i < TOKENS * MOST_LOGITS; i++) logits[0][i] = -1e30f;
  NEED(heddle_model_tokenize(model, "The history of the city and of its people", ids, 64, &count));
  NEED(heddle_model_session_create(model, 64, &session));
  for (int token = 0; token < TOKENS; token++) {
    EXPECT(HEDDLE_OK, heddle_model_session_extend(session, ids, count, 0, logits[token], MOST_LOGITS));
    ids[0] = next_token(logits[token]);
    count = 1;
  }
  return session;
}

// The whole number behind some words; -1 without these.
static long long number(const char *text, const char *name) {
  const char *at = strstr(text, name);
  return at == NULL ? -1 : strtoll(at + strlen(name), NULL, 10);
}

static int32_t collect(void *context, const heddle_token *token) {
  strncat(context, token->text, token->length);
  return 0;
}

static void generates(heddle_model model, heddle_model_session session, char *text) {
  const heddle_generate_options options = {
      .size = sizeof(options), .maximum_tokens = TOKENS, .temperature = 1, .seed = 7, .session = session};
  text[0] = 0;
  EXPECT(HEDDLE_OK, heddle_model_generate(model, "To install a package,", &options, collect, text));
}

int main(int count, char **arguments) {
  if (count != 2) return fprintf(stderr, "usage: experts MODEL\n"), 2;
  check_start(300);
  static float expected[TOKENS][MOST_LOGITS], got[TOKENS][MOST_LOGITS];
  static char texts[2][4096], json[1024];
  heddle_backend backend = 0;
  NEED(heddle_backend_create(NULL, &backend));
  heddle_model whole = open_model(backend, arguments[1], 0), limited = open_model(backend, arguments[1], BUDGET);
  heddle_model_session of_whole = logits_of(whole, expected), of_limited = logits_of(limited, got);
  IS(memcmp(expected, got, sizeof(got)) == 0);
  EXPECT(HEDDLE_OK, heddle_model_session_experts(of_whole, json, sizeof(json), NULL));
  IS(strcmp(json, "null") == 0);
  EXPECT(HEDDLE_OK, heddle_model_session_experts(of_limited, json, sizeof(json), NULL));
  check_row(json);
  const long long hits = number(json, "\"hits\":"), misses = number(json, "\"misses\":");
  IS(hits > 0 && misses > 0);
  IS(number(json, "\"fetchedByteCount\":") > 0);
  IS(number(json, "\"residentByteCount\":") > 0 && number(json, "\"residentByteCount\":") <= BUDGET);
  check_row("");
  // What generates in a session counts there.
  generates(whole, of_whole, texts[0]);
  generates(limited, of_limited, texts[1]);
  IS(strlen(texts[0]) > TOKENS && strcmp(texts[0], texts[1]) == 0);
  EXPECT(HEDDLE_OK, heddle_model_session_experts(of_limited, json, sizeof(json), NULL));
  IS(number(json, "\"hits\":") + number(json, "\"misses\":") > hits + misses);
  // Room for all is no budget, and too little an error that says the least.
  heddle_model roomy = open_model(backend, arguments[1], INT64_C(1) << 40);
  heddle_model_session of_roomy = 0;
  NEED(heddle_model_session_create(roomy, 16, &of_roomy));
  EXPECT(HEDDLE_OK, heddle_model_session_experts(of_roomy, json, sizeof(json), NULL));
  IS(strcmp(json, "null") == 0);
  const heddle_model_options least = {.size = sizeof(least), .expert_memory = 1};
  EXPECT(HEDDLE_INVALID_ARGUMENT, heddle_model_open(backend, arguments[1], &least, &(heddle_model){0}));
  heddle_error error = {.size = sizeof(error)};
  NEED(heddle_last_error(&error));
  check_row(error.text);
  IS(number(error.text, "need ") > 1 && number(error.text, "need ") <= BUDGET);
  const heddle_handle made[] = {of_roomy, roomy, of_limited, of_whole, limited, whole, backend};
  for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) EXPECT(HEDDLE_OK, heddle_release(made[i]));
  const heddle_live_counts left = live_counts();
  IS(left.handles == 0 && left.buffers == 0);
  return check_finish("experts", 2 * TOKENS);
}
