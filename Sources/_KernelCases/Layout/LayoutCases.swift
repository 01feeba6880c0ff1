import HeddleGraph

/// What every move is tried with.
enum LayoutCases {
  static let shapes: [[Int]] = [
    [1], [17], [5, 7], [16, 33], [64, 65], [3, 1, 4], [2, 3, 5, 7], [2, 3, 1, 4, 5], [0, 3], [31, 2, 33],
  ]
  static let encodings: [Encoding] = [.float32, .int32, .float16]
}
