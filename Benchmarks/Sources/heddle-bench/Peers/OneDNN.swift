import Foundation
import Heddle

/// oneDNN: the package `onednn-cpu-gomp` in this process, and the newer one inside PyTorch where that is installed.
final class OneDNN: Peer {
  static let name = "onednn"
  let identity: String
  let method = """
    Weights are reordered beforehand into the layout the primitive asks for; activations stay row-major and whatever is \
    done to them is inside the call. bf16 × bf16 with results in float32 and in bfloat16. Weights of other types are \
    widened to float32 beforehand. Two versions where both are installed: 3.2 called in process (dnnl_matmul), and the \
    one inside PyTorch, through the packed operation PyTorch's compiler calls, timed in its process. The fastest way of \
    all is the value.
    """
  /// Turns that a waiting thread of libgomp spins before it sleeps: below a millisecond, so that it is long through the
  /// gaps between calls and does not take a core from the next contestant. (Its default is several milliseconds.)
  static let spinCount = "30000"
  private let library: OneDNNLibrary?
  private let inside: PyTorch?

  init(threads: Int, inside: PyTorch?) throws {
    // libgomp reads it when it is loaded.
    setenv("OMP_NUM_THREADS", "\(threads)", 1)
    setenv("GOMP_SPINCOUNT", OneDNN.spinCount, 1)
    self.inside = inside
    var names: [String] = []
    do {
      let library = try OneDNNLibrary(try PeerFolder.file("libdnnl.so"))
      names.append("oneDNN \(library.version) in process, \(library.instructionSet)")
      self.library = library
    } catch {
      guard inside != nil else { throw error }
      library = nil
    }
    if let inside { names.append("oneDNN \(inside.oneDNNVersion) in PyTorch") }
    identity = names.joined(separator: "; ") + "; \(threads) threads (libgomp)"
  }

  func contestants(_ workload: any Workload, rotation: Rotation) throws -> [any Contestant] {
    guard let data = workload as? MatMulData else { throw PeerAbsence("does not compute this") }
    var ways: [any Contestant] = []
    var reasons: [String] = []
    func attempt(_ make: () throws -> [any Contestant]) {
      do {
        ways += try make()
      } catch {
        reasons.append("\(error)")
      }
    }
    let isBFloat16 = data.problem.encoding == .bfloat16
    if let library {
      for result in isBFloat16 ? [OneDNNLibrary.DataType.float32, .bfloat16] : [.float32] {
        attempt { [try contestant(library, data, rotation, isBFloat16 ? .bfloat16 : .float32, result)] }
      }
    }
    if let inside { attempt { try inside.packedOneDNN(data, rotation: rotation) } }
    guard !ways.isEmpty else { throw PeerAbsence(reasons.joined(separator: ", ")) }
    return ways
  }

  private func contestant(
    _ library: OneDNNLibrary, _ data: MatMulData, _ rotation: Rotation, _ values: OneDNNLibrary.DataType,
    _ result: OneDNNLibrary.DataType
  ) throws -> any Contestant {
    let problem = data.problem
    let (t, k, m) = (problem.tokens, problem.inputs, problem.outputs)
    let source = try library.descriptor(t, k, values, .rowMajor)
    let destination = try library.descriptor(t, m, result, .rowMajor)
    let matmul = try library.matmul(source, library.descriptor(k, m, values, .any), destination)
    let primitive = try library.primitive(matmul)
    let packed = try library.weightsDescriptor(of: matmul)

    let x = HostFloats(count: t * k)
    try OneDNN.store(data.x, as: values, in: x)
    let y = HostFloats(count: t * m)
    let sourceMemory = try library.memory(source, at: x.address)
    let destinationMemory = try library.memory(destination, at: y.address)
    // w is [M, K] row-major: [K, M] transposed.
    let plainLayout = try library.descriptor(k, m, .float32, .transposed)
    let floats = try data.floatWeights()
    let plain = try library.memory(plainLayout, at: floats.address)
    let copies = rotation.copies(of: (values == .float32 ? 4 : 2) * k * m)
    let weights = try (0..<copies).map { _ in
      let memory = try library.memory(packed)
      try library.reorder(plain, plainLayout, to: memory, packed)
      return memory
    }
    let widened = problem.encoding == .bfloat16 ? "" : problem.widening
    let name = "oneDNN \(library.version) \(library.implementation(of: matmul)) \(values) → \(result)\(widened)"
    return HostContestant(
      name, copies: copies, outputRounding: result == .bfloat16 ? 0x1p-8 : 0,
      output: {
        if result == .float32 { return Array(y.values) }
        return UnsafeRawBufferPointer(y.values).bindMemory(to: UInt16.self).prefix(t * m)
          .map(HalfPrecision.decodeBFloat16)
      },
      call: { [x] copy in
        _ = x
        // DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST
        try library.execute(primitive, [(1, sourceMemory), (33, weights[copy]), (17, destinationMemory)])
      })
  }

  private static func store(_ values: [Float], as type: OneDNNLibrary.DataType, in memory: HostFloats) throws {
    guard type == .bfloat16 else {
      _ = memory.values.update(from: values)
      return
    }
    let halves = UnsafeMutableRawBufferPointer(memory.values).bindMemory(to: UInt16.self)
    for (index, value) in values.enumerated() { halves[index] = HalfPrecision.encodeBFloat16(value) }
  }
}
