import HeddleText
import HeddleTypes

/// Turns the tensors of a folder into those of a model, by the rules of its family.
struct HubTensorReader {
  private let family: HubFamily
  private let model: HubDescription
  private let checkpoint: SafetensorsCheckpoint
  private let scheme: QuantizationScheme?
  /// Whether the output is the embedding; nil where the tensors say so.
  private let isTied: Bool?
  private let rules: NameTable<HubTensorRule>
  /// Of each rule its place among them, by the stem.
  private let places: NameTable<Int>
  private var parts: [(order: [Int], part: ModelPart)] = []
  /// Of each model's tensor the one of the folder.
  private var sources: NameTable<String> = [:]
  private var stacks = HubStacks()
  private(set) var vocabularySize = 0
  private var types: Set<SafetensorsDtype> = []

  init(
    _ family: HubFamily, _ model: HubDescription, _ checkpoint: SafetensorsCheckpoint, scheme: QuantizationScheme?,
    isTied: Bool?
  ) {
    self.family = family
    self.model = model
    self.checkpoint = checkpoint
    self.scheme = scheme
    self.isTied = isTied
    // A later rule of a stem takes the place of an earlier one.
    rules = NameTable(family.tensors.map { ($0.stem, $0) })
    places = NameTable(family.tensors.enumerated().map { ($1.stem, $0) })
  }

  private var path: String { checkpoint.path }

