// What levels with a zero-point begin with, for values d · (q − z): [float d][short z]. Declares the unit, the header and
// HEADER.
#include "Values/shape.cl"

typedef ushort NAME(unit);
typedef struct {
  FLOATS scale;
  INTS zero;
} NAME(header);

HEADER {
  NAME(header) h = {AS_FLOATS(UNITS(p, 0) | UNITS(p, 1) << 16), UNITS(p, 2) << 16 >> 16};
  return h;
}

// Of products of levels: those of eight bits are signed bytes, 128 less.
#define ZERO_POINT(offset)                                                                       \
  enum { NAME(centred) = 1 };                                                                    \
  DECODER FLOATS NAME(scale_of)(NAME(header) h) { return h.scale; }                              \
  DECODER FLOATS NAME(least_of)(NAME(header) h) { return h.scale * TO_FLOATS((offset)-h.zero); } \
  DECODER FLOATS NAME(base_of)(NAME(header) h, int zero) { return TO_FLOATS((offset)-h.zero - zero); }
