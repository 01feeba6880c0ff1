import Foundation
import Heddle
import TestSupport
import Testing

/// `inspect` lists safetensors files of other tools: single ones, and checkpoints in shards.
@Suite struct InspectCheckpointTests {
  private func object(_ result: HeddleTool.Result) throws -> [String: Any] {
    #expect(result.status == 0, "\(result.error)")
    return try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  /// A folder of its own with the checkpoint in it.
  private func copy(_ name: String) throws -> URL {
    let url = try HeddleTool.temporaryFile(name)
    try? FileManager.default.removeItem(at: url)
    try FileManager.default.copyItem(at: URL(fileURLWithPath: TestResources.checkpointFolder), to: url)
    return url
  }

  @Test func `a checkpoint in shards is listed by its folder and by its index`() async throws {
    let folder = TestResources.checkpointFolder
    for path in [folder, folder + "/" + SafetensorsCheckpoint.indexName] {
      let result = try await HeddleTool.run("inspect", path, "--json")
      #expect(result.error.isEmpty)
      let file = try object(result)
      #expect(file["format"] as? String == "safetensors" && file["path"] as? String == path)
      #expect(file["file_byte_count"] as? Int == 1716 + 528)
      #expect(file["metadata"] as? [String: Int] == ["total_size": 484])
      let shards = try #require(file["shards"] as? [[String: Any]])
      #expect(shards.map { $0["tensors"] as? Int } == [17, 4])
      #expect(shards.map { $0["metadata"] as? [String: String] } == [["format": "pt"], ["format": "pt"]])
      let tensors = try #require(file["tensors"] as? [[String: Any]])
      #expect(tensors.count == 21)
      let wide = try #require(tensors.first { $0["name"] as? String == "model.float64.weight" })
      #expect(wide["shard"] as? String == "model-00002-of-00002.safetensors")
      #expect(wide["type"] as? String == "F64" && wide["is_supported"] as? Bool == false)
      #expect(wide["shape"] as? [Int] == [2, 4] && wide["byte_count"] as? Int == 64)
      let supported = tensors.filter { $0["is_supported"] as? Bool == true }.compactMap { $0["type"] as? String }
      #expect(Set(supported) == ["F32", "F16", "BF16", "I32"])
    }
    let text = try await HeddleTool.run("inspect", folder).text
    for line in [
      "\(folder): safetensors in shards, 2.2 KiB\n", "metadata (1)\n  total_size = 484\n", "shards (2)\n",
      "  model-00001-of-00002.safetensors: 17 tensors, 1.7 KiB\n    format = pt\n", "tensors (21)\n",
      "  model.float32.weight F32[2, 4] 32 bytes in model-00001-of-00002.safetensors\n",
      "  model.float4_e2m1fn_x2.weight F4[2, 4] 4 bytes in model-00001-of-00002.safetensors  (type not supported)\n",
      "  F8_E8M0: 1 tensors, 8 bytes (not supported)\n",
    ] { #expect(text.contains(line), "\(line)") }
  }

  @Test func `weights that another tool quantized are named`() async throws {
    let path = TestResources.quantizedFile("weights")
    let text = try await HeddleTool.run("inspect", path).text
    for line in [
      "\nquantized weights (26)\n", "  gptq.g32: GPTQ, 4 bits, groups of 32, g_idx\n",
      "  gptq.g64.symmetric: GPTQ, 4 bits, groups of 64\n", "  gptq.8bit: GPTQ, 8 bits, groups of 32, g_idx\n",
      "  awq.g128: AWQ, 4 bits, groups of 128\n", "  fp8.tensor: FP8 (e4m3), scales []\n",
      "  fp8.128x128: FP8 (e4m3), scales [2, 2]\n", "  fp8.e5m2: FP8 (e5m2), scales [8, 1]\n",
      "  int8.row: int8, scales [6]\n", "  nf4.plain: NF4\n", "  nf4.nested: NF4, scales quantized\n",
    ] { #expect(text.contains(line), "\(line)") }
    let file = try object(await HeddleTool.run("inspect", path, "--json"))
    let layers = try #require(file["quantized_weights"] as? [[String: String]])
    #expect(layers.count == 26 && layers.contains(["layer": "nf4.wide", "scheme": "NF4"]))
  }

  @Test func `a file of another tool is listed, and is no model`() async throws {
    let path = TestResources.safetensorsFile
    let text = try await HeddleTool.run("inspect", path).text
    #expect(text.hasPrefix("\(path): safetensors, 474 bytes\n\nmetadata (1)\n  made by = safetensors 0.8.0 "))
    #expect(
      text.contains("  b F32[2, 3] 24 bytes\n") && text.contains("  flags BOOL[3] 3 bytes  (type not supported)\n"))
    #expect(!text.contains("shards"))
    let file = try object(await HeddleTool.run("inspect", path, "--json"))
    #expect((file["metadata"] as? [String: String])?["made by"]?.hasPrefix("safetensors 0.8.0") == true)
    #expect(file["shards"] == nil)
    let words = "Heddle reads the safetensors models that it wrote itself"
    for command in [["graph", path], ["generate", "--model", path, "--prompt", "x"]] {
      #expect(try await HeddleTool.run(command).isFailure(words))
    }
  }

  @Test func `every type has its name`() async throws {
    var writer = SafetensorsWriter()
    for dtype in SafetensorsDtype.allCases { try writer.add("t.\(dtype)", dtype, shape: [8]) }
    let path = try HeddleTool.temporaryFile("types.safetensors").path
    try await writer.write(to: path) { Zeros(byteCount: $0.byteCount) }
    let text = try await HeddleTool.run("inspect", path).text
    for dtype in SafetensorsDtype.allCases {
      let note = dtype.encoding == nil ? "  (type not supported)" : ""
      #expect(text.contains("  t.\(dtype) \(dtype)[8] \(dtype.bitCount) bytes\(note)\n"), "\(dtype)")
    }
  }

  private struct Zeros: ConstantProvider {
    var byteCount: Int
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
      try [UInt8](repeating: 0, count: byteCount).withUnsafeBytes(body)
    }
  }

  /// What Heddle wrote, but for a model, is listed in its encodings; a model of its own is one in a folder too.
  @Test func `what Heddle wrote`() async throws {
    let store = ConstantStore()
    try store.add("w", Tensor(encoding: .q8_0, shape: [1, 32], bytes: [UInt8](repeating: 0, count: 34)))
    let path = try HeddleTool.temporaryFile("constants.safetensors").path
    try await store.write(to: path)
    #expect(try await HeddleTool.run("inspect", path).text.contains("  w q8_0[1, 32] 34 bytes\n"))
    let folder = try HeddleTool.temporaryFile("own")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let model = try ModelFile(path: HeddleTool.model("own.gguf"))
    let own = folder.appendingPathComponent(SafetensorsCheckpoint.fileName).path
    try await ModelConversion(of: model).write(to: own)
    let (one, other) = try await (HeddleTool.run("inspect", own), HeddleTool.run("inspect", folder.path))
    #expect(one.status == 0 && one.text == other.text && one.text.contains("general.architecture = "))
  }

  @Test func `what is wrong is one line that names it`() async throws {
    let folder = try copy("wrong-checkpoint")
    let index = folder.appendingPathComponent(SafetensorsCheckpoint.indexName)
    let text = try String(contentsOf: index, encoding: .utf8)
    func failure() async throws -> HeddleTool.Result { try await HeddleTool.run("inspect", folder.path) }
    try text.replacing("484", with: "485").write(to: index, atomically: true, encoding: .utf8)
    let noted = try await failure()
    #expect(noted.status == 0)
    #expect(noted.error == "note: the index says that all tensors have 485 bytes, and they have 484\n")
    try text.replacing("model-00002", with: "../model-00002").write(to: index, atomically: true, encoding: .utf8)
    #expect(try await failure().isFailure(index.path, "'../model-00002-of-00002.safetensors'", "beside the index"))
    try text.write(to: index, atomically: true, encoding: .utf8)
    let (shard, moved) = (
      folder.appendingPathComponent("model-00002-of-00002.safetensors"), folder.appendingPathComponent("blob")
    )
    try FileManager.default.moveItem(at: shard, to: moved)
    #expect(try await failure().isFailure("the shard 'model-00002-of-00002.safetensors' is not there"))
    try FileManager.default.createSymbolicLink(at: shard, withDestinationURL: moved)
    #expect(try await failure().isFailure(shard.path, "symbolic link"))
    #expect(try await HeddleTool.run("inspect", folder.path, "--follow-links").status == 0)
    try FileManager.default.removeItem(at: index)
    #expect(try await failure().isFailure("is a directory with neither 'model.safetensors.index.json' nor"))
  }

  /// An index is no model to those that run one.
  @Test func `others than inspect refuse an index`() async throws {
    let path = TestResources.checkpointFolder + "/" + SafetensorsCheckpoint.indexName
    for command in [["graph", path], ["generate", "--model", path, "--prompt", "x"]] {
      #expect(try await HeddleTool.run(command).isFailure("neither a GGUF nor a safetensors file"))
    }
    #expect(
      try await HeddleTool.run("graph", TestResources.checkpointFolder).isFailure("a directory without 'config.json'"))
  }
}
