// What stands for a kernel's work-group and items in its part of a tape's program, where the kernel is a function that
// Tape/walk.cl calls: one work-item of the walk does all items of a work-group in turn. Items that meet at barriers cannot.
//
// The place is where a kernel has the start of its parameters, which every tile function is given: so what asks for a group
// or an item finds it.
typedef struct {
  int start;
  int item_0, item_1, item_2;
  long group_0, group_1, group_2;
  long groups_0, groups_1, groups_2;
} tape_place;

#define UNIFORMS __global const long *restrict uniforms, const tape_place block
#define TILE_UNIFORMS __global const long *uniforms, const tape_place block
#define PARAMETER(index) uniforms[block.start + (index)]

#define AXIS_OF(name, axis) ((axis) == 0 ? block.name##_0 : (axis) == 1 ? block.name##_1 : block.name##_2)
#define get_local_id(axis) AXIS_OF(item, axis)
#define get_group_id(axis) AXIS_OF(group, axis)
#define get_num_groups(axis) AXIS_OF(groups, axis)

// A kernel is a function here, and its local memory, which no other item reads, is its own.
#define __kernel static __attribute__((always_inline))
#define reqd_work_group_size(x, y, z)
#define WIDE_KERNEL
#define __local
