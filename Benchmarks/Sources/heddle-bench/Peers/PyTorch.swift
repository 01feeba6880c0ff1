import Foundation
import Heddle

/// PyTorch in a Python process beside this one, from the package `torch`.
final class PyTorch: Peer {
  static let name = "pytorch"
  let identity: String
  let method = """
    torch.nn.functional.linear as a user calls it, and torch.utils.mkldnn.to_mkldnn, whose weights are packed \
    beforehand, whichever is faster, in inference mode; the result is a new tensor each call. Timed inside the Python \
    process. bf16 weights with bf16 activations and results; f16 weights with f16 ones or widened to float32 \
    beforehand, block-quantized ones widened to float32. Of sparse weights a dense float32 form, and if they are float32
    also torch.mm of a CSR matrix. Attention: torch.nn.functional.scaled_dot_product_attention, of queries, keys and values in \
    the type that the cache is stored in, laid out by head beforehand. By expert: a \
    loop of linear over the experts that are used, as transformers has it, the weights of the pairs gathered for torch.bmm, \
    and torch.nn.functional.grouped_mm of sorted pairs; sorting is in the time. \
    Choices of experts: the operations that transformers uses for DeepSeek V3.
    """
  /// The version of oneDNN inside.
  let oneDNNVersion: String
  private let worker: WorkerProcess
  private let folder: URL
  private var prepared: (problem: MatMulProblem, ways: [WorkerContestant])?

  private struct Hello: Decodable {
    var version: String
    var onednn: String
    var kernels: String
    var threads: Int
  }

  private struct Prepared: Decodable {
    var ways: [String]
    var absent: [String: String]
  }

