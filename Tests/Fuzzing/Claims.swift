import HeddleText
import HeddleTypes

@testable import HeddleFormats

/// What a target claims of every input. A claim that does not hold ends the process, as a trap does: the fuzzer then
/// keeps the input.
func require(_ isTrue: Bool, _ failure: @autoclosure () -> String) {
  guard isTrue else { fatalError(failure()) }
}

/// An error says something, on one line, of one of the kinds that input can be the reason of.
func tell(_ error: any HeddleError) {
  let text = error.description
  require(
    !text.isEmpty && !text.utf8.contains { $0 < 0x20 }, "an error without a description, or with control characters")
  switch error.kind {
  case .invalidFile, .invalidData, .unsupported, .invalidArgument: break
  default: fatalError("an error of the kind \(error.kind)")
  }
}

/// Looks at everything a model file has; what cannot be had is an error.
func use(_ file: ModelFile) {
  var sum = 0
  for tensor in file.tensors {
    do throws(ModelFileError) {
      sum &+= try file.provider(for: tensor.name).withBytes { bytes in bytes.reduce(0) { $0 &+ Int($1) } }
      let found = try file.info(tensor.name)
      require(found == tensor, "a tensor that is not found by its name")
      if tensor.encoding != nil, tensor.byteCount < 1 << 20 { sum &+= try file.tensor(named: tensor.name).bytes.count }
    } catch { tell(error) }
  }
  do throws(ModelFileError) { sum &+= try file.constantStore().ids.count } catch { tell(error) }
  if sum == .min { print(sum) }
}
