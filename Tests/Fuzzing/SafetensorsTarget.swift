import HeddleText
import HeddleTypes

@testable import HeddleFormats

/// Any bytes as a safetensors file: an error that can be told, or a file of which every byte of data is a tensor's.
@c(LLVMFuzzerTestOneInput)
public func fuzzSafetensors(_ address: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: address, count: count)
  // On the fuzzer's own bytes, so that the sanitizer sees a read past their end.
  do throws(SafetensorsError) {
    let header = try SafetensorsHeader(input, path: "f", options: SafetensorsReadOptions())
    var end = header.dataOffset
    for tensor in header.tensors {
      require(tensor.offset == end, "a hole or an overlap")
      end += tensor.byteCount
    }
    require(end == count, "bytes of nobody")
  } catch {
    tell(error)
    return 0
  }
  do {
    let file = try SafetensorsFile(bytes: Array(input), name: "f")
    for tensor in file.tensors { require(!tensor.description.isEmpty, "a tensor without a description") }
    let model = try ModelFile(file)
    // Typed metadata in JSON come back from JSON.
    let text = Array(model.metadata.json.utf8)
    try text.withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      let again = try GGUFMetadata(&scanner, path: "f")
      require(again.json.utf8.elementsEqual(text), "metadata that change in JSON")
    }
    use(model)
  } catch let error as any HeddleError {
    tell(error)
  } catch {
    require(false, "an error of another kind: \(error)")
  }
  return 0
}
