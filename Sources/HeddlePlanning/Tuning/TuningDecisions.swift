import HeddleText

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import HeddleTypes

/// Which candidate to take for which problem, by ``ProblemSignature`` and candidate name.
///
/// Problems it does not name get their default. The JSON form can be committed beside a model:
///
///     {"format": "heddle-tuning-decisions", "version": 1, "device": "…", "choices": {"matmul{…}(…) -> …": "direct 8x32"}}
public struct TuningDecisions: Hashable, Sendable {
  public var choices: [ProblemSignature: String]
  public var source: DecisionSource
  /// Where the choices were measured, for people.
  public var device: String?

  public init(_ choices: [ProblemSignature: String] = [:], source: DecisionSource = .pinned, device: String? = nil) {
    self.choices = choices
    self.source = source
    self.device = device
  }
}

extension TuningDecisions: CandidateDecisions {
  public func name(for signature: ProblemSignature, among candidates: [PlannedChoice.Candidate]) -> String? {
    choices[signature]
  }
}

extension TuningDecisions {
  private static let format = "heddle-tuning-decisions"
  private static let version = 1
  /// A larger file holds no decisions.
  private static let largest = 16 << 20

  private struct Header: Decodable {
    var format: String
    var version: Int
  }

  private struct File: Codable {
    var format: String
    var version: Int
    var device: String?
    var choices: [ProblemSignature: String]
  }

  /// The file form: keys sorted, so that it can be compared and merged by lines.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = File(format: Self.format, version: Self.version, device: device, choices: choices)
    return try encoder.encode(file) + Data("\n".utf8)
  }

  /// Pinned decisions from their file form; `name` is what an error calls it.
  public init(json: Data, name: String = "decisions") throws(TuningFileError) {
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: json)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
      throw .notJSON(name)
    } catch {
      throw .notDecisions(name)
    }
    guard header.format == Self.format else { throw .notDecisions(name) }
    guard header.version == Self.version else { throw .version(name, got: header.version, known: Self.version) }
    do {
      let file = try JSONDecoder().decode(File.self, from: json)
      self.init(file.choices, device: file.device)
    } catch {
      throw .notDecisions(name)
    }
  }

  /// Pinned decisions from a file, or from a pipe such as `/dev/stdin`.
  ///
  /// - Throws: ``TuningFileError``; for more than 16 MiB too.
  public init(contentsOf path: String) throws(TuningFileError) {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path, limit: Self.largest) } catch {
      throw .unreadable(path, reason: error.description)
    }
    try self.init(json: Data(bytes), name: path)
  }
}

/// Why a file gives no decisions.
public enum TuningFileError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(String, reason: String)
  case notJSON(String)
  case notDecisions(String)
  case version(String, got: Int, known: Int)

  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .notJSON(let path): "\(path): is not JSON; `heddle tune --output FILE` writes a file of tuning decisions"
    case .notDecisions(let path):
      "\(path): holds no tuning decisions; `heddle tune --output FILE` writes a file of them"
    case .version(let path, let got, let known): "\(path): is of version \(got), this program knows version \(known)"
    }
  }
}

extension TuningFileError: HeddleError {
  public var kind: ErrorKind { .invalidFile }
}
