// Dimensions that are none, do not fit, or have symbols without a value; and those that are well, in one form.

#include "abuse.h"

static const heddle_symbol symbols[] = {{"past", 7}, {"tokens", -3}, {"big", INT64_MAX}};

static heddle_status read_dimension(const char *text, size_t count, int64_t *value, char *buffer, size_t capacity) {
  return heddle_dimension(text, symbols, count, value, buffer, capacity, NULL);
}

static void wrong(void) {
  const char *const texts[] = {
      "",          " ",          "tokens +",   "tokens tokens", "2.5",       "ceil(tokens)", "ceil(a + b/2)",
      "ceil(a/0)", "(a",         "a)",         "\xC3\xA9",      "a/2",       "1e3",          "ceil(a/b)",
      "-",         "\xD9\xA3",   "2a",         "a..*",          "\x1B[31m",  "a\n",          "9223372036854775808",
      "--",        "ceil(a/-1)", "past % 2",   "past; tokens",  "past,tokens"};
  char buffer[64] = "Z";
  int64_t value = 11;
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
    check_row(texts[i]);
    EXPECT(HEDDLE_INVALID_GRAPH, read_dimension(texts[i], 3, &value, buffer, sizeof(buffer)));
  }
  check_row("");
  // Deep, long, short and enormous multiplied out, and beyond 64 bits by its own numbers.
  static char deep[512], length[5001], product[2048];
  memset(deep, '(', 200);
  deep[200] = 'a';
  memset(deep + 201, ')', 200);
  memset(length, 'a', sizeof(length) - 1);
  for (int i = 0; i < 30; i++) strcat(product, i == 0 ? "(a + b + c + d + e)" : "*(a + b + c + d + e)");
  const char *const large[] = {deep, length, product, "9223372036854775807 + 1", "9223372036854775807*a*2"};
  for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++)
    EXPECT(HEDDLE_INVALID_GRAPH, read_dimension(large[i], 3, NULL, buffer, sizeof(buffer)));
  // Values beyond 64 bits, and symbols that have none.
  EXPECT(HEDDLE_INVALID_GRAPH, read_dimension("big + 1", 3, &value, buffer, sizeof(buffer)));
  EXPECT(HEDDLE_INVALID_GRAPH, read_dimension("big*past", 3, &value, buffer, sizeof(buffer)));
  EXPECT(HEDDLE_INVALID_BINDING, read_dimension("past + nobody", 3, &value, buffer, sizeof(buffer)));
  EXPECT(HEDDLE_INVALID_BINDING, read_dimension("past + tokens", 1, &value, buffer, sizeof(buffer)));
  EXPECT(HEDDLE_INVALID_BINDING, read_dimension("past", 0, &value, buffer, sizeof(buffer)));
  const heddle_symbol twice[] = {{"past", 1}, {"past", 2}};
  EXPECT(HEDDLE_INVALID_BINDING, heddle_dimension("past", twice, 2, &value, buffer, sizeof(buffer), NULL));
  EXPECT(HEDDLE_BUFFER_TOO_SMALL, read_dimension("past + tokens", 3, &value, buffer, 13));
  IS(value == 11 && strcmp(buffer, "Z") == 0);
}

void abuse_dimensions(const fixture *good) {
  (void)good;
  wrong();
  const struct {
    const char *text, *canonical;
    int64_t value;
  } right[] = {
      {"tokens + past", "past + tokens", 4},
      {" 2 * (past+tokens) ", "2*past + 2*tokens", 8},
      {"1 - tokens", "-tokens + 1", 4},
      {"past - past", "0", 0},
      {"ceil((past*2)/4)", "ceil(2*past/4)", 4},
      {"ceil((4*past)/2)", "2*past", 14},
      {"ceil(tokens/2)", "ceil(tokens/2)", -1},
      {"\xE2\x8C\x88past/4\xE2\x8C\x89\xC2\xB7tokens", "tokens*ceil(past/4)", -6},
      {"big", "big", INT64_MAX},
      {"-7", "-7", -7},
  };
  for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
    check_row(right[i].text);
    char buffer[64];
    size_t needed = 0;
    int64_t value = 0;
    EXPECT(HEDDLE_OK, heddle_dimension(right[i].text, symbols, 3, &value, buffer, sizeof(buffer), &needed));
    IS(strcmp(buffer, right[i].canonical) == 0 && needed == strlen(buffer) + 1 && value == right[i].value);
    // Without values no symbols are needed, and without room only the room is told.
    EXPECT(HEDDLE_OK, heddle_dimension(right[i].text, NULL, 0, NULL, buffer, needed, NULL));
    EXPECT(HEDDLE_OK, heddle_dimension(right[i].text, NULL, 0, NULL, NULL, 0, &needed));
    IS(strcmp(buffer, right[i].canonical) == 0 && needed == strlen(buffer) + 1);
  }
  check_row("");
}
