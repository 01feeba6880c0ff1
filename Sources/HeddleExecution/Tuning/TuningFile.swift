import HeddleHost
import HeddlePlanning
import HeddleText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The file form of a tuning record: one JSON object, whose head is compared byte by byte and whose body is checksummed.
///
///     {"format":"heddle-tuning","version":1,"sha256":"<of the body>","record":
///     { "device": …, "entries": […] }
///     }
struct TuningFile: Codable {
  static let version = 1
  /// A larger file is no record.
  static let largest = 16 << 20

  /// For people who open the file.
  var device: String
  var entries: [TuningEntry]

  enum Damage: Error, Hashable, CustomStringConvertible {
    case foreign
    case version(Int)
    case damaged
    case malformed

    var description: String {
      switch self {
      case .foreign: "it is no tuning record"
      case .version(let version): "it is of version \(version), this program knows version \(TuningFile.version)"
      case .damaged: "it is damaged"
      case .malformed: "its content makes no sense"
      }
    }
  }

  private static let opening = "{\"format\":\"heddle-tuning\",\"version\":"
  private static let ending = Array("\n}\n".utf8)

  private static func head(_ body: some Sequence<UInt8>) -> [UInt8] {
    var hash = SHA256()
    hash.update(body)
    return Array(
      "\(opening)\(version),\"sha256\":\"\(SHA256.hexadecimal(hash.finalize()))\",\"record\":\n".utf8)
  }

  /// - Throws: what encoding a time throws that is no number.
  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let body = try encoder.encode(self)
    return Self.head(body) + body + Self.ending
  }

  init(device: String, entries: [TuningEntry]) {
    self.device = device
    self.entries = entries.sorted { $0.signature < $1.signature }
  }

  init(verifying bytes: [UInt8]) throws(Damage) {
    let opening = Array(Self.opening.utf8)
    guard bytes.starts(with: opening) else { throw .foreign }
    let digits = bytes.dropFirst(opening.count).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let version = Int(String(decoding: digits, as: UTF8.self)) else { throw .damaged }
    guard version == Self.version else { throw .version(version) }
    guard let newline = bytes.firstIndex(of: UInt8(ascii: "\n")), bytes.count > newline &+ Self.ending.count,
      bytes.suffix(Self.ending.count) == Self.ending[...]
    else { throw .damaged }
    let body = bytes.part(from: newline &+ 1, to: bytes.count &- Self.ending.count)
    guard bytes.part(from: 0, to: newline &+ 1) == Self.head(body)[...] else { throw .damaged }
    let file: TuningFile
    do {
      file = try JSONDecoder().decode(TuningFile.self, from: Data(body))
    } catch {
      throw .malformed
    }
    guard file.entries.allSatisfy(\.isPlausible) else { throw .malformed }
    self = file
  }
}
