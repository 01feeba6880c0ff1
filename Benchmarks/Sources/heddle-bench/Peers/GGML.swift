import Foundation
import Heddle

/// ggml's CPU backend, which llama.cpp computes with, in this process.
final class GGML: Peer {
  static let name = "ggml"
  let identity: String
  let method = """
    ggml_mul_mat of the CPU backend of llama.cpp b11434, built with the instruction sets named. Weights of ggml's own types \
    are the blocks of files, or rearranged beforehand into each buffer type that llama.cpp would take for them (CPU_REPACK, \
    AMX); the fastest is the value. Graph, plan and threads are made beforehand. Of quantized weights ggml rounds the \
    activations to 8 bits inside every call: its results are judged by the error of all of them, not value by value.
    """
  private let library: GGMLLibrary

  init(threads: Int) throws {
    // libgomp reads it when it is loaded.
    setenv("GOMP_SPINCOUNT", OneDNN.spinCount, 1)
    library = try GGMLLibrary(threads: threads)
    identity = "ggml of llama.cpp b11434, \(library.features), \(threads) threads (libgomp)"
  }

  func contestants(_ workload: any Workload, rotation: Rotation) throws -> [any Contestant] {
    guard let data = workload as? MatMulData, data.problem.sparseFormat == nil else {
      throw PeerAbsence("does not compute this")
    }
    let problem = data.problem
    return try data.withWeightBytes {
      try contestants(
        type: problem.encoding.name, outputs: problem.outputs, inputs: problem.inputs, weights: $0, x: data.x,
        rotation: rotation)
    }
  }

  /// `y[t, m] = Σₖ x[t, k] · w[m, k]` in each layout that takes such weights: `CPU` first, which takes all.
  ///
  /// - Parameters:
  ///   - type: what ggml calls it, in any case: `q4_k`.
  ///   - weights: `outputs` rows of `inputs` values, as in a GGUF file.
  ///   - x: row-major, as many rows of `inputs` values as there are tokens.
  /// - Throws: ``PeerAbsence`` if ggml has no such type, or none with rows of such length; ``BenchmarkError`` if what it
  ///   computes is wrong.
  func contestants(
    type name: String, outputs: Int, inputs: Int, weights: UnsafeRawBufferPointer, x: [Float], rotation: Rotation
  ) throws -> [any Contestant] {
    let type = library.type(name)
    guard type >= 0 else { throw PeerAbsence("ggml has no \(name)") }
    let rowSize = library.rowSize(type, CInt(inputs))
    guard rowSize > 0 else { throw PeerAbsence("ggml's \(name) has no rows of \(inputs)") }
    guard weights.count == outputs * rowSize else {
      throw BenchmarkError(
        "\(outputs) rows of \(inputs) in ggml's \(name) are \(outputs * rowSize) bytes, not \(weights.count)")
    }
    return try library.layouts.indices.compactMap { layout in
      let product = GGMLProduct(
        library, type: type, outputs: outputs, inputs: inputs, tokens: x.count / max(1, inputs), layout: layout,
        copies: rotation.copies(of: weights.count))
      guard let product else { return nil }
      for copy in 0..<product.copies { product.setWeights(weights, copy: copy) }
      product.setActivations(x)
      try product.check(weights, x, called: "ggml's \(name) in \(library.layouts[layout])")
      return HostContestant(
        "mul_mat \(name), \(library.layouts[layout])", copies: product.copies, isChecked: true, output: product.output,
        call: product.run)
    }
  }
}
