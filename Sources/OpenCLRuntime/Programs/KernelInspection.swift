import COpenCL

/// Asks a driver what a kernel's parameters are.
enum KernelInspection {
  /// A kernel with more parameters is a driver's mistake.
  static let mostArguments = 4096

  static func argumentCount(_ kernel: cl_kernel, _ name: String) throws(OpenCLError) -> Int {
    let count = try InfoQuery.integer("clGetKernelInfo", "the argument count of kernel '\(name)'") {
      clGetKernelInfo(kernel, cl_uint(CL_KERNEL_NUM_ARGS), $0, $1, $2)
    }
    guard count <= mostArguments else {
      throw .unexpectedAnswer(function: "clGetKernelInfo", context: "kernel '\(name)' with \(count) arguments")
    }
    return count
  }

  /// What the driver tells of each parameter; one it does not describe is `unknown`.
  static func arguments(_ kernel: cl_kernel, count: Int) -> [KernelArgument] {
    (0..<max(0, count)).map { argument(kernel, $0) }
  }

  private static func argument(_ kernel: cl_kernel, _ index: Int) -> KernelArgument {
    func bits(_ parameter: Int32) -> UInt64? {
      try? InfoQuery.bits("clGetKernelArgInfo", "argument \(index)") {
        clGetKernelArgInfo(kernel, cl_uint(clamping: index), cl_uint(bitPattern: parameter), $0, $1, $2)
      }
    }
    func text(_ parameter: Int32) -> String {
      let text = try? InfoQuery.string("clGetKernelArgInfo", "argument \(index)") {
        clGetKernelArgInfo(kernel, cl_uint(clamping: index), cl_uint(bitPattern: parameter), $0, $1, $2)
      }
      return text ?? ""
    }
    let space: KernelArgument.AddressSpace? =
      switch bits(CL_KERNEL_ARG_ADDRESS_QUALIFIER) {
      case UInt64(CL_KERNEL_ARG_ADDRESS_GLOBAL): .global
      case UInt64(CL_KERNEL_ARG_ADDRESS_LOCAL): .local
      case UInt64(CL_KERNEL_ARG_ADDRESS_CONSTANT): .constant
      case UInt64(CL_KERNEL_ARG_ADDRESS_PRIVATE): .private
      default: nil
      }
    let typeName = text(CL_KERNEL_ARG_TYPE_NAME)
    // A driver without the information may answer "private" to everything, but then has no type names.
    guard let space, !typeName.isEmpty else { return KernelArgument(index: index) }
    let access: KernelArgument.Access =
      switch bits(CL_KERNEL_ARG_ACCESS_QUALIFIER) {
      case UInt64(CL_KERNEL_ARG_ACCESS_READ_ONLY): .readOnly
      case UInt64(CL_KERNEL_ARG_ACCESS_WRITE_ONLY): .writeOnly
      case UInt64(CL_KERNEL_ARG_ACCESS_READ_WRITE): .readWrite
      default: .none
      }
    let qualifiers = bits(CL_KERNEL_ARG_TYPE_QUALIFIER) ?? 0
    return KernelArgument(
      index: index, name: text(CL_KERNEL_ARG_NAME), typeName: typeName, addressSpace: space, access: access,
      isConst: qualifiers & UInt64(CL_KERNEL_ARG_TYPE_CONST) != 0)
  }
}
