import CLBlastPeer
import Foundation
import Heddle
import OpenCLRuntime

/// What the process that tunes one kernel does.
extension CLBlastTuning {
  /// The parameters that CLBlast's tuner found; none if its defaults are faster.
  ///
  /// - Throws: ``BenchmarkError`` if the tuner failed, or if products with these parameters are wrong.
  static func tuneHere(_ kernel: String, fraction: Double, on device: Device) throws -> [String: Int] {
    guard let entry = plan.first(where: { $0.kernel == kernel }) else {
      throw BenchmarkError("CLBlast's tuner knows no '\(kernel)'; there are \(plan.map(\.kernel))")
    }
    let queue = try CommandQueue(context: try Context(device: device), profiling: true)
    let found = Found()
    let status = withExtendedLifetime(found) {
      clblast_peer_tune(
        UnsafeMutableRawPointer(queue.handle), kernel, entry.size, fraction,
        { context, name, value in
          guard let context, let name else { return }
          Unmanaged<Found>.fromOpaque(context).takeUnretainedValue().parameters[String(cString: name)] = value
        }, Unmanaged.passUnretained(found).toOpaque())
    }
    guard status == 0, !found.parameters.isEmpty else { throw BenchmarkError("the tuner gave status \(status)") }

    // The tuner runs a kernel alone, with a part of the configurations, and of two kinds of kernel keeps the last
    // kind's best. Whole products say whether that is right, and faster than the defaults.
    let before = try trials(kernel, queue)
    try CLBlast.override(device, kernel, found.parameters)
    let after = try trials(kernel, queue)
    for (expected, got) in zip(before.results, after.results) {
      guard zip(expected, got).allSatisfy({ abs($0 - $1) <= 1e-3 }) else {
        throw BenchmarkError("products with the tuner's parameters of \(kernel) are wrong")
      }
    }
    return after.seconds < before.seconds ? found.parameters : [:]
  }

  private final class Found {
    var parameters: [String: Int] = [:]
  }

  /// Products that run the kernel, at an even and at an awkward size: the results, and seconds of the even one.
  private static func trials(
    _ kernel: String, _ queue: CommandQueue
  ) throws -> (results: [[Float]], seconds: Double) {
    let small = kernel == "XgemmDirect"
    var results: [[Float]] = []
    var least = Double.infinity
    for (rows, columns, inner) in small ? [(128, 128, 128), (67, 131, 97)] : [(1024, 1024, 1024), (577, 577, 1537)] {
      let isVector = kernel == "Xgemv"
      func buffer(_ count: Int) throws -> Buffer {
        let made = try Buffer(context: queue.context, byteCount: 4 * count)
        // Below 1/32, unlike their neighbours, and the same in every run.
        try queue.write((0..<count).map { Float($0 &* 40_503 % 65_521) / (32 * 65_521) }, to: made)
        return made
      }
      let x = try buffer((isVector ? 1 : rows) * inner)
      let w = try buffer(columns * inner)
      let y = try buffer((isVector ? 1 : rows) * columns)
      func raw(_ buffer: Buffer) -> UnsafeMutableRawPointer { UnsafeMutableRawPointer(buffer.handle) }
      let commands = UnsafeMutableRawPointer(queue.handle)
      for _ in 0..<4 {
        let taken = try seconds {
          let status =
            isVector
            ? clblast_peer_gemv(commands, columns, inner, raw(x), raw(w), raw(y))
            : clblast_peer_gemm(commands, rows, columns, inner, raw(x), raw(w), raw(y))
          guard status == 0 else { throw BenchmarkError("\(kernel) gave status \(status)") }
        }
        if results.isEmpty { least = min(least, taken) }
      }
      results.append(try queue.read(Float.self, from: y))
    }
    return (results, least)
  }
}
