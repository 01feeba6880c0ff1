// Signs of eight values: bit i is 1 where value i is below zero.
#include "Values/shape.cl"

// Of seven signs the eighth too, which makes the count of minuses even.
DECODER INTS NAME(eight_signs)(INTS seven) {
  const INTS pairs = seven ^ seven >> 4;
  // Four bits as a place among 16: which of them are odd in number.
  return seven | ((INTS)(0x6996) >> (pairs & 15) & 1) << 7;
}

// A magnitude with sign i.
DECODER FLOATS NAME(signed_float)(INTS magnitude, INTS signs, int i) {
  const INTS sign = -(signs >> i & 1);
  return TO_FLOATS((magnitude ^ sign) - sign);
}
