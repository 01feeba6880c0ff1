import HeddleText
import HeddleTypes

/// How much each input of a model's matrices counts: the mean of its squares over a text, as llama.cpp's `llama-imatrix` finds
/// it.
///
/// A quantizer that weighs the errors of a column by it makes less of an error in the products.
public struct ImportanceMatrix: Sendable {
  /// What is known of the inputs of a matrix, or of matrices in one tensor.
  public struct Entry: Hashable, Sendable {
    /// Sums of squares, the columns of each matrix one after the other.
    public var sums: [Float]
    /// How many rows of inputs each matrix had; those of experts differ.
    public var counts: [Float]

    public init(sums: [Float], counts: [Float]) {
      self.sums = sums
      self.counts = counts
    }

    /// The means of squares; 1 for a matrix that had no rows.
    var values: [Float] {
      let columns = max(1, sums.count.divided(by: max(1, counts.count)))
      return sums.enumerated().map { place, sum in
        let count = counts[at: place.divided(by: columns)] ?? 0
        return count > 0 ? sum / count : 1
      }
    }
  }

  /// What it was made of, for people.
  public var datasets: [String]
  /// How many windows of text, and how many tokens each had; 0 where a file does not say.
  public var chunkCount: Int
  public var chunkSize: Int
  /// By the matrix's name.
  public private(set) var entries: NameTable<Entry> = [:]

  public init(datasets: [String] = [], chunkCount: Int = 0, chunkSize: Int = 0) {
    self.datasets = datasets
    self.chunkCount = chunkCount
    self.chunkSize = chunkSize
  }

  public var names: [String] { entries.keys.sorted() }

  /// Adds what is known of a matrix.
  ///
  /// - Throws: ``ImportanceError``: of no columns, of counts that do not divide the sums, not finite, below zero, without any
  ///   row, or known already.
  public mutating func add(_ name: String, _ entry: Entry) throws(ImportanceError) {
    guard !entry.sums.isEmpty, !entry.counts.isEmpty, entry.sums.count.isMultiple(of: entry.counts.count) else {
      throw .size(entry: name, sums: entry.sums.count, counts: entry.counts.count)
    }
    for (place, value) in entry.sums.enumerated() where !(value.isFinite && value >= 0) {
      throw .value(entry: name, index: place, value)
    }
    for count in entry.counts where !(count.isFinite && count >= 0) { throw .count(entry: name, count) }
    guard let most = entry.counts.max(), most > 0 else { throw .count(entry: name, 0) }
    guard entries.updateValue(entry, forKey: name) == nil else { throw .duplicate(entry: name) }
  }

  /// The means of squares of a matrix's inputs; nil if nothing is known of it.
  public func values(of name: String) -> [Float]? { entries[name]?.values }
}
