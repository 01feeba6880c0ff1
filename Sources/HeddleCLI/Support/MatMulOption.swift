import ArgumentParser
import Heddle

/// The product `--matmul` names: `TxKxM` with T tokens (or a range of them, `2...16`), K inputs and M outputs.
struct MatMulOption: ExpressibleByArgument {
  var tokens: ClosedRange<Int>
  var inputs: Int
  var outputs: Int

  private static let greatest = 1 << 20

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let tokens = Self.range(parts[0]), let inputs = Self.extent(parts[1]),
      let outputs = Self.extent(parts[2])
    else { return nil }
    (self.tokens, self.inputs, self.outputs) = (tokens, inputs, outputs)
  }

  private static func extent(_ text: String) -> Int? { Int(text).flatMap { (1...greatest).contains($0) ? $0 : nil } }

  private static func range(_ text: String) -> ClosedRange<Int>? {
    if let extent = extent(text) { return extent...extent }
    guard let dots = text.range(of: "...") else { return nil }
    guard let low = extent(String(text[..<dots.lowerBound])), let high = extent(String(text[dots.upperBound...])),
      low <= high
    else { return nil }
    return low...high
  }

  /// The values of a matrix; as many as 1 GiB of float32 holds are allowed.
  private static func count(_ what: String, _ rows: Int, _ columns: Int) throws -> Int {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count <= 1 << 28 else {
      throw CommandError("\(what) of \(rows) × \(columns) values is too large to make up")
    }
    return count
  }

  /// The graph of the product alone, with a made-up weight.
  func graph(_ encoding: Encoding) throws -> (graph: Graph, constants: ConstantStore) {
    let count = try Self.count("a weight", outputs, inputs)
    _ = try Self.count("an input", tokens.upperBound, inputs)
    _ = try Self.count("a result", tokens.upperBound, outputs)
    let store = ConstantStore()
    let values = (0..<count).map { Float($0 &* 37 % 101 - 50) / 64 }
    try store.add("w", Tensor(values, as: encoding, shape: [outputs, inputs]))
    let builder = GraphBuilder()
    let rows = tokens.count == 1 ? Dimension(tokens.lowerBound) : try builder.symbol("tokens", in: tokens)
    let x = try builder.input("x", .float32, [rows, Dimension(inputs)])
    let y = try builder.matmul(x, builder.constant("w", in: store))
    return (try builder.build(outputs: ["y": y]), store)
  }
}
