import Foundation
import HeddleFormats
import Testing

/// Opening a file costs at most 64 MiB and four times its metadata, beside the pages of the file.
///
/// Each file is opened in a process of its own: in this one other tests take memory at the same time.
@Suite(.serialized, .enabled(if: PeakMemory.isKnown, "the system says what a process holds at most"))
struct MemoryTests {
  @Test(arguments: LargeFile.chosen) func opening(_ file: LargeFile) async {
    await #expect(processExitsWith: .success) { [name = file.name as String] in
      let file = try #require(LargeFile.chosen.first { $0.name == name })
      let folder = try CheckpointFolder()
      let name = file.kind == .index ? CheckpointFolder.index : "large"
      let count = try {
        let bytes = file.bytes()
        try folder.write(name, bytes)
        return bytes.count - file.dataByteCount
      }()
      let path = folder.file(name)
      // Some are files, some are refused; either costs what it costs.
      let growth = try #require(PeakMemory.growth { Self.open(path, file.kind) })
      let limit = 64 << 20 + 4 * count
      #expect(growth - count <= limit, "\(file): \(growth - count) bytes, for metadata of \(count)")
    }
  }

  private static func open(_ path: String, _ kind: LargeFile.Kind) {
    switch kind {
    case .index: _ = try? SafetensorsCheckpoint(path: path)
    case .gguf, .safetensors:
      // Both are held until the end, as a caller could.
      let file = try? ModelFile(path: path)
      let plain = kind == .safetensors ? try? SafetensorsFile(path: path) : nil
      withExtendedLifetime((file, plain)) {}
    }
  }

  /// The measure sees what is held, and what was given back before the end. A system counts in batches of pages, and may take
  /// some back at any time.
  @Test func growthIsSeen() async {
    await #expect(processExitsWith: .success) {
      let held = try #require(PeakMemory.growth { withExtendedLifetime([UInt8](repeating: 1, count: 100 << 20)) {} })
      #expect(held >= 90 << 20 && held < 120 << 20)
      let none = try #require(PeakMemory.growth {})
      #expect(none < 4 << 20)
    }
  }
}
