import CLBlastPeer
import Foundation
import Heddle
import OpenCLRuntime

/// CLBlast on the device under test, with the parameters its own tuner found there.
final class CLBlast: Peer {
  static let name = "clblast"
  let identity: String
  let method = """
    clblast::Gemm, and for one token also clblast::Gemv, on the same device and context, after CLBlast's own tuner has \
    run there (a part of its configurations, once, in a process of its own). CLBlast has no packed form of a matrix: \
    what it does to either operand is inside the call. float32 only. On devices where it is slow, larger products are \
    left out.
    """
  private let context: Context
  private let queue: CommandQueue
  private let scope: Scope

  /// What it is asked to compute.
  struct Scope {
    private let greatestWork: Double

    /// - Parameter everySize: Whether products are measured that take seconds.
    init(_ device: Device, everySize: Bool) {
      greatestWork = everySize || device.profile.type != .cpu ? .infinity : 2 * 1024 * 1024 * 1024
    }

    /// Why a case is left out; nil if it is not.
    func absence(of benchmark: any BenchmarkCase) -> PeerAbsence? {
      guard let problem = benchmark as? MatMulProblem else { return PeerAbsence("does not compute this") }
      guard problem.encoding == .float32 else { return PeerAbsence("float32 only") }
      guard problem.denseOperations <= greatestWork else {
        return PeerAbsence("takes seconds at this size (--all measures it)")
      }
      return nil
    }
  }

  /// Tunes it first where that was not done: minutes.
  init(_ backend: OpenCLBackend, scope: Scope) async throws {
    context = backend.context
    queue = try CommandQueue(context: context)
    self.scope = scope
    let tuning = try await CLBlastTuning.load(for: backend.device)
    for (kernel, parameters) in tuning.kernels { try CLBlast.override(backend.device, kernel, parameters) }
    identity = "CLBlast 1.5.3, \(tuning.summary), \(backend.device.profile.computeUnits) compute units"
  }

  static func override(_ device: Device, _ kernel: String, _ parameters: [String: Int]) throws {
    let names = parameters.keys.sorted()
    let copies = names.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { UnsafePointer<CChar>($0) }
    let values = names.map { parameters[$0] ?? 0 }
    let status = clblast_peer_override(
      UnsafeMutableRawPointer(device.handle), kernel, names.count, pointers, values)
    guard status == 0 else { throw PeerAbsence("OverrideParameters of \(kernel) gave \(status)") }
  }

  func contestants(_ workload: any Workload, rotation: Rotation) throws -> [any Contestant] {
    guard let data = workload as? MatMulData else { throw PeerAbsence("does not compute this") }
    let problem = data.problem
    if let absence = scope.absence(of: problem) { throw absence }
    let (t, k, m) = (problem.tokens, problem.inputs, problem.outputs)
    let x = try buffer(HostFloats(data.x))
    let floats = try data.floatWeights()
    let copies = rotation.copies(of: 4 * floats.values.count)
    let weights = try (0..<copies).map { _ in try buffer(floats) }
    let y = try Buffer(context: context, byteCount: 4 * t * m)
    let queue = queue
    let read = { try queue.read(Float.self, from: y, count: t * m) }
    func raw(_ buffer: Buffer) -> UnsafeMutableRawPointer { UnsafeMutableRawPointer(buffer.handle) }
    func succeed(_ status: CInt) throws {
      guard status == 0 else { throw BenchmarkError("CLBlast gave status \(status) in \(problem.name)") }
    }
    let commands = UnsafeMutableRawPointer(queue.handle)
    var ways: [any Contestant] = [
      HostContestant("Gemm", copies: copies, output: read) { copy in
        try succeed(clblast_peer_gemm(commands, t, m, k, raw(x), raw(weights[copy]), raw(y)))
      }
    ]
    if t == 1 {
      ways.append(
        HostContestant("Gemv", copies: copies, output: read) { copy in
          try succeed(clblast_peer_gemv(commands, m, k, raw(x), raw(weights[copy]), raw(y)))
        })
    }
    return ways
  }

  private func buffer(_ floats: HostFloats) throws -> Buffer {
    let made = try Buffer(context: context, byteCount: 4 * floats.values.count)
    try queue.write(UnsafeRawBufferPointer(floats.values), to: made)
    return made
  }
}
