import Foundation

/// What an independent implementation computes for a text under the demo model (`Resources/perplexity.json`, which also
/// holds its program): float32 on the dequantized weights, windows as llama.cpp cuts them.
struct PerplexityReference: Decodable {
  struct Case: Decodable {
    var context: Int
    var windows: Int
    var scored: Int
    var mean: Double
    var perplexity: Double
    var standard_error: Double
    /// −ln p of each scored token, six decimals.
    var losses: [Double]
  }

  var ids: [Int]
  var cases: [Case]

  static let textURL = Bundle.module.bundleURL.appendingPathComponent("Resources/declaration.txt")

  static func load() throws -> PerplexityReference { try resource("perplexity") }
  static func text() throws -> String { try String(contentsOf: textURL, encoding: .utf8) }
}