  init(threads: Int) throws {
    let python = try PeerFolder.file("venv/bin/python")
    var environment = ProcessInfo.processInfo.environment.filter { name, _ in
      !["OPENBLAS_", "OMP_", "MKL_", "KMP_", "ONEDNN_", "DNNL_", "GOMP_"].contains { name.hasPrefix($0) }
    }
    environment["OMP_NUM_THREADS"] = "\(threads)"
    environment["GOMP_SPINCOUNT"] = OneDNN.spinCount
    environment["PYTHONUNBUFFERED"] = "1"
    worker = try WorkerProcess(
      python, arguments: ["-c", String(decoding: PackageResources.pytorch_worker_py, as: UTF8.self)],
      environment: environment, name: PyTorch.name)
    let hello: Hello = try worker.ask(.object([("op", .string("hello")), ("threads", .integer(threads))]))
    oneDNNVersion = hello.onednn
    identity =
      "PyTorch \(hello.version), \(hello.kernels), oneDNN \(hello.onednn) inside, \(hello.threads) threads (libgomp)"
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-bench-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func contestants(_ workload: any Workload, rotation: Rotation) throws -> [any Contestant] {
    if let attention = workload as? AttentionWorkload { return try ways(attention, rotation: rotation) }
    if let experts = workload as? ExpertWorkload { return try ways(experts, rotation: rotation) }
    if let routing = workload as? RouteWorkload { return try ways(routing) }
    guard let data = workload as? MatMulData else { throw PeerAbsence("does not compute this") }
    return try ways(data, rotation: rotation).filter { !$0.way.hasPrefix(PyTorch.packed) }
  }

  /// The operation PyTorch's compiler calls, with weights packed by the oneDNN inside: a newer oneDNN than the package
  /// that can be opened in this process.
  func packedOneDNN(_ data: MatMulData, rotation: Rotation) throws -> [any Contestant] {
    let ways = try ways(data, rotation: rotation).filter { $0.way.hasPrefix(PyTorch.packed) }
    for way in ways { way.name = "oneDNN \(oneDNNVersion) in PyTorch,\(way.way.dropFirst("onednn".count))" }
    return ways
  }

  private static let packed = "onednn packed"

  private func ways(_ data: MatMulData, rotation: Rotation) throws -> [WorkerContestant] {
    if let prepared, prepared.problem == data.problem { return prepared.ways }
    let problem = data.problem
    let x = try file("x", HostFloats(data.x))
    let w = try file("w", try data.floatWeights())
    defer { for path in [x, w] { try? FileManager.default.removeItem(atPath: path) } }
    let request: [(String, JSONText)] = [
      ("op", .string("prepare")), ("x", .string(x)), ("w", .string(w)), ("values", .string(problem.encoding.name)),
      ("widening", .string(problem.widening)), ("sparse", .bool(problem.sparseFormat?.values == .float32)),
      ("rotation", .integer(rotation.byteCount)), ("tokens", .integer(problem.tokens)),
      ("inputs", .integer(problem.inputs)),
      ("outputs", .integer(problem.outputs)),
    ]
    let answer: Prepared = try worker.ask(.object(request))
    let made = answer.ways.map { WorkerContestant($0, worker: worker, path: folder.path + "/y") }
    prepared = (problem, made)
    return made
  }

  private func ways(_ workload: ExpertWorkload, rotation: Rotation) throws -> [WorkerContestant] {
    let size = workload.size
    // Its weights are float32: those that one product reads are four bytes a value.
    let used = 4 * size.outputs * size.inputs * min(size.experts, size.tokens * size.count)
    guard 4 * size.experts * size.outputs * size.inputs <= 4 << 30 else {
      throw PeerAbsence("in float32 its weights exceed 4 GiB")
    }
    let x = try file("x", HostFloats(workload.x))
    let w = try file("w", try workload.floatWeights())
    defer { for path in [x, w] { try? FileManager.default.removeItem(atPath: path) } }
    prepared = nil
    let shape = [size.tokens, size.count, size.experts, size.inputs, size.outputs].map(JSONText.integer)
    let answer: Prepared = try worker.ask(
      .object([
        ("op", .string("experts")), ("x", .string(x)), ("w", .string(w)), ("shape", .array(shape)),
        ("choices", .array(workload.choices.map { .integer(Int($0)) })),
        ("widening", .string(size.encoding == .float32 ? "" : " (widened)")),
        ("copies", .integer(rotation.copies(of: used))),
      ]))
    return answer.ways.map { WorkerContestant($0, worker: worker, path: folder.path + "/y") }
  }

  private func ways(_ workload: RouteWorkload) throws -> [WorkerContestant] {
    let inputs = workload.opCase.request.inputs
    guard let logits = inputs["logits"], let bias = inputs["bias"] else { throw PeerAbsence("does not compute this") }
    let files = try [logits, bias].enumerated().map { try file("\($0)", HostFloats(try $1.floats())) }
    defer { for path in files { try? FileManager.default.removeItem(atPath: path) } }
    prepared = nil
    let answer: Prepared = try worker.ask(
      .object([
        ("op", .string("route")), ("files", .array(files.map(JSONText.string))),
        ("shape", .array(logits.shape.map(JSONText.integer))),
      ]))
    return answer.ways.map { WorkerContestant($0, worker: worker, path: folder.path + "/y") }
  }

  /// Of the masks that the operation knows by itself.
  private func ways(_ workload: AttentionWorkload, rotation: Rotation) throws -> [WorkerContestant] {
    let size = workload.size
    let isWhole = size.past == 0 || size.tokens == 1
    guard size.selected == nil, size.mask == .full || size.mask == .causal && isWhole else {
      throw PeerAbsence("has no such mask")
    }
    let inputs = workload.opCase.request.inputs
    let files = try ["queries", "keys", "values"].map { name in
      try file(name, HostFloats(inputs[name]?.decoded() ?? []))
    }
    defer { for path in files { try? FileManager.default.removeItem(atPath: path) } }
    prepared = nil
    let answer: Prepared = try worker.ask(
      .object([
        ("op", .string("attention")), ("files", .array(files.map(JSONText.string))),
        (
          "shape",
          .array(
            [size.tokens, size.past + size.tokens, size.heads.queries, size.heads.keys, size.width].map(
              JSONText.integer))
        ),
        ("scale", .number(1 / Double(size.width).squareRoot())), ("values", .string(size.cache.name)),
        ("causal", .bool(size.mask == .causal && size.tokens > 1)), ("rotation", .integer(rotation.byteCount)),
      ]))
    return answer.ways.map { WorkerContestant($0, worker: worker, path: folder.path + "/y") }
  }

  private func file(_ name: String, _ floats: HostFloats) throws -> String {
    let path = folder.appendingPathComponent(name)
    try Data(bytesNoCopy: floats.address, count: 4 * floats.values.count, deallocator: .none).write(to: path)
    return path.path
  }
}

/// A way of the Python process.
final class WorkerContestant: Contestant {
  var name: String
  /// Its name over there.
  let way: String
  private let worker: WorkerProcess
  private let path: String
  private(set) var outputRounding = 0.0

  private struct Run: Decodable {
    var seconds: Double
  }

  private struct Output: Decodable {
    var type: String
  }

  init(_ way: String, worker: WorkerProcess, path: String) {
    name = way
    self.way = way
    self.worker = worker
    self.path = path
  }

  func run(count: Int) throws -> Double {
    let run: Run = try worker.ask(
      .object([("op", .string("run")), ("way", .string(way)), ("count", .integer(count))]))
    return run.seconds
  }

  func output() throws -> [Float] {
    let output: Output = try worker.ask(.object([("op", .string("output")), ("path", .string(path))]))
    defer { try? FileManager.default.removeItem(atPath: path) }
    switch output.type {
    case "bfloat16": outputRounding = 0x1p-8
    case "float16": outputRounding = 0x1p-11
    default: outputRounding = 0
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }
}
