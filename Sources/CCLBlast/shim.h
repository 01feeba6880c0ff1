// Only with the package's trait `CLBlast`. The same view of OpenCL as COpenCL has.
#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <clblast_c.h>
