import Foundation
import Heddle

/// Someone else's implementation that rows are compared with.
protocol Peer: AnyObject {
  /// The name in rows: `openblas`.
  static var name: String { get }
  /// Version, kernel set and threads, for rows and for the page.
  var identity: String { get }
  /// What is done beforehand and what inside the timer, for the page.
  var method: String { get }

  /// Every way this peer can compute the case; the fastest is measured.
  ///
  /// - Throws: ``PeerAbsence`` if there is none.
  func contestants(_ workload: any Workload, rotation: Rotation) async throws -> [any Contestant]
}

/// Why a peer has no value.
struct PeerAbsence: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

/// Where `make peers` puts them.
enum PeerFolder {
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["HEDDLE_PEERS"], !path.isEmpty { return path }
    // Benchmarks/Sources/heddle-bench/Peers/Peer.swift
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { root.deleteLastPathComponent() }
    return root.appendingPathComponent(".cache/heddle/peers").path
  }()

  /// A file of the folder.
  static func file(_ name: String) throws(PeerAbsence) -> String {
    let file = "\(path)/\(name)"
    guard FileManager.default.fileExists(atPath: file) else { throw PeerAbsence("not installed (make peers)") }
    return file
  }
}

/// All peers: those that opened, and why the others did not.
struct Peers {
  enum Entry {
    case present(any Peer)
    case absent(name: String, reason: String)

    var name: String {
      switch self {
      case .present(let peer): type(of: peer).name
      case .absent(let name, _): name
      }
    }
  }

  let entries: [Entry]

  /// - Parameter cases: those to be measured: what none of them needs is not set up.
  init(threads: Int, backend: OpenCLBackend, everySize: Bool, cases: [any BenchmarkCase]) async {
    func open<P: Peer>(_ type: P.Type, _ make: () async throws -> P) async -> Entry {
      Progress.show("opening \(P.name)")
      do {
        return .present(try await make())
      } catch {
        return .absent(name: P.name, reason: "\(error)")
      }
    }
    let pyTorch = await open(PyTorch.self) { try PyTorch(threads: threads) }
    let inside: PyTorch? = if case .present(let peer) = pyTorch { peer as? PyTorch } else { nil }
    entries = [
      await open(OpenBLAS.self) { try OpenBLAS(threads: threads) },
      await open(OneDNN.self) { try OneDNN(threads: threads, inside: inside) },
      pyTorch,
      await open(GGML.self) { try GGML(threads: threads) },
      await open(CLBlast.self) {
        let scope = CLBlast.Scope(backend.device, everySize: everySize)
        let absences = cases.map { scope.absence(of: $0) }
        if let reason = absences.first ?? nil, absences.allSatisfy({ $0 != nil }) { throw reason }
        return try await CLBlast(backend, scope: scope)
      },
    ]
  }
}
