import CHeddle
import HeddleExecution
import HeddleFormats
import HeddleGraph
import HeddleModels

final class ModelObject: HandleObject {
  static let kind = HandleKind.model
  let model: LanguageModel
  private let cancellation: RunCancellation

  init(_ model: LanguageModel, _ cancellation: RunCancellation) {
    self.model = model
    self.cancellation = cancellation
  }

  /// Whoever generates is told at the next step. Waiting here could be waiting for the caller of this.
  func close() { cancellation.cancel() }
}

@c @implementation
public func heddle_model_open(
  _ backend: heddle_backend, _ path: UnsafePointer<CChar>?, _ given: UnsafePointer<heddle_model_options>?,
  _ model: UnsafeMutablePointer<heddle_model>?
) -> heddle_status {
  call("heddle_model_open") {
    let backend = try object(backend, BackendObject.self).backend
    let path = try text(path, "path")
    let given = try options(
      given, zero: heddle_model_options(), minimum: FirstSize.modelOptions, "options")
    guard given.expert_memory >= 0 else {
      throw Failure.argument("expert_memory is \(given.expert_memory); it must be 0 or more")
    }
    let options = ModelOptions(
      chunk: given.chunk == 0 ? ModelOptions().chunk : Int(given.chunk),
      activations: try choice(given.activations, "activations") ?? .exact,
      cache: try choice(given.cache, "cache") ?? .f32,
      expertMemory: given.expert_memory == 0 ? nil : Int(given.expert_memory))
    try give("model", to: model) {
      let cancellation = RunCancellation.interruptible()
      let blocking = CallingThreadBackend(backend, cancellation: cancellation)
      let file = try ModelFile(path: path)
      let opened = try CallerExecutor.run {
        try await LanguageModel.open(file: file, backend: blocking, options: options)
      }
      return ModelObject(opened, cancellation)
    }
  }
}

/// What a name stands for; nil for NULL.
private func choice<Choice: RawRepresentable<String> & CaseIterable>(
  _ pointer: UnsafePointer<CChar>?, _ what: StaticString
) throws(Failure) -> Choice? {
  guard let name = try optionalText(pointer, what) else { return nil }
  guard let choice = Choice(rawValue: name) else {
    let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw .argument("\(what) is '\(name)'; it must be one of: \(known)")
  }
  return choice
}

/// What ``heddle_model_info`` gives: the members of its description beside these.
private struct ModelInfo: Encodable {
  var model: LanguageModel

  private enum CodingKeys: CodingKey { case layerCount, chunk, hasChatTemplate, parameters }

  func encode(to encoder: any Encoder) throws {
    try model.configuration.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model.configuration.layerCount, forKey: .layerCount)
    try container.encode(model.chunk, forKey: .chunk)
    try container.encode(model.hasChatTemplate, forKey: .hasChatTemplate)
    try container.encode(model.parameterCount, forKey: .parameters)
  }
}

@c @implementation
public func heddle_model_info(
  _ model: heddle_model, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) -> heddle_status {
  call("heddle_model_info") {
    let model = try object(model, ModelObject.self).model
    try give(try json(ModelInfo(model: model)), buffer, capacity, needed)
  }
}
