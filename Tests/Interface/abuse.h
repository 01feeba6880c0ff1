// The parts of the abuse test, each a file. Every part leaves the fixture as it was.

#ifndef HEDDLE_TESTS_ABUSE_H
#define HEDDLE_TESTS_ABUSE_H

#include "fixtures.h"

#ifdef __cplusplus
extern "C" {
#endif

void abuse_library(const fixture *good);
void abuse_handles(const fixture *good);
void abuse_pointers(const fixture *good);
void abuse_sizes(const fixture *good);
void abuse_structs(const fixture *good);
void abuse_text(const fixture *good);
void abuse_constants(const fixture *good);
void abuse_builders(const fixture *good);
void abuse_json(const fixture *good);
void abuse_dimensions(const fixture *good);
void abuse_compilation(const fixture *good);
void abuse_sessions(const fixture *good);
void abuse_memory(const fixture *good);
void abuse_dlpack(const fixture *good);
void abuse_callbacks(const fixture *good);

#ifdef __cplusplus
}
#endif

#endif
