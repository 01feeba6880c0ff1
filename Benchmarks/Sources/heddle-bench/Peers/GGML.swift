import Foundation
import Heddle

/// ggml's CPU backend, which llama.cpp computes with, in this process.
final class GGML: Peer {
  static let name = "ggml"
  let identity: String
  let method = """
    ggml_mul_mat, or ggml_mul_mat_id by expert, of the CPU backend of llama.cpp b11434, built with the instruction sets named. Weights of ggml's own types \
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
    if let data = workload as? ExpertWorkload {
      let size = data.size
      return try data.withWeightBytes {
        try contestants(
          type: size.encoding.name,
          .init(
            outputs: size.outputs, inputs: size.inputs, tokens: size.tokens,
            experts: .init(count: size.experts, choices: data.choices)),
          weights: $0, x: data.x, copies: rotation.copies(of: data.usedByteCount))
      }
    }
    guard let data = workload as? MatMulData, data.problem.sparseFormat == nil else {
      throw PeerAbsence("does not compute this")
    }
    let problem = data.problem
    return try data.withWeightBytes {
      try contestants(
        type: problem.encoding.name, .init(outputs: problem.outputs, inputs: problem.inputs, tokens: problem.tokens),
        weights: $0, x: data.x, copies: rotation.copies(of: $0.count))
    }
  }

  /// The product in each layout that takes such weights: `CPU` first, which takes all.
  ///
  /// - Parameters:
  ///   - type: what ggml calls it, in any case: `q4_k`.
  ///   - weights: rows of `inputs` values, as in a GGUF file.
  ///   - x: row-major, as many rows of `inputs` values as there are tokens.
  /// - Throws: ``PeerAbsence`` if ggml has no such type, or none with rows of such length; ``BenchmarkError`` if what it
  ///   computes is wrong.
  private func contestants(
    type name: String, _ shape: GGMLProduct.Shape, weights: UnsafeRawBufferPointer, x: [Float], copies: Int
  ) throws -> [any Contestant] {
    let type = library.type(name)
    guard type >= 0 else { throw PeerAbsence("ggml has no \(name)") }
    let rowSize = library.rowSize(type, CInt(shape.inputs))
    guard rowSize > 0 else { throw PeerAbsence("ggml's \(name) has no rows of \(shape.inputs)") }
    guard weights.count == shape.rows * rowSize else {
      throw BenchmarkError(
        "\(shape.rows) rows of \(shape.inputs) in ggml's \(name) are \(shape.rows * rowSize) bytes, not \(weights.count)"
      )
    }
    return try library.layouts.indices.compactMap { layout in
      guard let product = GGMLProduct(library, type: type, shape, layout: layout, copies: copies) else { return nil }
      for copy in 0..<product.copies { product.setWeights(weights, copy: copy) }
      product.setActivations(x)
      try product.check(weights, x, called: "ggml's \(name) in \(library.layouts[layout])")
      return HostContestant(
        "\(shape.experts == nil ? "mul_mat" : "mul_mat_id") \(name), \(library.layouts[layout])",
        copies: product.copies,
        isChecked: true, output: product.output, call: product.run)
    }
  }
}
