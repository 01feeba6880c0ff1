// JSON that is none, that is not a graph, or that is a graph nobody could run.

#include "abuse.h"

static const char *const documents[] = {
    "",
    " ",
    "{",
    "}",
    "[",
    "[]",
    "null",
    "true",
    "0",
    "1e999",
    "\"graph\"",
    "\"graph",
    "{}",
    "{} {}",
    "{\"a\": 1,}",
    "{\"a\" 1}",
    "{a: 1}",
    "{'a': 1}",
    "{\"nodes\": NaN}",
    "{\"nodes\": null}",
    "{\"nodes\": {}}",
    "{\"nodes\": [null]}",
    "{\"nodes\": [{}]}",
    "{\"nodes\": [[]]}",
    "\xEF\xBB\xBF",
    "{\"nodes\": \"\\uD800\"}",
    "{\"nodes\": \"\\u12\"}",
    "{\"nodes\": \"\\x\"}",
    "{\"nodes\": [1, 2",
    "{\"nodes\": 1e99999999999999999999}",
    "{\"nodes\": 99999999999999999999999999999999999999999999}",
    "{\"symbols\": [], \"nodes\": [], \"outputs\": 1, \"stateUpdates\": []}",
    "/* a comment */ {}",
};

static const char *const operations[] = {
    "",
    "softmax",
    "\"softmax\"",
    "[\"softmax\"]",
    "{\"softmax\"}",
    "{\"softmax\": 1}",
    "{\"softmax\": null}",
    "{\"softmax\": []}",
    "{\"Softmax\": {}}",
    "{\"nobody\": {}}",
    "{\"softmax\": {}, \"argmax\": {}}",
    "{\"softmax\": {\"nobody\": 1}}",
    "{\"unary\": {}}",
    "{\"unary\": {\"function\": \"nobody\"}}",
    "{\"unary\": {\"function\": 7}}",
    "{\"reshape\": {\"shape\": 4}}",
    "{\"reshape\": {\"shape\": [4.5]}}",
    "{\"reshape\": {\"shape\": [1e300]}}",
    "{\"reshape\": {\"shape\": [9223372036854775808]}}",
    "{\"reshape\": {\"shape\": [-9223372036854775808]}}",
    "{\"reshape\": {\"shape\": [9223372036854775807, 2]}}",
    "{\"reshape\": {\"shape\": [4294967296, 4294967296]}}",
    "{\"reshape\": {\"shape\": [true]}}",
    "{\"reshape\": {\"shape\": [\"\"]}}",
    "{\"reshape\": {\"shape\": [\"tokens tokens\"]}}",
    "{\"reshape\": {\"shape\": [\"tokens *\"]}}",
    "{\"reshape\": {\"shape\": [\"(tokens\"]}}",
    "{\"reshape\": {\"shape\": [\"tokens)\"]}}",
    "{\"reshape\": {\"shape\": [\"ceil(tokens/0)\"]}}",
    "{\"reshape\": {\"shape\": [\"ceil(tokens/-1)\"]}}",
    "{\"reshape\": {\"shape\": [\"ceil(1/tokens)\"]}}",
    "{\"reshape\": {\"shape\": [\"tokens/2\"]}}",
    "{\"reshape\": {\"shape\": [\"nobody\"]}}",
    "{\"reshape\": {\"shape\": [\"99999999999999999999\"]}}",
    "{\"reshape\": {\"shape\": [\"9223372036854775807*tokens*tokens\"]}}",
    "{\"reshape\": {\"shape\": [\"tokens; rm\"]}}",
};

static heddle_status apply(const fixture *good, const char *operation) {
  heddle_value value;
  return heddle_builder_apply(good->builder, operation, &good->x, 1, NULL, &value, 1, NULL);
}

static heddle_status parse(const char *text) {
  heddle_graph graph;
  return heddle_graph_from_json(text, strlen(text), &graph);
}

// `depth` times `text`, between `before` and `after`. The caller frees it.
static char *repeated(const char *before, const char *text, size_t depth, const char *after) {
  size_t length = strlen(text), start = strlen(before);
  char *result = malloc(start + depth * length + strlen(after) + 1);
  memcpy(result, before, start);
  for (size_t i = 0; i < depth; i++) memcpy(result + start + i * length, text, length);
  strcpy(result + start + depth * length, after);
  return result;
}

