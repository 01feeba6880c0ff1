#include "check.h"

#include <signal.h>
#include <unistd.h>

// Where every thread writes what it is about to do: the last one stands when a signal comes.
static const char *volatile last_file = "";
static volatile int last_line = 0;
static const char *volatile last_call = "nothing yet";
static const char *volatile last_row = "";
static int calls = 0, failures = 0;

static void say(const char *text) {
  size_t length = strlen(text);
  if (write(2, text, length) < 0) _exit(1);
}

static void on_signal(int signal) {
  char line[16];
  int at = sizeof(line) - 1;
  line[at] = 0;
  for (int rest = last_line; at > 0 && (rest > 0 || line[at] == 0); rest /= 10) line[--at] = (char)('0' + rest % 10);
  const char *name = "SIGBUS";
  if (signal == SIGALRM) name = "HANG";
  if (signal == SIGSEGV) name = "SIGSEGV";
  if (signal == SIGILL) name = "SIGILL";
  if (signal == SIGABRT) name = "SIGABRT";
  if (signal == SIGFPE) name = "SIGFPE";
  if (signal == SIGTRAP) name = "SIGTRAP";
  say(name);
  say(" in ");
  say(last_file);
  say(":");
  say(line + at);
  say(": ");
  say(last_call);
  say(" ");
  say(last_row);
  say("\n");
  _exit(1);
}

void check_start(unsigned seconds) {
  const int signals[] = {SIGSEGV, SIGILL, SIGABRT, SIGFPE, SIGTRAP, SIGBUS, SIGALRM};
  for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    sigaction(signals[i], &action, NULL);
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  alarm(seconds);
}

void check_begin(const char *file, int line, const char *call) {
  last_file = file;
  last_line = line;
  last_call = call;
}

void check_row(const char *row) { last_row = row; }

int check_end(heddle_status expected, heddle_status got) {
  calls++;
  if (got == expected) return 1;
  failures++;
  heddle_error error;
  memset(&error, 0, sizeof(error));
  error.size = sizeof(error);
  if (got != HEDDLE_OK) heddle_last_error(&error);
  printf("%s:%d: %s %s\n    gave %s, not %s%s%s\n", last_file, last_line, last_call, last_row, heddle_status_name(got),
         heddle_status_name(expected), error.text[0] ? ": " : "", error.text);
  return 0;
}

int check_calls(void) { return calls; }

void check_add(long judged) { calls += (int)judged; }

void check_is(const char *file, int line, const char *condition, int is_true) {
  if (is_true) return;
  failures++;
  printf("%s:%d: not so: %s %s\n", file, line, condition, last_row);
}

void check_give_up(heddle_status status) {
  heddle_error error;
  memset(&error, 0, sizeof(error));
  error.size = sizeof(error);
  heddle_last_error(&error);
  fprintf(stderr, "%s:%d: %s: %s: %s\n", last_file, last_line, last_call, heddle_status_name(status), error.text);
  exit(1);
}

int check_finish(const char *name, int fewest_calls) {
  if (calls < fewest_calls) {
    failures++;
    printf("%s: only %d calls were made, of at least %d\n", name, calls, fewest_calls);
  }
  printf("%s: %d calls with the expected status, %d failures\n", name, calls - failures, failures);
  return failures == 0 ? 0 : 1;
}
