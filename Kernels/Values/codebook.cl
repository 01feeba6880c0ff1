// Reading a codebook, a table in constant memory: `#include "Codebooks/iq2_xxs.cl"` declares `iq2_xxs_codebook`, made by
// the host of HeddleTypes/ValueFormats/Codebooks. An entry is some codes of few bits, the first lowest.
#include "Values/shape.cl"

// The entry at a place. Of 16 rows it is read row by row.
DECODER INTS NAME(entry_at)(__constant ushort *codebook, INTS place) {
#if LANES == 16
  int16 entry;
  entry.s0 = codebook[place.s0], entry.s1 = codebook[place.s1], entry.s2 = codebook[place.s2];
  entry.s3 = codebook[place.s3], entry.s4 = codebook[place.s4], entry.s5 = codebook[place.s5];
  entry.s6 = codebook[place.s6], entry.s7 = codebook[place.s7], entry.s8 = codebook[place.s8];
  entry.s9 = codebook[place.s9], entry.sa = codebook[place.sa], entry.sb = codebook[place.sb];
  entry.sc = codebook[place.sc], entry.sd = codebook[place.sd], entry.se = codebook[place.se];
  entry.sf = codebook[place.sf];
  return entry;
#else
  return codebook[place];
#endif
}
