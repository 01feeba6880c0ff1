import HeddleText

/// Why an importance matrix cannot be read or made.
public enum ImportanceError: Error, Hashable, Sendable {
  case file(FileError)
  case gguf(GGUFError)
  /// Neither form of llama.cpp.
  case notImportance(path: String)
  /// A file of the older form ends before what it says it has.
  case truncated(path: String, offset: Int)
  /// A count of the older form that no file can have.
  case invalidCount(path: String, offset: Int, Int)
  /// A name of the older form that is not UTF-8.
  case invalidName(path: String, offset: Int)
  /// Sums without counts, or counts without sums, or not of float32.
  case incomplete(entry: String)
  /// Sums that are not the same number for each matrix.
  case size(entry: String, sums: Int, counts: Int)
  /// A sum of squares that is not finite, or below zero.
  case value(entry: String, index: Int, Float)
  /// No rows of inputs, or a count that is not finite, or below zero.
  case count(entry: String, Float)
  case duplicate(entry: String)
  case noEntries
}

extension ImportanceError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .file(let error): error.description
    case .gguf(let error): error.description
    case .notImportance(let path): "\(path): is no importance matrix of llama.cpp"
    case .truncated(let path, let offset): "\(path): ends at byte \(offset), before all that it says it has"
    case .invalidCount(let path, let offset, let count): "\(path): has the count \(count) at byte \(offset)"
    case .invalidName(let path, let offset): "\(path): has a name at byte \(offset) that is not UTF-8"
    case .incomplete(let entry): "the importance of \(quoted(entry)) needs sums and counts of float32"
    case .size(let entry, let sums, let counts):
      "the importance of \(quoted(entry)) has \(sums) sums for \(counts) matrices"
    case .value(let entry, let index, let value):
      "the importance of \(quoted(entry)) is \(value) at \(index); it must be finite and not below zero"
    case .count(let entry, let count): "the importance of \(quoted(entry)) is of \(count) rows of inputs"
    case .duplicate(let entry): "the importance of \(quoted(entry)) comes twice"
    case .noEntries: "there is no importance of any matrix"
    }
  }
}

extension ImportanceError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .file(let error): error.kind
    case .gguf(let error): error.kind
    case .notImportance, .truncated, .invalidCount, .invalidName, .incomplete, .size, .value, .count, .duplicate:
      .invalidFile
    case .noEntries: .invalidArgument
    }
  }
}
