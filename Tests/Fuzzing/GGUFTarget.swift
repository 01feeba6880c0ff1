import HeddleText
import HeddleTypes

@testable import HeddleFormats

/// Any bytes as a GGUF file: an error that can be told, or a file of which all can be used and that can be written again.
@c(LLVMFuzzerTestOneInput)
public func fuzzGGUF(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: address, count: count)
  // On the fuzzer's own bytes, so that the sanitizer sees a read past their end.
  var parser = GGUFParser(input, path: "f", options: GGUFReadOptions())
  do throws(GGUFError) { _ = try parser.parse() } catch {
    tell(error)
    return 0
  }
  do {
    let file = try GGUFFile(bytes: Array(input), name: "f")
    for key in file.metadata.keys { ask(file.metadata, key) }
    for tensor in file.tensors { require(tensor.offset + tensor.byteCount <= count, "a tensor outside the file") }
    use(ModelFile(file))
    try writeAgain(file)
  } catch let error as any HeddleError {
    tell(error)
  } catch {
    require(false, "an error of another kind: \(error)")
  }
  return 0
}

/// Each getter gives a value or an error.
private func ask(_ metadata: GGUFMetadata, _ key: String) {
  func attempt<Value>(_ body: () throws(GGUFError) -> Value) {
    do throws(GGUFError) { _ = try body() } catch { tell(error) }
  }
  attempt { () throws(GGUFError) in try metadata.string(key) }
  attempt { () throws(GGUFError) in try metadata.bool(key) }
  attempt { () throws(GGUFError) in try metadata.float(key) }
  attempt { () throws(GGUFError) in try metadata.integer(key, in: 1...1000) }
  attempt { () throws(GGUFError) in try metadata.integers(key, in: 0...100) }
  attempt { () throws(GGUFError) in try metadata.strings(key) }
  attempt { () throws(GGUFError) in try metadata.bools(key) }
  attempt { () throws(GGUFError) in try metadata.floats(key) }
  require(metadata[key].map { !$0.description.isEmpty } == true, "a value without a description")
}

/// What was read and is written again reads as the same: values to the bit, tensors with their bytes.
private func writeAgain(_ file: GGUFFile) throws {
  var writer = GGUFWriter()
  for key in file.metadata.keys { if let value = file.metadata[key] { try writer.set(key, value) } }
  for tensor in file.tensors {
    let bytes = try file.provider(for: tensor.name).withBytes { Array($0) }
    try writer.add(tensor.name, type: tensor.type, shape: tensor.shape, bytes: bytes)
  }
  let again = try GGUFFile(bytes: writer.serialized(), name: "g")
  require(again.metadata.json == file.metadata.json, "metadata that change when they are written again")
  require(again.tensors.count == file.tensors.count, "tensors that get lost when they are written again")
  for (old, new) in zip(file.tensors, again.tensors) {
    require((old.name, old.shape) == (new.name, new.shape) && old.type == new.type, "a tensor that changes")
    let bytes = try file.provider(for: old.name).withBytes { Array($0) }
    let written = try again.provider(for: new.name).withBytes { Array($0) }
    require(bytes == written, "bytes that change when they are written again")
  }
}
