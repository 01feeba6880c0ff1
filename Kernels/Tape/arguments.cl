// What a kernel's part of a tape's program is called with: where its buffers are, and which tiles it is to do.
//
//   addresses  the buffers of a tape, by number
//   operands   the numbers of a launch's buffers, in the order of its kernel's arguments
//   start      of the launch's parameters in `uniforms`
//   groups     work-groups along each axis; tile t is the group that is the t-th with the first axis fastest
#define TAPED_ARGUMENTS                                                                                              \
  __global const ulong *addresses, __global const int *operands, __global const long *uniforms, const int start,     \
      __global const long *groups, const long first, const long end
