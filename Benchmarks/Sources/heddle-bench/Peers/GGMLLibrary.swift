import Foundation

/// ggml's CPU backend in this process: `libggml_peer.so`, which `make peers` compiles from `Benchmarks/Peers/ggml_peer.c`
/// against the ggml it built. There is one in a process.
struct GGMLLibrary: Sendable {
  typealias Handle = OpaquePointer

  /// How weights can lie in memory, `CPU` first: blocks as they are in files.
  let layouts: [String]
  /// The instruction sets ggml was built with.
  let features: String
  let type: @convention(c) @Sendable (_ name: UnsafePointer<CChar>) -> CInt
  let rowSize: @convention(c) @Sendable (_ type: CInt, _ columns: CInt) -> Int
  let decode:
    @convention(c) @Sendable (
      _ type: CInt, _ bytes: UnsafeRawPointer?, _ count: Int64, _ values: UnsafeMutablePointer<Float>?
    ) -> Bool
  let create:
    @convention(c) @Sendable (
      _ type: CInt, _ rows: CInt, _ columns: CInt, _ tokens: CInt, _ experts: CInt, _ used: CInt, _ layout: CInt,
      _ copies: CInt
    ) -> Handle?
  let setWeights: @convention(c) @Sendable (Handle, _ copy: CInt, _ bytes: UnsafeRawPointer?) -> Void
  let setActivations: @convention(c) @Sendable (Handle, UnsafePointer<Float>?) -> Void
  let setChoices: @convention(c) @Sendable (Handle, UnsafePointer<Int32>?) -> Void
  let run: @convention(c) @Sendable (Handle, _ copy: CInt) -> CInt
  let output: @convention(c) @Sendable (Handle, UnsafeMutablePointer<Float>?) -> Void
  let free: @convention(c) @Sendable (Handle) -> Void

  /// Opens the library and starts so many threads.
  init(threads: Int) throws(PeerAbsence) {
    let library = try DynamicLibrary(try PeerFolder.file("llama.cpp/libggml_peer.so"))
    let open = try library.function("ggml_peer_open", as: (@convention(c) (CInt) -> CInt).self)
    let layoutName = try library.function(
      "ggml_peer_layout_name", as: (@convention(c) (CInt) -> UnsafePointer<CChar>?).self)
    let text = try library.function("ggml_peer_features", as: (@convention(c) () -> UnsafePointer<CChar>?).self)
    type = try library.function("ggml_peer_type", as: Swift.type(of: type))
    rowSize = try library.function("ggml_peer_row_size", as: Swift.type(of: rowSize))
    decode = try library.function("ggml_peer_decode", as: Swift.type(of: decode))
    create = try library.function("ggml_peer_create", as: Swift.type(of: create))
    setWeights = try library.function("ggml_peer_set_weights", as: Swift.type(of: setWeights))
    setActivations = try library.function("ggml_peer_set_activations", as: Swift.type(of: setActivations))
    setChoices = try library.function("ggml_peer_set_choices", as: Swift.type(of: setChoices))
    run = try library.function("ggml_peer_run", as: Swift.type(of: run))
    output = try library.function("ggml_peer_output", as: Swift.type(of: output))
    free = try library.function("ggml_peer_free", as: Swift.type(of: free))
    let count = open(CInt(threads))
    guard count > 0 else { throw PeerAbsence("ggml's CPU backend does not start, or the system refuses it AMX tiles") }
    layouts = (0..<count).map { layoutName($0).map { String(cString: $0) } ?? "?" }
    features = text().map { String(cString: $0) } ?? "?"
  }
}
