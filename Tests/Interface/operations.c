// The examples of the documentation's list of operations, as they stand there: each is built from operands of the types
// before it, gives the types it says, and is supported by a backend, but for `custom`, whose kernels it has not.
//
//   operations FILE     lines of three kinds, each about the next ones:
//                       // symbols: tokens 1...64, past 0...192
//                       // f32[tokens, 64], q4_0[192, 64] → f32[tokens, 192]
//                       {"matmul": {}}

#include <ctype.h>

#include "check.h"

enum { LONGEST = 4096, MOST_OPERANDS = 8, MOST_RESULTS = 4 };
static const char arrow[] = "→";
static const char *const dense[] = {"\"f32\"", "\"f16\"", "\"bf16\"", "\"i32\""};

// One type, `f32[tokens, 64]`, as JSON without spaces. Returns where it ends, or NULL if there is none.
static const char *type_json(const char *text, char *json) {
  while (*text == ' ' || *text == ',') text++;
  const char *open = strchr(text, '['), *close = strchr(text, ']');
  if (open == NULL || close == NULL || close < open) return NULL;
  json += sprintf(json, "{\"encoding\":\"%.*s\",\"shape\":[", (int)(open - text), text);
  for (const char *at = open + 1; at < close;) {
    while (*at == ' ') at++;
    size_t length = strcspn(at, ",]");
    const char *quote = isdigit((unsigned char)*at) ? "" : "\"";
    json += sprintf(json, "%s%s%.*s%s", at == open + 1 ? "" : ",", quote, (int)length, at, quote);
    at += length + 1;
  }
  strcpy(json, "]}");
  return close + 1;
}

static void declare(heddle_builder builder, const char *symbols) {
  char name[64];
  int minimum = 0, maximum = 0, length = 0;
  while (sscanf(symbols, " %63s %d...%d%n", name, &minimum, &maximum, &length) == 3) {
    NEED(heddle_builder_symbol(builder, name, minimum, maximum));
    symbols += length;
    if (*symbols == ',') symbols++;
  }
  check_row(symbols);
  IS(*symbols == 0);
}

// Inputs of the types before the arrow, constants if they are not dense; how many.
static size_t make_operands(heddle_builder builder, const char *types, heddle_value *operands) {
  static char type[LONGEST], leaf[LONGEST + 64];
  static const char *const forms[] = {"{\"constant\": {\"id\": \"operand %zu\", \"type\": %s}}",
                                      "{\"input\": {\"name\": \"operand %zu\", \"type\": %s}}"};
  const char *end = strstr(types, arrow), *at = types;
  size_t count = 0;
  while (count < MOST_OPERANDS && at != NULL && at + strspn(at, " ,") < end) {
    at = type_json(at, type);
    int is_dense = 0;
    for (size_t i = 0; i < sizeof(dense) / sizeof(dense[0]); i++) is_dense |= strstr(type, dense[i]) != NULL;
    snprintf(leaf, sizeof(leaf), forms[is_dense], count, type);
    NEED(heddle_builder_apply(builder, leaf, NULL, 0, NULL, &operands[count], 1, NULL));
    count++;
  }
  return count;
}

// Takes out the white space that is not within a text.
static void compact(char *json) {
  int is_text = 0;
  char *to = json;
  for (const char *from = json; *from != 0; from++) {
    if (*from == '"' && (from == json || from[-1] != '\\')) is_text = !is_text;
    if (is_text || !isspace((unsigned char)*from)) *to++ = *from;
  }
  *to = 0;
}

// Whether the graph's last node gives the `count` types behind the arrow and no more: a graph's JSON has sorted keys, so its
// results come last.
static int gives(heddle_graph graph, const char *types, size_t count) {
  static char text[16 * LONGEST], type[LONGEST], results[MOST_RESULTS * LONGEST + 64];
  NEED(heddle_graph_json(graph, text, sizeof(text), NULL));
  compact(text);
  char *to = results + sprintf(results, "\"results\":[");
  const char *at = strstr(types, arrow) + strlen(arrow);
  for (size_t result = 0; result < count; result++) {
    at = type_json(at, type);
    if (at == NULL) return 0;
    to += sprintf(to, "%s%s", result == 0 ? "" : ",", type);
  }
  strcpy(to, "]}],\"origins\"");
  if (at[strspn(at, " ")] == 0 && strstr(text, results) != NULL) return 1;
  printf("    the types behind the arrow are not those of %s\n", text);
  return 0;
}

static void example(heddle_backend backend, const char *symbols, const char *types, const char *operation) {
  heddle_builder builder = 0;
  heddle_graph graph = 0;
  heddle_value operands[MOST_OPERANDS], results[MOST_RESULTS] = {0};
  char reason[1024] = "";
  size_t count = 0;
  int32_t supported = 0;
  NEED(heddle_builder_create(&builder));
  declare(builder, symbols);
  check_row(operation);
  size_t operand_count = make_operands(builder, types, operands);
  if (EXPECT(HEDDLE_OK, heddle_builder_apply(builder, operation, operands, operand_count, NULL, results, MOST_RESULTS,
                                             &count))) {
    IS(count >= 1 && count <= MOST_RESULTS);
    // Each of them: what nobody asks for would not be planned.
    for (size_t result = 0; result < count; result++) {
      char name[] = {'y', (char)('0' + result), 0};
      EXPECT(HEDDLE_OK, heddle_builder_output(builder, name, results[result]));
    }
    EXPECT(HEDDLE_OK, heddle_builder_build(builder, &graph));
    IS(gives(graph, types, count));
    EXPECT(HEDDLE_OK, heddle_backend_supports(backend, graph, &supported, reason, sizeof(reason), NULL));
    const int is_custom = strncmp(operation, "{\"custom\"", 9) == 0;
    IS(supported == !is_custom);
    if (supported == is_custom) printf("    %s\n", reason);
    NEED(heddle_release(graph));
  }
  NEED(heddle_release(builder));
}

int main(int argc, char **argv) {
  check_start(300);
  FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
  if (file == NULL) return fprintf(stderr, "usage: operations FILE\n"), 2;
  static char line[LONGEST], symbols[LONGEST], types[LONGEST];
  heddle_backend backend = 0;
  NEED(heddle_backend_create(NULL, &backend));
  while (fgets(line, sizeof(line), file) != NULL) {
    line[strcspn(line, "\n")] = 0;
    if (strncmp(line, "// symbols:", 11) == 0) {
      strcpy(symbols, line + 11);
    } else if (strncmp(line, "// ", 3) == 0 && strstr(line, arrow) != NULL) {
      strcpy(types, line + 3);
    } else {
      check_row(line);
      IS(types[0] != 0);
      if (types[0] != 0) example(backend, symbols, types, line);
      types[0] = 0;
    }
  }
  fclose(file);
  NEED(heddle_release(backend));
  return check_finish("operations", 100);
}
