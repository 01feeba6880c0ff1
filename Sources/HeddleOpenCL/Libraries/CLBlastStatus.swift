import OpenCLRuntime

/// The codes of `<clblast_c.h>` that OpenCL does not have, by their own names.
enum CLBlastStatus {
  static func name(of number: Int32) -> String? {
    switch number {
    case -1024: "CLBlastNotImplemented"
    case -1022: "CLBlastInvalidMatrixA"
    case -1021: "CLBlastInvalidMatrixB"
    case -1020: "CLBlastInvalidMatrixC"
    case -1017: "CLBlastInvalidDimension"
    case -1016: "CLBlastInvalidLeadDimA"
    case -1015: "CLBlastInvalidLeadDimB"
    case -1014: "CLBlastInvalidLeadDimC"
    case -1011: "CLBlastInsufficientMemoryA"
    case -1010: "CLBlastInsufficientMemoryB"
    case -1009: "CLBlastInsufficientMemoryC"
    case -2050: "CLBlastInsufficientMemoryTemp"
    case -2049: "CLBlastInvalidBatchCount"
    case -2048: "CLBlastInvalidOverrideKernel"
    case -2047: "CLBlastMissingOverrideParameter"
    case -2046: "CLBlastInvalidLocalMemUsage"
    case -2041: "CLBlastDatabaseError"
    case -2040: "CLBlastUnknownError"
    case -2039: "CLBlastUnexpectedError"
    default: nil
    }
  }

  /// The error of a call, as the library's own if its status is none of OpenCL's.
  static func named(_ error: OpenCLError) -> any Error {
    guard case .call(let function, let status, let context) = error, let name = name(of: status.rawValue) else {
      return error
    }
    return LibraryError.call(function: function, status: status.rawValue, name: name, context: context)
  }
}
