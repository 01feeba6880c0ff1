import HeddleGraph
import HeddleTypes

/// The tensors of a decoder: each is asked for where it is used.
extension DecoderGraph {
  /// `x · Wᵀ` with a matrix of a layer `[outputs, inputs]`, and its bias.
  func linear(
    _ x: Value, _ name: String, outputs: Int, inputs: Int, _ bias: Presence, _ layer: Int, channelAxis: Int? = nil
  ) throws(GraphError) -> Value {
    let w = try require(
      "\(prefix(layer))\(name).weight", [outputs, inputs], layer, isPrunable: true, channelAxis: channelAxis)
    let isNested = if let format = w.type.encoding.sparse { format.pattern.isNested } else { false }
    let y = try builder.matmul(x, w, kept: isNested ? kept : nil, label: name)
    return try biased(y, name, outputs, bias, layer, channelAxis: channelAxis == 0 ? 0 : nil)
  }

  /// y, and the bias called `name` if there is one.
  func biased(
    _ y: Value, _ name: String, _ count: Int, _ presence: Presence, _ layer: Int?, channelAxis: Int? = nil
  ) throws(GraphError) -> Value {
    guard let bias = try tensor("\(prefix(layer))\(name).bias", [count], presence, layer, channelAxis: channelAxis)
    else { return y }
    return try builder.add(y, float32(bias), label: "\(name)_bias")
  }

  func require(
    _ name: String, _ shape: [Int], _ layer: Int? = nil, isPrunable: Bool = false, channelAxis: Int? = nil,
    mayBeRow: Bool = false
  ) throws(GraphError) -> Value {
    let value = try tensor(
      name, shape, .required, layer, isPrunable: isPrunable, channelAxis: channelAxis, mayBeRow: mayBeRow)
    guard let value else { throw .unknownConstant(ConstantID(name), Origin(label: name)) }
    return value
  }

  /// The constant of the name; nil if the decoder has none.
  func tensor(
    _ name: String, _ shape: [Int], _ presence: Presence, _ layer: Int? = nil, isPrunable: Bool = false,
    channelAxis: Int? = nil, mayBeRow: Bool = false
  ) throws(GraphError) -> Value? {
    guard presence != .absent else { return nil }
    let request = TensorRequest(
      name: name, shape: shape, isRequired: presence == .required, layer: layer, isPrunable: isPrunable,
      channelAxis: channelAxis, mayBeRow: mayBeRow)
    guard let type = tensors.type(of: request) else { return nil }
    // A scope names the layer already: "blk.0" + "attn_q.weight".
    let label = String(name.dropFirst(prefix(layer).count))
    return try builder.apply(Constant(id: ConstantID(name), type: type), label: label).first
  }

  /// A value as float32, whatever the file stores.
  func float32(_ value: Value) throws(GraphError) -> Value {
    value.type.encoding == .float32 ? value : try builder.encode(value, as: .float32)
  }

  func prefix(_ layer: Int?) -> String { layer.map { "blk.\($0)." } ?? "" }
}
