import HeddleText

/// What keeps the files of a model in several from being one model. Numbers count from 0, as the files' own do.
public enum SplitDefect: Error, Hashable, Sendable {
  /// The file is not called so that the others could be found.
  case name(number: Int, count: Int, expected: String)
  case missing(number: Int, count: Int)
  /// The file says that it is another one.
  case part(number: Int, count: Int, foundNumber: Int, foundCount: Int)
  /// A tensor is in two files.
  case duplicateTensor(String, other: String)
  case tensorCount(expected: Int, found: Int)
}

extension SplitDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .name(let number, let count, let expected):
      "is part \(number &+ 1) of \(count) of a model, and its name must end in '\(expected)' for the others to be found"
    case .missing(let number, let count):
      "is not there: part \(number &+ 1) of \(count) of a model (an unfinished download?)"
    case .part(let number, let count, let foundNumber, let foundCount):
      "is called as part \(number &+ 1) of \(count) and says that it is part \(foundNumber &+ 1) of \(foundCount)"
    case .duplicateTensor(let tensor, let other): "has the tensor \(quoted(tensor)), which '\(other)' has too"
    case .tensorCount(let expected, let found):
      "says that all parts have \(expected) tensors, and they have \(found)"
    }
  }
}

extension SplitDefect: HeddleError {
  public var kind: ErrorKind { .invalidFile }
}