  /// The tensors of the model: what is outside of layers first, then layer by layer.
  mutating func read() throws(ModelFolderError) -> [ModelPart] {
    for (tensor, _) in checkpoint.tensors { try read(tensor) }
    for stack in stacks.all {
      let part: ModelPart
      do { part = try stack.part() } catch { throw .tensor(path: path, error) }
      parts.append((stack.order, part))
    }
    guard sources["token_embd.weight"] != nil else { throw missing("token_embd") }
    if isTied == false, sources["output.weight"] == nil { throw missing("output") }
    let ordered = parts.sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.part)
    return model.computed + ordered
  }

  private func missing(_ name: String) -> ModelFolderError {
    let stem = rules.first { $0.value.name.hasSameBytes(as: name) }?.key ?? name
    return .tensor(path: path, .missing(stem + ".weight"))
  }

  /// `general.file_type` of llama.cpp, where all weights are of one type that has a number there.
  var fileType: UInt32? {
    if scheme != nil || types.count != 1 { return nil }
    return switch types.first {
    case .f32: 0
    case .f16: 1
    case .bf16: 32
    default: nil
    }
  }

  private mutating func read(_ tensor: SafetensorsTensor) throws(ModelFolderError) {
    let known = HubTensorName(family.plainName(tensor.name))
    let layer = QuantizedTensorName(tensor, scheme)
    // What belongs to a quantized weight is read with it.
    if layer?.isAside == true { return }
    let name = layer.map { HubTensorName(family.plainName($0.layer) + ".weight") } ?? known
    if Self.isOfAnotherModel(tensor.name) { return }
    if family.leavesLaterLayers, name.stem.hasPrefix("model.layers.*"), name.numbers.first ?? 0 >= model.layerCount {
      return
    }
    guard let rule = rules[name.stem], let place = places[name.stem],
      name.numbers.first ?? 0 < max(1, model.layerCount),
      !name.ending.isEmpty || rule.change == .left || rule.hasEnding
    else { throw .tensor(path: path, .unknown(tensor.name)) }
    if rule.change == .left || (isTied == true && rule.name == "output") { return }

    let modelName = rule.modelName(name)
    let order = [name.numbers.first.map { $0 &+ 1 } ?? 0, place, name.ending == ".bias" ? 1 : 0]
    if rule.change == .ofLatents {
      let source = if let layer, let scheme { try dense(layer.layer, scheme) } else { try plain(tensor) }
      let (keys, values) = try ofLatents(source, layer: name.numbers.first ?? 0)
      parts += [(order + [0], keys), (order + [1], values)]
      return
    }
    if rule.isOfExperts {
      for (turn, part) in try experts(tensor, rule, rule.modelNames(name)).enumerated() {
        try note(tensor, as: part.tensor.name)
        parts.append((order + [turn], part))
      }
      return
    }
    let part =
      if let layer, let scheme { try quantized(layer.layer, scheme, modelName, rule) } else {
        try scalar(plain(tensor), modelName, rule)
      }
    if rule.change == .stacked {
      stacks.add(part, of: tensor.name, number: name.numbers.last ?? 0, to: modelName, order: order)
      return
    }
    try note(tensor, as: modelName)
    if modelName == "token_embd.weight" { vocabularySize = part.tensor.shape.first ?? 0 }
    parts.append((order, part))
  }

  /// Keeps which tensor of the folder is which of the model's: no two may be one.
  private mutating func note(_ tensor: SafetensorsTensor, as name: String) throws(ModelFolderError) {
    guard let other = sources.updateValue(tensor.name, forKey: name) else { return }
    throw .tensor(path: path, .duplicate(other, and: tensor.name, are: name))
  }

  /// Of a model of images, beside which that of text stands.
  private static func isOfAnotherModel(_ name: String) -> Bool {
    ["vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector."].contains {
      name.utf8.starts(with: $0.utf8)
    }
  }

  /// A tensor of numbers that are one by one.
  private mutating func plain(_ tensor: SafetensorsTensor) throws(ModelFolderError) -> HubTensor {
    try stored(tensor, [.f32, .f16, .bf16])
  }

  private mutating func stored(
    _ tensor: SafetensorsTensor, _ dtypes: [SafetensorsDtype]
  ) throws(ModelFolderError) -> HubTensor {
    guard dtypes.contains(tensor.dtype) else {
      throw .tensor(path: path, .wrongDtype(tensor: tensor.name, tensor.dtype))
    }
    if tensor.shape.count >= 2 { types.insert(tensor.dtype) }
    do { return HubTensor(tensor, try checkpoint.provider(for: tensor.name)) } catch { throw .checkpoint(error) }
  }

  private func ofLatents(_ tensor: HubTensor, layer: Int) throws(ModelFolderError) -> (
    keys: ModelPart, values: ModelPart
  ) {
    let (heads, head) = (model.heads.queries, model.latentHead)
    let name = "blk.\(layer).attn_"
    do {
      return (
        try tensor.latentKeys("\(name)k_b.weight", heads: heads, plain: head.plain, values: head.values),
        try tensor.latentValues("\(name)v_b.weight", heads: heads, plain: head.plain, values: head.values)
      )
    } catch { throw .tensor(path: path, error) }
  }

  /// All experts' tensors of a layer, which are one in the folder too; of outputs by turns those of each.
  private mutating func experts(
    _ tensor: SafetensorsTensor, _ rule: HubTensorRule, _ names: [String]
  ) throws(ModelFolderError) -> [ModelPart] {
    let isBlocks = rule.change == .expertBlocks
    let source = isBlocks ? try stored(tensor, [.u8]) : try plain(tensor)
    let scales = isBlocks ? try blockScales(tensor) : nil
    var parts: [ModelPart] = []
    for (place, name) in names.enumerated() {
      let turn = ExpertTurn(place: place, count: names.count)
      do {
        let part =
          if let scales { try source.expertBlocks(scales, name, turn) } else if rule.change == .expertVectors {
            try source.expertVectors(name, turn)
          } else {
            try source.expertsByInputs(name, turn)
          }
        parts.append(part)
      } catch { throw .tensor(path: path, error) }
    }
    return parts
  }

  /// The tensor of scales that belongs to one of blocks.
  private mutating func blockScales(_ blocks: SafetensorsTensor) throws(ModelFolderError) -> HubTensor {
    let name = (blocks.name.without(suffix: "_blocks") ?? blocks.name) + "_scales"
    guard checkpoint.contains(name) else { throw .tensor(path: path, .missing(name)) }
    let scales: SafetensorsTensor
    do { scales = try checkpoint.info(name) } catch { throw .checkpoint(error) }
    return try stored(scales, [.u8])
  }

  private func scalar(_ tensor: HubTensor, _ name: String, _ rule: HubTensorRule) throws(ModelFolderError) -> ModelPart
  {
    do {
      switch rule.change {
      case .transposed where tensor.shape.count == 2: return try tensor.transposed(name)
      case .separated: return try tensor.separated(name, heads: model.heads.queries, groups: model.heads.keys)
      case .plusOne where name.hasSuffix(".weight"): return try tensor.vector(name, adding: 1)
      default:
        // GGUF files have the positions and norms of each head in float32 too.
        return tensor.shape.count == 1 || rule.name == "position_embd" || rule.name.hasSuffix("norm")
          ? try tensor.floats(name) : tensor.asItIs(name)
      }
    } catch { throw .tensor(path: path, error) }
  }

  private func quantized(
    _ layer: String, _ scheme: QuantizationScheme, _ name: String, _ rule: HubTensorRule
  ) throws(ModelFolderError) -> ModelPart {
    let weight: QuantizedWeight
    do { weight = try checkpoint.quantizedWeight(layer, scheme) } catch { throw .quantized(error) }
    if weight.inputOrder != nil { return try dense(weight, layer, name, rule) }
    var tensor = weight.tensor
    if rule.change == .separated {
      let rows = tensor.shape.first ?? 0
      guard let order = RowOrder.separated(rows: rows, heads: model.heads.queries, groups: model.heads.keys),
        let sorted = try? Tensor(
          encoding: tensor.encoding, shape: tensor.shape,
          bytes: tensor.withBytes { order.applied(to: $0) })
      else {
        throw .tensor(path: path, .wrongShape(tensor: layer, shape: tensor.shape, reason: "heads do not divide it"))
      }
      tensor = sorted
    } else if rule.change != .none && rule.change != .stacked {
      throw .tensor(path: path, .unknown(layer + ".weight"))
    }
    return ModelPart(
      tensor: ModelTensor(
        name: name, typeName: tensor.encoding.typeName, encoding: tensor.encoding, shape: tensor.shape, offset: 0,
        byteCount: tensor.bytes.count), provider: tensor)
  }

  /// A quantized weight of which other matrices are made than its blocks are of, in float32.
  private func dense(_ layer: String, _ scheme: QuantizationScheme) throws(ModelFolderError) -> HubTensor {
    let weight: QuantizedWeight
    do { weight = try checkpoint.quantizedWeight(layer, scheme) } catch { throw .quantized(error) }
    let shape = weight.tensor.shape
    guard let values = weight.dense(), let count = try? Encoding.float32.byteCount(shape: shape) else {
      throw .tensor(path: path, .unknown(layer + ".weight"))
    }
    return HubTensor(
      SafetensorsTensor(name: layer + ".weight", dtype: .f32, shape: shape, offset: 0, byteCount: count),
      MadeBytes(byteCount: count) { values })
  }

  /// A weight whose groups are of inputs from anywhere ("act order"), in float32: its blocks have other columns than activations.
  private func dense(
    _ weight: QuantizedWeight, _ layer: String, _ name: String, _ rule: HubTensorRule
  ) throws(ModelFolderError) -> ModelPart {
    let shape = weight.tensor.shape
    guard rule.change == .none || rule.change == .stacked, let count = try? Encoding.float32.byteCount(shape: shape)
    else {
      throw .tensor(path: path, .unknown(layer + ".weight"))
    }
    return ModelPart(name, .float32, shape, byteCount: count) { weight.dense() ?? [] }
  }
}
