// The codes of a block: of each 32 byte j of the nibbles is of the values j and j + 16.
#include "Encoders/shape.cl"

static int code_at(const Block *block, int k);

static uchar nibbles(const Block *block, int j) {
  const int k = 32 * (j / 16) + j % 16;
  return (uchar)((code_at(block, k) & 15) | (code_at(block, k + 16) & 15) << 4);
}

// Byte j of the word whose bit k is the fifth bit of code k.
static uchar fifth_bits(const Block *block, int j) {
  int bits = 0;
  for (int k = 0; k < 8; ++k) bits |= (code_at(block, 8 * j + k) >> 4) << k;
  return (uchar)bits;
}
