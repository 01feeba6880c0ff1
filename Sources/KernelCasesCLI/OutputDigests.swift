import Foundation
import Heddle
import HeddleHost
import HeddleText
import OpenCLRuntime
import _KernelCases

/// What cases give, to the bit: for showing that a change of the house changes no result.
///
/// A line for each case in each variant, `SHAPE<TAB>SHA-256<TAB>OPERATION NAME`, sorted, and a first line with the digest
/// of all of them, of which the names are no part: operations may be renamed. Two variants of a case that launch other
/// kernels and give the same bits stand as one line. The bits are a device's and its driver's: compare two versions of
/// Heddle on one machine (`.ci/same-outputs`).
extension VariantRunner {
  mutating func digestOutputs(of cases: [OpCase], into path: String) async throws {
    var lines: Set<String> = []
    var digests: Set<String> = []
    for testCase in cases {
      for variant in variants(of: testCase) {
        do {
          let executable = try await backend.compile(
            testCase.graph, constants: testCase.constants, options: variant.options)
          let shape = variant.options.shape?.rawValue ?? ""
          let digest = Self.digest(try await testCase.run(executable))
          lines.insert("\(shape)\t\(digest)\t\(testCase)")
          digests.insert("\(shape) \(digest)")
        } catch {
          lines.insert("FAILED\t\(error)\t\(testCase)")
        }
      }
    }
    var all = SHA256()
    for digest in digests.sorted() { all.update("\(digest)\n".utf8) }
    let text =
      (["\(SHA256.hexadecimal(all.finalize()))\t\(backend.deviceName)"] + lines.sorted()).joined(separator: "\n") + "\n"
    try Data(text.utf8).write(to: URL(filePath: path))
    print("\(lines.count) distinct results of \(cases.count) cases in \(path)")
  }

  /// Of names, types and bytes.
  private static func digest(_ outputs: NameTable<Tensor>) -> String {
    var hash = SHA256()
    for (name, tensor) in outputs.sorted(by: { Name($0.key) < Name($1.key) }) {
      hash.update("\(name) \(tensor)\n".utf8)
      hash.update(tensor.bytes)
    }
    return SHA256.hexadecimal(hash.finalize())
  }
}