// What a parser that calls itself, or that multiplies out, would die of.
static void deep(const fixture *good) {
  const struct {
    const char *before, *text;
    size_t depth;
  } documents_of_depth[] = {
      {"", "[", 1000000},  {"", "{\"a\":", 1000000}, {"{\"nodes\":", "[", 100000},
      {"", "\"", 1000001}, {"", " ", 1000000},
  };
  for (size_t i = 0; i < sizeof(documents_of_depth) / sizeof(documents_of_depth[0]); i++) {
    char *text = repeated(documents_of_depth[i].before, documents_of_depth[i].text, documents_of_depth[i].depth, "");
    check_row(documents_of_depth[i].text);
    EXPECT(HEDDLE_INVALID_GRAPH, parse(text));
    EXPECT(HEDDLE_INVALID_GRAPH, apply(good, text));
    free(text);
  }
  const struct {
    const char *text;
    size_t depth;
    const char *last;
  } dimensions[] = {
      {"(", 2000, ""},
      {"(", 1000000, ""},
      {"-", 4000, "tokens"},
      {"-", 1000000, "tokens"},
      {"ceil(", 700, "tokens"},
      {"(tokens + past)*", 200, "1"},
      {"(tokens + past + capacity)*", 150, "1"},
      {"(a + b)*(c + d)*(e + f)*(g + h)*(i + j)*(k + l)*(m + n)*(o + p)*(q + r)*(s + t)*", 30, "1"},
      {"9", 1000000, ""},
      {"tokens+", 100000, "1"},
  };
  for (size_t i = 0; i < sizeof(dimensions) / sizeof(dimensions[0]); i++) {
    char *expression = repeated("{\"reshape\": {\"shape\": [\"", dimensions[i].text, dimensions[i].depth, "");
    char *text = malloc(strlen(expression) + strlen(dimensions[i].last) + 8);
    sprintf(text, "%s%s\"]}}", expression, dimensions[i].last);
    check_row(dimensions[i].text);
    EXPECT(HEDDLE_INVALID_GRAPH, apply(good, text));
    free(text);
    free(expression);
  }
  check_row("");
}

// A value may have more axes than any kernel takes, and at most 64.
static void axes(const fixture *good) {
  const size_t counts[] = {7, 63, 64, 1000, 100000};
  for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
    char *reshape = repeated("{\"reshape\": {\"shape\": [8", ", 1", counts[i], "]}}");
    heddle_builder builder = 0;
    heddle_graph graph = 0;
    heddle_executable executable = 0;
    heddle_value x = 0;
    NEED(heddle_builder_create(&builder));
    EXPECT(HEDDLE_OK,
           heddle_builder_apply(builder,
                                "{\"input\": {\"name\": \"x\", \"type\": {\"encoding\": \"f32\", \"shape\": [2, 4]}}}",
                                NULL, 0, NULL, &x, 1, NULL));
    const heddle_status status = counts[i] < 64 ? HEDDLE_OK : HEDDLE_INVALID_GRAPH;
    EXPECT(status, heddle_builder_apply(builder, reshape, &x, 1, NULL, &x, 1, NULL));
    EXPECT(HEDDLE_OK, heddle_builder_apply(builder, "{\"softmax\": {}}", &x, 1, NULL, &x, 1, NULL));
    EXPECT(HEDDLE_OK, heddle_builder_output(builder, "y", x));
    EXPECT(HEDDLE_OK, heddle_builder_build(builder, &graph));
    EXPECT(HEDDLE_OK, heddle_compile(good->backend, graph, 0, NULL, &executable));
    if (executable != 0) NEED(heddle_release(executable));
    NEED(heddle_release(graph));
    NEED(heddle_release(builder));
    free(reshape);
  }
}

// A graph's own JSON, cut after each byte, and with each byte replaced: a graph or an error, never more.
static void mutilated(const fixture *good) {
  size_t needed = 0;
  NEED(heddle_graph_json(good->graph, NULL, 0, &needed));
  char *text = malloc(needed), *changed = malloc(needed);
  NEED(heddle_graph_json(good->graph, text, needed, NULL));
  heddle_graph graph = 0;
  EXPECT(HEDDLE_OK, heddle_graph_from_json(text, needed - 1, &graph));
  // The same graph gives the same text.
  EXPECT(HEDDLE_OK, heddle_graph_json(graph, changed, needed, NULL));
  IS(strcmp(text, changed) == 0);
  EXPECT(HEDDLE_OK, heddle_release(graph));
  EXPECT(HEDDLE_INVALID_GRAPH, heddle_graph_from_json(text, needed, &graph));
  for (size_t length = 0; length < needed - 1; length++)
    EXPECT(HEDDLE_INVALID_GRAPH, heddle_graph_from_json(text, length, &graph));
  const char replacements[] = {0, ' ', '"', '{', ']', '9', '-', '\\', 'a'};
  for (size_t at = 0; at < needed - 1; at++) {
    for (size_t i = 0; i < sizeof(replacements); i++) {
      memcpy(changed, text, needed);
      changed[at] = replacements[i];
      check_begin(__FILE__, __LINE__, "heddle_graph_from_json(one byte replaced)");
      heddle_status status = heddle_graph_from_json(changed, needed - 1, &graph);
      check_end(status == HEDDLE_OK ? HEDDLE_OK : HEDDLE_INVALID_GRAPH, status);
      if (status == HEDDLE_OK) NEED(heddle_release(graph));
    }
  }
  free(changed);
  free(text);
}

void abuse_json(const fixture *good) {
  for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
    check_row(documents[i]);
    EXPECT(HEDDLE_INVALID_GRAPH, parse(documents[i]));
  }
  for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
    check_row(operations[i]);
    EXPECT(HEDDLE_INVALID_GRAPH, apply(good, operations[i]));
  }
  check_row("");
  deep(good);
  axes(good);
  mutilated(good);
}
