// Pairs of nibbles as the bytes of a table of 16, four of them a word.
//
// Defines   X86_ASSEMBLY, in wide programs: 1 looks all up with one instruction of AVX2
#include "Values/shape.cl"

// Of a bit in both bytes, ones in each byte where it is set.
#define BYTE_MASK(nibbles, bit) (((nibbles) >> (PAIRS)(bit) & (PAIRS)0x0101) * (PAIRS)0xFF)
// One of two bytes of the table, as the mask says, in both bytes.
#define TABLE_BYTE(word, b) ((PAIRS)((ushort)((word) >> (8 * (b)) & 255) * 0x0101))
#define CHOICE(mask, clear, set) ((clear) ^ ((mask) & ((clear) ^ (set))))

DECODER PAIRS NAME(four_levels)(PAIRS first, PAIRS second, uint word) {
  return CHOICE(second, CHOICE(first, TABLE_BYTE(word, 0), TABLE_BYTE(word, 1)),
                CHOICE(first, TABLE_BYTE(word, 2), TABLE_BYTE(word, 3)));
}

DECODER PAIRS NAME(table_levels)(PAIRS nibbles, uint a, uint b, uint c, uint d) {
#if LANES == 16 && X86_ASSEMBLY
  const uint8 table = (uint8)(a, b, c, d, a, b, c, d);
  PAIRS levels;
  __asm__("vpshufb %2, %1, %0" : "=x"(levels) : "x"(table), "x"(nibbles));
  return levels;
#else
  const PAIRS first = BYTE_MASK(nibbles, 0), second = BYTE_MASK(nibbles, 1), third = BYTE_MASK(nibbles, 2);
  const PAIRS low = CHOICE(third, NAME(four_levels)(first, second, a), NAME(four_levels)(first, second, b));
  const PAIRS high = CHOICE(third, NAME(four_levels)(first, second, c), NAME(four_levels)(first, second, d));
  return CHOICE(BYTE_MASK(nibbles, 3), low, high);
#endif
}
