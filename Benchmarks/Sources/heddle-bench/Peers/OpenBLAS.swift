import Foundation

/// OpenBLAS in this process, from the package `scipy-openblas32`.
final class OpenBLAS: Peer {
  static let name = "openblas"
  let identity: String
  let method = """
    cblas_sgemm, and for one token also cblas_sgemv, whichever is faster. OpenBLAS has no packed form of a matrix: it \
    packs both operands inside every call. Weights of other types are widened to float32 beforehand.
    """
  private let functions: Functions

  typealias Gemm =
    @convention(c) (
      CInt, CInt, CInt, CInt, CInt, CInt, Float, UnsafePointer<Float>?, CInt, UnsafePointer<Float>?, CInt, Float,
      UnsafeMutablePointer<Float>?, CInt
    ) -> Void
  typealias Gemv =
    @convention(c) (
      CInt, CInt, CInt, CInt, Float, UnsafePointer<Float>?, CInt, UnsafePointer<Float>?, CInt, Float,
      UnsafeMutablePointer<Float>?, CInt
    ) -> Void

  struct Functions {
    let gemm: Gemm
    let gemv: Gemv
  }

  init(threads: Int) throws {
    // A kernel set or cache sizes forced from outside are not this peer at its best. The library reads these when it is
    // opened.
    for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("OPENBLAS_") { unsetenv(name) }
    // Its threads would yield in a loop for tens of milliseconds after a call: 2²² ticks are one or two.
    setenv("OPENBLAS_THREAD_TIMEOUT", "22", 1)
    let library = try DynamicLibrary(try PeerFolder.file("libopenblas.so"))
    let text = { (name: String) throws(PeerAbsence) -> String in
      let call = try library.function(
        "scipy_openblas_get_\(name)", as: (@convention(c) () -> UnsafePointer<CChar>?).self)
      return call().map { String(cString: $0) } ?? "?"
    }
    try library.function("scipy_openblas_set_num_threads", as: (@convention(c) (CInt) -> Void).self)(CInt(threads))
    let count = try library.function("scipy_openblas_get_num_threads", as: (@convention(c) () -> CInt).self)()
    functions = Functions(
      gemm: try library.function("scipy_cblas_sgemm", as: Gemm.self),
      gemv: try library.function("scipy_cblas_sgemv", as: Gemv.self))
    let version = try text("config").split(separator: " ").prefix(2).joined(separator: " ")
    identity = "\(version), \(try text("corename")) kernels, \(count) threads"
  }

  func contestants(_ workload: any Workload, rotation: Rotation) throws -> [any Contestant] {
    guard let data = workload as? MatMulData else { throw PeerAbsence("does not compute this") }
    let problem = data.problem
    let original = try data.floatWeights()
    let copies = rotation.copies(of: 4 * original.values.count)
    let weights = [original] + (1..<copies).map { _ in HostFloats(copyOf: original) }
    let x = HostFloats(data.x)
    let y = HostFloats(count: problem.tokens * problem.outputs)
    let widened = problem.widening
    let (t, k, m) = (CInt(problem.tokens), CInt(problem.inputs), CInt(problem.outputs))
    let (rowMajor, asIs, transposed): (CInt, CInt, CInt) = (101, 111, 112)
    let gemm = functions.gemm
    var ways: [any Contestant] = [
      HostContestant("sgemm\(widened)", copies: copies, y) { copy in
        gemm(
          rowMajor, asIs, transposed, t, m, k, 1, x.values.baseAddress, k, weights[copy].values.baseAddress, k, 0,
          y.values.baseAddress, m)
      }
    ]
    if problem.tokens == 1 {
      let gemv = functions.gemv
      ways.append(
        HostContestant("sgemv\(widened)", copies: copies, y) { copy in
          gemv(
            rowMajor, asIs, m, k, 1, weights[copy].values.baseAddress, k, x.values.baseAddress, 1, 0,
            y.values.baseAddress, 1)
        })
    }
    return ways
  }
}
