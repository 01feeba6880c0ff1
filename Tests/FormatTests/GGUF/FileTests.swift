import Foundation
import HeddleFormats
import HeddleTypes
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What can be wrong with a path and the thing it names.
@Suite struct FileTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "heddle-formats-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func path(_ name: String, _ bytes: [UInt8]? = nil) throws -> String {
    let url = folder.appendingPathComponent(name)
    if let bytes { try Data(bytes).write(to: url) }
    return url.path
  }

  private static let storages: [FileStorage] = [.mapped, .copied]

  @Test(arguments: storages) func opensAndReads(_ storage: FileStorage) throws {
    let path = try path("seed.gguf", GGUFBytes.seed())
    let file = try GGUFFile(path: path, options: .init(storage: storage))
    #expect(file.path == path)
    #expect(file.version == 3)
    #expect(file.fileByteCount == GGUFBytes.seed().count)
    #expect(try file.architecture == "llama")
    #expect(try file.tensor(named: "y").bytes == (32..<68).map { UInt8($0) })
  }

  @Test(arguments: storages) func missing(_ storage: FileStorage) throws {
    for name in ["none.gguf", "none/none.gguf"] {
      let path = try path(name)
      #expect(throws: GGUFError.file(.notFound(path: path))) {
        try GGUFFile(path: path, options: .init(storage: storage))
      }
    }
    let beneath = try path("seed.gguf", GGUFBytes.seed()) + "/below"
    #expect(throws: GGUFError.file(.notFound(path: beneath))) { try GGUFFile(path: beneath) }
    #expect(throws: GGUFError.file(.notFound(path: ""))) { try GGUFFile(path: "") }
  }

  @Test func nulInPathDoesNotOpenAnotherFile() throws {
    let path = try path("seed.gguf", GGUFBytes.seed()) + "\0.gguf"
    #expect(throws: GGUFError.file(.notFound(path: path))) { try GGUFFile(path: path) }
  }

  @Test func pathTooLong() {
    let path = "/" + String(repeating: "a", count: 5000)
    #expect(throws: GGUFError.file(.cannotRead(path: path, call: "open", code: ENAMETOOLONG))) {
      try GGUFFile(path: path)
    }
  }

  @Test(arguments: storages) func empty(_ storage: FileStorage) throws {
    let path = try path("empty.gguf", [])
    #expect(throws: GGUFError.file(.empty(path: path))) {
      try GGUFFile(path: path, options: .init(storage: storage))
    }
  }

  @Test(arguments: storages) func notRegular(_ storage: FileStorage) throws {
    let fifo = try path("fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    let kinds = [
      (folder.path, "a directory"), (fifo, "a named pipe"), ("/dev/zero", "a character device"),
      ("/dev/null", "a character device"),
    ]
    for (path, kind) in kinds {
      #expect(throws: GGUFError.file(.notARegularFile(path: path, kind: kind))) {
        try GGUFFile(path: path, options: .init(storage: storage))
      }
    }
  }

  @Test(arguments: 1...24) func tinyFiles(byteCount: Int) throws {
    let zeros = try path("zeros\(byteCount)", Array(repeating: 0, count: byteCount))
    #expect(throws: GGUFError.notGGUF(path: zeros, found: Array(repeating: 0, count: min(byteCount, 4)))) {
      try GGUFFile(path: zeros)
    }
    let cut = try path("cut\(byteCount)", Array(GGUFBytes().bytes.prefix(byteCount)))
    if byteCount < 24 {
      let error = #expect(throws: GGUFError.self) { try GGUFFile(path: cut) }
      guard case .truncated = error else {
        Issue.record("\(byteCount) bytes: \(error.map { "\($0)" } ?? "accepted")")
        return
      }
    } else {
      #expect(try GGUFFile(path: cut).tensors.isEmpty)
    }
  }

  /// A terabyte of hole costs nothing while nobody reads it, and is not copied.
  @Test func sparseTerabyte() throws {
    let path = try path("sparse.gguf", GGUFBytes(tensors: [tensor("x", [1 << 39], .i8, 0)]).bytes)
    guard truncate(path, 1 << 40) == 0 else { return }  // not every file system can
    let file = try GGUFFile(path: path)
    #expect(file.fileByteCount == 1 << 40)
    #expect(try file.info("x").byteCount == 1 << 39)
    #expect(throws: GGUFError.file(.tooLarge(path: path, byteCount: 1 << 40, limit: 1 << 36))) {
      try GGUFFile(path: path, options: .init(storage: .copied))
    }
    var options = GGUFReadOptions()
    options.maximumFileByteCount = 1 << 39
    #expect(throws: GGUFError.file(.tooLarge(path: path, byteCount: 1 << 40, limit: 1 << 39))) {
      try GGUFFile(path: path, options: options)
    }
    let zeros = try self.path("zeros.gguf", [0])
    #expect(truncate(zeros, 1 << 40) == 0)
    #expect(throws: GGUFError.notGGUF(path: zeros, found: [0, 0, 0, 0])) { try GGUFFile(path: zeros) }
  }

  @Test func copySurvivesTheFile() throws {
    let path = try path("seed.gguf", GGUFBytes.seed())
    let file = try GGUFFile(path: path, options: .init(storage: .copied))
    #expect(truncate(path, 0) == 0)
    #expect(try file.tensor(named: "y").bytes == (32..<68).map { UInt8($0) })
  }

  @Test func mappingSurvivesRenameAndRemoval() throws {
    let path = try path("seed.gguf", GGUFBytes.seed())
    let file = try GGUFFile(path: path)
    try GGUFWriter().write(to: path)
    #expect(try GGUFFile(path: path).tensors.isEmpty)
    try FileManager.default.removeItem(atPath: path)
    #expect(try file.tensor(named: "y").bytes == (32..<68).map { UInt8($0) })
  }

  @Test func writerNeedsAFolder() throws {
    let path = try path("none/new.gguf")
    #expect(throws: GGUFError.file(.cannotWrite(path: path, call: "open", code: ENOENT))) {
      try GGUFWriter().write(to: path)
    }
    #expect(throws: GGUFError.file(.notARegularFile(path: folder.path, kind: "a directory"))) {
      try GGUFWriter().write(to: folder.path)
    }
  }

  @Test func filesAreClosed() throws {
    let path = try path("seed.gguf", GGUFBytes.seed())
    let bad = try self.path("bad.gguf", Array(GGUFBytes.seed().prefix(100)))
    // More than the usual limit of open files.
    for _ in 0..<3000 {
      _ = try GGUFFile(path: path)
      #expect(throws: GGUFError.self) { try GGUFFile(path: bad) }
    }
  }
}
