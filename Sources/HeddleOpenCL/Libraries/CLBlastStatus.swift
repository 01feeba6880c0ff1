import OpenCLRuntime

/// The codes of `<clblast_c.h>` that OpenCL does not have, by their own names.
enum CLBlastStatus {
  // Traps: never, a number stands once.
  static let names: [Int32: String] = [
    -1024: "CLBlastNotImplemented", -1022: "CLBlastInvalidMatrixA", -1021: "CLBlastInvalidMatrixB",
    -1020: "CLBlastInvalidMatrixC", -1017: "CLBlastInvalidDimension", -1016: "CLBlastInvalidLeadDimA",
    -1015: "CLBlastInvalidLeadDimB", -1014: "CLBlastInvalidLeadDimC", -1011: "CLBlastInsufficientMemoryA",
    -1010: "CLBlastInsufficientMemoryB", -1009: "CLBlastInsufficientMemoryC", -2050: "CLBlastInsufficientMemoryTemp",
    -2049: "CLBlastInvalidBatchCount", -2048: "CLBlastInvalidOverrideKernel",
    -2047: "CLBlastMissingOverrideParameter", -2046: "CLBlastInvalidLocalMemUsage", -2041: "CLBlastDatabaseError",
    -2040: "CLBlastUnknownError", -2039: "CLBlastUnexpectedError",
  ]

  /// The error of a call, as the library's own if its status is none of OpenCL's.
  static func named(_ error: OpenCLError) -> any Error {
    guard case .call(let function, let status, let context) = error, let name = names[status.rawValue] else {
      return error
    }
    return LibraryError.call(function: function, status: status.rawValue, name: name, context: context)
  }
}
