import HeddlePlanning
import HeddleText
import HeddleTypes
import KernelSources
import Synchronization

/// The text of a program: the embedded kernel files, with `#include` resolved and uniform parameters named.
package enum KernelLibrary {
  /// Every embedded file: path below `Kernels/` → text.
  package static let files: [String: String] = {
    var files: [String: String] = [:]
    for index in 0..<max(0, heddle_kernel_source_count()) {
      let source = heddle_kernel_source_at(index)
      guard let path = source.path, let text = source.text else { continue }
      files[String(cString: path)] = String(cString: text)
    }
    return files
  }()

  /// A file's text, parted at its includes.
  private enum Piece: Sendable {
    /// Whole lines.
    case text(String)
    /// The path of an include, and the number of the line after it.
    case include(String, next: Int)
  }

  /// Those of the formats: path in an include → data. Their text is made for the programs that include it.
  private static let codebooks = Dictionary(
    ValueFormats.all.flatMap(\.codebooks).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })

  private static let knownPieces = Mutex<[String: [Piece]]>([:])

  private static func pieces(of path: String) -> [Piece]? {
    if let known = knownPieces.withLock({ $0[path] }) { return known }
    guard let text = files[path] ?? codebooks[path]?.text else { return nil }
    let pieces = parted(text)
    knownPieces.withLock { $0[path] = pieces }
    return pieces
  }

  private static func parted(_ text: String) -> [Piece] {
    var pieces: [Piece] = []
    var lines = ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let parts = line.hasPrefix("#include \"") ? line.split(separator: "\"", omittingEmptySubsequences: false) : []
      if parts.count == 3, let name = parts[at: 1] {
        pieces += [.text(lines), .include(String(name), next: index &+ 2)]
        lines = ""
      } else {
        lines += line + "\n"
      }
    }
    return pieces + [.text(lines)]
  }

  /// The whole program text of a kernel: its shape, prelude, parameter names, then the kernel's file. `#line` directives
  /// keep a compiler's messages in terms of the files.
  ///
  /// `#include "Folder/file.cl"` is resolved here, once for each file; a decoder of `Values/` is an instance, included as often
  /// as it is asked for, and the codebooks that it reads once. `{WEIGHT}` in a path is what the define `WEIGHT` is; without
  /// one an `#error` stands there, so that an include may be conditional.
  package static func text(of kernel: KernelReference) throws(KernelTextError) -> String {
    var included: Set<String> = []
    return try text(of: kernel, isTaped: false, &included)
  }

  private static func text(
    of kernel: KernelReference, isTaped: Bool, _ included: inout Set<String>
  ) throws(KernelTextError) -> String {
    var text = "#define SHAPE_WIDE \(kernel.shape == .wide ? 1 : 0)\n#define TAPED \(isTaped ? 1 : 0)\n"
    text += try resolve("Common/prelude.cl", kernel, &included)
    for (index, name) in kernel.parameters.enumerated() {
      text += "#define P_INDEX_\(name) \(index)\n#define P_\(name) PARAMETER(\(index))\n"
    }
    switch kernel.source {
    case .file(let path): text += try resolve(path, kernel, &included)
    case .text(let name, let source): text += try expand(parted(source), path: name, kernel, &included)
    }
    return text
  }

  /// The parts of the program that walks tapes of these functions: a part for each, by its number, and the walk itself.
  package static func parts(of functions: [Tape.Function]) throws(KernelTextError) -> [ProgramPart] {
    var parts: [ProgramPart] = []
    for (number, function) in functions.enumerated() {
      var included: Set<String> = []
      var text = try text(of: function.kernel, isTaped: true, &included)
      text += "#define TAPED_FUNCTION taped_\(number)\n#define TAPED_ENTRY \(function.kernel.entry)\n"
      let operands = (0..<max(0, function.bufferCount)).map { "OPERAND(\($0))" }
      text += "#define TAPED_OPERANDS \(operands.joined(separator: ", "))\n"
      for axis in 0..<3 { text += "#define LOCAL_\(axis) \(function.local[at: axis] ?? 1)\n" }
      text += try resolve("Tape/part.cl", function.kernel, &included)
      parts.append(ProgramPart(text: text, options: options(of: function.kernel)))
    }
    let walk = KernelReference(source: .file("Tape/walk.cl"), entry: "tape_walk_wide", defines: [:], parameters: [])
    let names = functions.indices.map { "F(\($0))" }.joined(separator: " ")
    let text = "#define TAPE_PARTS(F) \(names)\n" + (try Self.text(of: walk))
    return parts + [ProgramPart(text: text, options: options(of: walk))]
  }

  /// `-D` options, in a stable order.
  ///
  /// Warnings are off (`-w`): of vectors that a processor has no registers for PoCL's compiler warns on the standard error of the
  /// host, and nothing else says them.
  package static func options(of kernel: KernelReference) -> [String] {
    ["-cl-std=CL1.2", "-w"] + kernel.defines.sorted { $0.key < $1.key }.map { "-D\($0.key)=\($0.value)" }
  }

  // Traps: never (included-once).
  private static func resolve(
    _ path: String, _ kernel: KernelReference, _ included: inout Set<String>
  ) throws(KernelTextError) -> String {
    guard let path = substituted(path, kernel) else { return "#error \"\(path): a define is missing\"\n" }
    guard included.insert(path).inserted || path.hasPrefix("Values/") else { return "" }
    guard let pieces = pieces(of: path) else { throw .missingFile(path, known: files.keys.sorted()) }
    return try expand(pieces, path: path, kernel, &included)
  }

  /// The path with the value of each define that it names in brackets; nil if there is none.
  private static func substituted(_ path: String, _ kernel: KernelReference) -> String? {
    let parts = path.split(separator: "{", omittingEmptySubsequences: false)
    var result = String(parts.first ?? "")
    for part in parts.dropFirst() {
      let name = String(part.prefix { $0 != "}" })
      guard let value = kernel.defines[name] else { return nil }
      result += value + part.drop { $0 != "}" }.dropFirst()
    }
    return result
  }

  private static func expand(
    _ pieces: [Piece], path: String, _ kernel: KernelReference, _ included: inout Set<String>
  ) throws(KernelTextError) -> String {
    var result = "#line 1 \"\(path)\"\n"
    for piece in pieces {
      switch piece {
      case .text(let lines): result += lines
      case .include(let name, let next):
        result += try resolve(name, kernel, &included)
        result += "#line \(next) \"\(path)\"\n"
      }
    }
    return result
  }
}

/// One of the texts that a program is linked of.
package struct ProgramPart: Hashable, Sendable {
  package var text: String
  /// Of the compiler.
  package var options: [String]
}

/// A kernel's text cannot be put together.
public enum KernelTextError: Error, Hashable, Sendable, CustomStringConvertible {
  case missingFile(String, known: [String])

  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .missingFile(let path, let known): "there is no kernel file '\(path)'; there are \(known)"
    }
  }
}

extension KernelTextError: HeddleError {
  public var kind: ErrorKind { .internal }
}
