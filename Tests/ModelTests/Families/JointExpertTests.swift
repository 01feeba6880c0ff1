import Foundation
import Heddle
import TestSupport
import Testing

/// Files whose experts have gate and up in one tensor.
@Suite struct JointExpertTests {
  @Test(arguments: TestDevices.distinct, ["deepseek2", "qwen3moe", "gpt-oss"])
  func `gate and up in one tensor are read as in two`(_ device: Device, _ family: String) async throws {
    let path = Bundle.module.bundleURL.appendingPathComponent("Resources/families/\(family).gguf").path
    let file = try ModelFile(path: path)
    let joint = try ModelFile(bytes: joined(file), name: "\(family).gguf")
    let names = Set(joint.tensors.map(\.name))
    #expect(names.contains("blk.1.ffn_gate_up_exps.weight") && !names.contains("blk.1.ffn_gate_exps.weight"))
    var results: [[UInt32]] = []
    for file in [file, joint] {
      let model = try await LanguageModel.open(file: file, backend: TestBackends.backend(device))
      let logits = try await model.makeSession(capacity: 32).logits(after: [1, 5, 9, 3, 7])
      results.append(logits.map(\.bitPattern))
    }
    #expect(results[0] == results[1] && !results[0].isEmpty)
  }

  /// The file with each expert's gate rows and up rows in one tensor.
  private func joined(_ file: ModelFile) throws -> [UInt8] {
    var writer = GGUFWriter()
    for key in file.metadata.keys {
      if let value = file.metadata[key] { try writer.set(key, value) }
    }
    for tensor in file.tensors where !tensor.name.contains(".ffn_up_exps.") {
      let gate = try file.tensor(named: tensor.name)
      guard tensor.name.contains(".ffn_gate_exps.") else {
        try writer.add(tensor.name, gate)
        continue
      }
      let up = try file.tensor(named: tensor.name.replacing(".ffn_gate_exps.", with: ".ffn_up_exps."))
      let size = gate.bytes.count / gate.shape[0]
      let bytes = (0..<gate.shape[0]).flatMap { expert in
        [gate, up].flatMap { $0.bytes[expert * size..<(expert + 1) * size] }
      }
      var shape = gate.shape
      shape[1] *= 2
      try writer.add(
        tensor.name.replacing(".ffn_gate_exps.", with: ".ffn_gate_up_exps."),
        Tensor(encoding: gate.encoding, shape: shape, bytes: bytes))
    }
    return try writer.serialized()
  }
}
