// Runs the program of its own name in build/bin beside it, after asking the system for AMX tiles.
//
// ggml's code for AMX ends with SIGILL in a process that was not given tiles, and asks only when weights are laid out for
// them. The permission is the process's, and the next program in it keeps it.
#define _GNU_SOURCE
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };

int main(int count, char **arguments) {
  (void)count;
  if (NEEDS_TILES && syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) != 0) {
    perror("launcher: the system refuses AMX tiles, which this build of llama.cpp uses");
    return 1;
  }
  char own[PATH_MAX], name[PATH_MAX], program[PATH_MAX + sizeof("/build/bin/")];
  ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
  if (length < 0) {
    perror("launcher: its own place is unknown");
    return 1;
  }
  own[length] = 0;
  strcpy(name, own);
  const char *base = basename(name);
  if (snprintf(program, sizeof(program), "%s/build/bin/%s", dirname(own), base) >= (int)sizeof(program)) {
    fprintf(stderr, "launcher: the path of %s is too long\n", base);
    return 1;
  }
  execv(program, arguments);
  perror(program);
  return 1;
}
