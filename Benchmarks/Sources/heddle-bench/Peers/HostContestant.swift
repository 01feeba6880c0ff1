/// A contestant that computes in host memory of this process.
final class HostContestant: Contestant {
  let name: String
  let outputRounding: Double
  let isChecked: Bool
  private let copies: Int
  private let read: () throws -> [Float]
  private let call: (_ copy: Int) throws -> Void
  private var next = 0

  init(
    _ name: String, copies: Int, outputRounding: Double = 0, isChecked: Bool = false,
    output: @escaping () throws -> [Float],
    call: @escaping (_ copy: Int) throws -> Void
  ) {
    self.name = name
    self.copies = max(1, copies)
    self.outputRounding = outputRounding
    self.isChecked = isChecked
    read = output
    self.call = call
  }

  convenience init(_ name: String, copies: Int, _ y: HostFloats, call: @escaping (_ copy: Int) throws -> Void) {
    self.init(name, copies: copies, output: { Array(y.values) }, call: call)
  }

  func run(count: Int) throws -> Double {
    try seconds {
      for _ in 0..<count {
        try call(next)
        next = (next + 1) % copies
      }
    }
  }

  func output() throws -> [Float] { try read() }
}
