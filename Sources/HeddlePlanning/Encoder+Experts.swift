// Experts of which only some are on the device at a time.
extension Encoder {
  /// Appends the fetch that a product by experts needs before it, unless it is there. It stands before all that is chosen for the
  /// product, so that choices are those of products whose experts are all there.
  mutating func fetchExperts(of node: Node) throws(PlanError) {
    guard let place = graph.expertPlace(node), let number = expertPlaces[place], fetched[number] == nil,
      let cache = expertCaches[at: number]
    else { return }
    var indices = try view(place.indices)
    if !indices.isContiguous { indices = try materialize(indices) }
    let slots = temporary(TensorType(.int32, indices.type.shape))
    let owners = temporary(TensorType(.int32, [Dimension(cache.resident)]))
    let pools = cache.weights.indices.map { weight in
      var pool = Argument.whole(.experts(cache: number, weight: weight))
      pool.isWritten = true
      return pool
    }
    fetch(
      number, [.read("indices", indices), .write("slots", slots), .write("owners", owners)] + pools,
      [("pairs", indices.type.elementCount)])
    fetched[number] = FetchedExperts(cache: number, slots: slots, owners: owners)
  }

  /// What a product by experts reads: weights, their experts, and which of them each pair has.
  mutating func expertOperands(_ problem: Problem<MatMulByExpert>) throws(PlanError) -> ExpertOperands? {
    let node = graph.producer(of: ValueID(node: problem.index))
    guard let place = graph.expertPlace(node), let number = expertPlaces[place], let fetched = fetched[number],
      let value = problem["w"].value, let constant = graph.packedWeight(value),
      let weight = expertCaches[at: number]?.weights.firstIndex(of: constant)
    else {
      guard let (w, constant) = weight(problem["w"]) else { return nil }
      return ExpertOperands(
        w: w, constant: constant, experts: problem["w"].type.extent(0), indices: try contiguous(problem["indices"]),
        bias: problem.operation.bias ? try contiguous(problem["bias"]) : nil)
    }
    return ExpertOperands(
      w: .experts(cache: number, weight: weight), constant: constant, experts: Dimension(place.resident),
      indices: fetched.slots,
      bias: problem.operation.bias ? try rows(of: contiguous(problem["bias"]), fetched.owners) : nil)
  }

  /// The bias of each slot's expert: `Kernels/Indexing/gather_rows.cl`.
  private mutating func rows(of bias: TensorView, _ owners: TensorView) throws(PlanError) -> TensorView {
    let width = bias.type.extent(1)
    let y = temporary(TensorType(.float32, [owners.type.extent(0), width]))
    launch(
      KernelReference(
        source: .file("Indexing/gather_rows.cl"), entry: "gather_rows_simt", defines: [:], parameters: []),
      [
        .read("table", bias, [("v", bias.stride(0)), ("k", bias.stride(1))]),
        .read("ids", owners, [("stride", 1)]), .write("y", y, [("stride", y.stride(0))]),
      ],
      [("vocabulary", bias.type.extent(0)), ("inputs", width)],
      global: [width.roundedUp(toMultipleOf: 64), owners.type.extent(0)], local: [64, 1], itemsAreIndependent: true)
    return y
  }
}

/// What a product by experts reads.
struct ExpertOperands {
  /// The packed weights of so many experts.
  var w: BufferReference
  var constant: PackedConstant
  var experts: Dimension
  /// The expert of each pair, among those.
  var indices: TensorView
  var bias: TensorView?
}
