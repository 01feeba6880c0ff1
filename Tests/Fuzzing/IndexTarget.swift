import HeddleText

@testable import HeddleFormats

/// Any bytes as the index of a checkpoint in shards: an error that can be told, or names that stay in its folder.
@c(LLVMFuzzerTestOneInput)
public func fuzzIndex(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: address, count: count)
  _ = SafetensorsIndex.begins(Array(input))
  do throws(SafetensorsError) {
    let index = try SafetensorsIndex(input, path: "f", options: SafetensorsReadOptions())
    for shard in index.shards {
      require(shard.utf8.allSatisfy { !#"/\:"#.utf8.contains($0) && $0 != 0 }, "a shard in another folder")
      require(shard.utf8.count > 12 && shard.hasSuffix(".safetensors"), "a shard of another name")
    }
    require(index.shards.count <= index.weightMap.count, "a shard without a tensor")
    for (_, value) in index.metadata {
      if case .number(let number) = value { require(number.isFinite, "a number that is none") }
    }
    _ = index.totalSize
  } catch { tell(error) }
  return 0
}
