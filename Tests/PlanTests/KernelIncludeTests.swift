import KernelSources
import Testing

@Suite struct KernelIncludeTests {
  /// The files that each file of the library's kernels includes. A define in a path stands for every file that fits.
  private static let includes: [String: [String]] = {
    var texts: [String: String] = [:]
    for index in 0..<heddle_kernel_source_count() {
      let source = heddle_kernel_source_at(index)
      guard let path = source.path, let text = source.text else { continue }
      texts[String(cString: path)] = String(cString: text)
    }
    return texts.mapValues { text in
      text.split(separator: "\n").filter { $0.hasPrefix("#include \"") }.flatMap { line -> [String] in
        let path = String(line.split(separator: "\"")[1])
        guard let open = path.firstIndex(of: "{"), let close = path.lastIndex(of: "}") else { return [path] }
        let (before, after) = (path[..<open], path[path.index(after: close)...])
        return texts.keys.filter { $0.hasPrefix(before) && $0.hasSuffix(after) }
      }
    }
  }()

  @Test func `no file includes itself through others`() {
    #expect(Self.includes.values.contains { !$0.isEmpty })
    for file in Self.includes.keys {
      var reached: Set<String> = []
      var next = Self.includes[file] ?? []
      while let path = next.popLast() {
        if reached.insert(path).inserted { next += Self.includes[path] ?? [] }
      }
      #expect(!reached.contains(file), "\(file)")
    }
  }
}
