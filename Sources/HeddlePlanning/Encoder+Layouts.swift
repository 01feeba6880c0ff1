extension Encoder {
  /// Where an input, an output or a state lives: as the caller said, else row-major from the start.
  func home(_ reference: BufferReference, _ type: TensorType) -> TensorView {
    guard let place = reference.place, let layout = layouts[place] else {
      return TensorView(buffer: reference, type: type)
    }
    return TensorView(
      buffer: reference, offset: Dimension(layout.offset), strides: layout.strides.map { Dimension($0) }, type: type)
  }
}

extension Graph {
  /// Throws for a layout that does not fit, or is of nothing that can be bound.
  func check(_ layouts: [TensorPlace: TensorLayout]) throws(PlanError) {
    let types = tensorPlaces
    for (place, layout) in layouts {
      guard let type = types[place] else {
        throw .unsupported("\(place)", operands: [], reason: "a layout is of an input, output or state", Origin())
      }
      if let fault = layout.fault(for: type, in: self, isWritten: place.isWritten) {
        throw .unsupported("\(place)", operands: [type], reason: fault, Origin())
      }
    }
  }
}

extension BufferReference {
  /// The input, state or output that a caller may bind; nil for what is the plan's own.
  public var place: TensorPlace? {
    switch self {
    case .input(let name): .input(name)
    case .state(let name): .state(name)
    case .output(let name): .output(name)
    case .constant, .experts, .literal, .temporary, .arena: nil
    }
  }

  /// The memory that stands at a place.
  public init(_ place: TensorPlace) {
    self =
      switch place {
      case .input(let name): .input(name)
      case .state(let name): .state(name)
      case .output(let name): .output(name)
      }
  }
}
