// Heddle's floor is OpenCL 1.2; declarations of later versions are used only after asking the device.
#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
