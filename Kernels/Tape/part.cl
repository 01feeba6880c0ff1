// A kernel's part of a tape's program: the tiles from `first` on, before `end`, of a launch of it. The kernel's own text
// stands before.
//
// Defines  TAPED_FUNCTION: the part's name  TAPED_ENTRY: the kernel  TAPED_OPERANDS: OPERAND(0), … of its buffers
//          LOCAL_0 LOCAL_1 LOCAL_2: items of a work-group along each axis
#include "Tape/arguments.cl"

#define OPERAND(index) (__global void *)addresses[operands[index]]

void TAPED_FUNCTION(TAPED_ARGUMENTS) {
  tape_place place;
  place.start = start;
  place.groups_0 = groups[0];
  place.groups_1 = groups[1];
  place.groups_2 = groups[2];
  for (long tile = first; tile < end; ++tile) {
    const long row = tile / place.groups_0;
    place.group_0 = tile - row * place.groups_0;
    place.group_2 = row / place.groups_1;
    place.group_1 = row - place.group_2 * place.groups_1;
    for (place.item_2 = 0; place.item_2 < LOCAL_2; ++place.item_2)
      for (place.item_1 = 0; place.item_1 < LOCAL_1; ++place.item_1)
        for (place.item_0 = 0; place.item_0 < LOCAL_0; ++place.item_0)
          TAPED_ENTRY(TAPED_OPERANDS, uniforms, place);
  }
}
