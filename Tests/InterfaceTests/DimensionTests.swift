import CHeddle
import Foundation
import HeddleTypes
import Testing

@Suite struct DimensionTests {
  /// The text in canonical form.
  private func canonical(_ dimension: String) throws -> String {
    try text { heddle_dimension(dimension, nil, 0, nil, $0, $1, $2) }
  }

  @Test func `C computes with dimensions as Swift does`() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      let bindings: [(String, Int)] = [("past", .random(in: -20...50)), ("tokens", .random(in: -20...50))]
      var (dimension, written, value) = (Dimension(3), "3", 3)
      for _ in 0..<5 {
        let (name, bound) = bindings[Int.random(in: 0...1, using: &random)]
        let number = Int.random(in: 1...8, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0:
          (dimension, written, value) = (dimension + Dimension(Symbol(name)), "\(written) + \(name)", value + bound)
        case 1:
          (dimension, written, value) = (dimension - Dimension(number), "(\(written)) - \(number)", value - number)
        case 2:
          (dimension, written, value) = (dimension * Dimension(Symbol(name)), "(\(written))*\(name)", value * bound)
        default:
          dimension = dimension.dividedRoundingUp(by: number)
          written = "ceil((\(written))/\(number))"
          value = value >= 0 ? (value + number - 1) / number : value / number
        }
      }
      #expect(try canonical(written) == dimension.expression)
      #expect(try canonical(canonical(written)) == dimension.expression)
      let names = bindings.map { strdup($0.0) }
      defer { names.forEach { free($0) } }
      let symbols = zip(names, bindings).map { heddle_symbol(name: $0, value: Int64($1.1)) }
      var got: Int64 = 0
      try succeed { heddle_dimension(written, symbols, 2, &got, nil, 0, nil) }
      #expect(Int(got) == value, "\(written) with \(bindings)")
    }
  }

  @Test func `what is no dimension is refused with the place`() {
    expect(HEDDLE_INVALID_GRAPH, "'a +' is no dimension") { heddle_dimension("a +", nil, 0, nil, nil, 0, nil) }
    expect(HEDDLE_INVALID_GRAPH, "64 bits") { heddle_dimension("9223372036854775808", nil, 0, nil, nil, 0, nil) }
    var value: Int64 = 5
    expect(HEDDLE_INVALID_BINDING, "'a' has no value") { heddle_dimension("a", nil, 0, &value, nil, 0, nil) }
    #expect(value == 5)
  }
}
