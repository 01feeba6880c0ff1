import HeddleTypes

/// Why a result was refused: what is needed to look at the worst element again.
public struct Mismatch: Error, Sendable, CustomStringConvertible {
  public enum Reason: String, Sendable {
    case missingOutput = "the output is missing"
    case unexpectedOutput = "there is no such output"
    case type = "the type differs"
    case notANumber = "a NaN stands on one side only"
    case infinity = "an infinity differs"
    case value = "the value is out of bounds"
    case mistrusted = "over half of the expected values are zero: the case says little"
    case bound = "the bound could not be computed"
  }

  public var caseName: String
  public var seed: UInt64
  public var output: String
  public var reason: Reason
  /// The row-major position of the worst element.
  public var index: [Int] = []
  public var got = ""
  public var expected = ""
  public var error = 0.0
  public var bound = 0.0
  /// How many elements are out of bounds, of how many.
  public var failures = 0
  public var elements = 0

  public var description: String {
    let place = index.isEmpty ? output : "\(output)\(index)"
    var text = "\(caseName) (seed \(seed)), \(place): \(reason.rawValue)"
    if !got.isEmpty || !expected.isEmpty { text += "; got \(got), expected \(expected)" }
    if reason == .value { text += "; error \(error), bound \(bound)" }
    if failures > 0 { text += "; \(failures) of \(elements) elements" }
    return text
  }
}
