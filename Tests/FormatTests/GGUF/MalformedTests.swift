import HeddleFormats
import Testing

/// Every kind of damage of the checklist gives the error that names it, soon.
@Suite struct MalformedTests {
  @Test("header", arguments: BadFile.headers) func header(_ file: BadFile) { check(file) }
  @Test("metadata", arguments: BadFile.metadata) func metadata(_ file: BadFile) { check(file) }
  @Test("tensors", arguments: BadFile.tensors) func tensors(_ file: BadFile) { check(file) }

  private func check(_ file: BadFile, _ location: SourceLocation = #_sourceLocation) {
    let clock = ContinuousClock()
    let start = clock.now
    do throws(GGUFError) {
      _ = try GGUFFile(bytes: file.bytes, name: BadFile.path)
      Issue.record("'\(file)' was accepted", sourceLocation: location)
    } catch {
      #expect(file.matches(error), "'\(file)' expected \(file.expected), got \(error)", sourceLocation: location)
      #expect(error.description.hasPrefix("bad.gguf: "), sourceLocation: location)
    }
    #expect(clock.now - start < .seconds(1), sourceLocation: location)
  }

  @Test func casesAreManyAndNamedApart() {
    let names = (BadFile.headers + BadFile.metadata + BadFile.tensors).map(\.name)
    #expect(names.count >= 180)
    #expect(Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted() == [])
  }

  /// The place in the error is where the wrong thing begins.
  @Test func offsetsPointAtTheDamage() {
    let key = entry("k", .uint8, [1])
    let file = GGUFBytes.metadata(key, entry("k", .uint8, [1]))
    #expect(throws: GGUFError.malformed(path: "f", offset: 24 + key.count, .duplicateKey("k"))) {
      try GGUFFile(bytes: file, name: "f")
    }
    let flags = array("k", .bool, 3, [0, 1, 3])
    #expect(throws: GGUFError.malformed(path: "f", offset: 24 + flags.count - 1, .invalidBool(key: "k", byte: 3))) {
      try GGUFFile(bytes: GGUFBytes.metadata(flags), name: "f")
    }
    let cut = GGUFBytes.metadata(string("abcdefghi"))
    #expect(
      throws: GGUFError.truncated(
        path: "f", offset: cut.count, reading: "the type of metadata 'abcdefghi'", needed: 4, remaining: 0)
    ) { try GGUFFile(bytes: cut, name: "f") }
  }
}
