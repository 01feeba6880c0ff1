import Foundation
import HeddleFormats
import TestSupport
import Testing

/// What writing makes of what was there.
@Suite struct OutputFileTests {
  private let folder: URL

  init() throws { folder = try TestDevices.temporaryDirectory("output") }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  private func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  @Test func `without a commit nothing happened`() throws {
    try Data("old".utf8).write(to: URL(fileURLWithPath: path("kept")))
    for name in ["kept", "new"] {
      let file = try OutputFile(path: path(name))
      try file.append(Array("cut".utf8))
      #expect(try names.count == 2)
    }
    #expect(try names == ["kept"] && text("kept") == "old")
  }

  @Test func `a file keeps its mode, a link its target, a hard link the old file`() throws {
    try Data("old".utf8).write(to: URL(fileURLWithPath: path("kept")))
    #expect(chmod(path("kept"), 0o640) == 0 && link(path("kept"), path("hard")) == 0)
    #expect(symlink("kept", path("soft")) == 0)
    try OutputFile.replace(path("soft"), with: Array("new".utf8))
    #expect(try text("kept") == "new" && text("hard") == "old" && names == ["hard", "kept", "soft"])
    let attributes = try FileManager.default.attributesOfItem(atPath: path("kept"))
    #expect(attributes[.posixPermissions] as? Int == 0o640)
  }

  @Test func `room that is not needed is given back, room that is not there is an error`() throws {
    let file = try OutputFile(path: path("small"))
    try file.reserve(byteCount: 1 << 16)
    try file.append([1, 2, 3])
    try file.commit()
    #expect(try Data(contentsOf: URL(fileURLWithPath: path("small"))) == Data([1, 2, 3]))
    #if os(Linux)
      let large = try OutputFile(path: path("large"))
      #expect(throws: FileError.self) { try large.reserve(byteCount: 1 << 60) }
    #endif
  }

  @Test func `what can be known is known at once`() throws {
    func refuses(_ path: String, _ code: Int32) {
      #expect(throws: FileError.cannotWrite(path: path, call: "open", code: code), "\(path)") {
        try OutputFile(path: path)
      }
    }
    refuses("", ENOENT)
    refuses("a\0b", EINVAL)
    refuses(path("none/x"), ENOENT)
    refuses(path(String(repeating: "n", count: 256)), ENAMETOOLONG)
    #expect(symlink("circle", path("circle")) == 0)
    refuses(path("circle"), ELOOP)
    #expect(throws: FileError.notARegularFile(path: folder.path, kind: "a directory")) {
      try OutputFile(path: folder.path)
    }
  }
}
