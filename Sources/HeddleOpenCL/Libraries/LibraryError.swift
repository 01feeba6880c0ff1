import HeddleText

/// Why a library's function cannot be called, or what it answered.
public enum LibraryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A plan calls a library this build does not have; the package's trait of that name brings it.
  case missing(String, trait: String)
  /// The library has no such function here, or it has other parameters.
  case unknownFunction(String)
  /// The library's answer by its own name; where that is one of OpenCL's, an ``OpenCLError`` is thrown.
  case call(function: String, status: Int32, name: String, context: String)
  /// The library counts in 31 bits.
  case tooLarge(function: String, parameter: String, value: Int)

  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .missing(let library, let trait):
      "the plan calls \(library), which this build does not have: enable the package's trait '\(trait)'"
    case .unknownFunction(let name): "no library has a function '\(name)' with these parameters here"
    case .call(let function, let status, let name, let context): "\(function) returned \(name) (\(status)): \(context)"
    case .tooLarge(let function, let parameter, let value):
      "\(function): \(parameter) is \(value), not in 0...\(Int32.max)"
    }
  }
}

extension LibraryError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .missing, .tooLarge: .unsupported
    case .unknownFunction: .internal
    case .call: .deviceFailed
    }
  }
}
