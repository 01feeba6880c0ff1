/// What a choice among candidates is made for, as text: the operation with its attributes, the types of its operands and
/// results, and which operands are constants.
///
/// An extent that depends on symbols stands as its bounds in the range of bindings, so equal layers, and models with
/// equal shapes, share one choice whatever their symbols and weights are called:
///
///     matmul{epilogue: {activation: nil, bias: false, isGated: false, residual: false}, rightIsTransposed: true}
///         (f32[2...16, 576], constant q4_1[1536, 576]) -> f32[2...16, 1536]
///
/// (on one line)
///
/// Strides are left out: whether an operand is a view does not tell two problems apart. Where ``Numerics/relaxed`` adds
/// candidates the text begins with `relaxed`; all other choices are shared with exact plans.
public struct ProblemSignature: RawRepresentable, Hashable, Codable, CodingKeyRepresentable, Sendable {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

extension ProblemSignature: CustomStringConvertible, Comparable {
  public var description: String { rawValue }
  public static func < (left: ProblemSignature, right: ProblemSignature) -> Bool { left.rawValue < right.rawValue }
}

extension ProblemSignature {
  /// - Parameters:
  ///   - constants: the operands that are constants, or concatenations of constants.
  ///   - isRelaxed: whether there are candidates that exact numerics do not allow.
  init(
    _ operation: any GraphOperation, operands: [TensorType], results: [TensorType], constants: [Bool],
    ranges: SymbolRanges, isRelaxed: Bool
  ) {
    let writer = SignatureWriter(ranges: ranges)
    let arguments = zip(operands, constants).map { type, isConstant in
      (isConstant ? "constant " : "") + writer.text(of: type)
    }
    let results = results.map { writer.text(of: $0) }
    rawValue =
      (isRelaxed ? "relaxed " : "")
      + "\(operation.name)\(writer.text(of: operation))(\(arguments.joined(separator: ", "))) -> "
      + results.joined(separator: ", ")
  }
}

/// Writes values of any payload in one form: fields sorted by name, extents as bounds. Reflection sees every attribute,
/// so that a new one cannot be forgotten here.
private struct SignatureWriter {
  let ranges: SymbolRanges

  func text(of type: TensorType) -> String {
    "\(type.encoding)[\(type.shape.map { text(of: $0) }.joined(separator: ", "))]"
  }

  private func text(of dimension: Dimension) -> String {
    guard let bounds = try? dimension.bounds(ranges) else { return "\(dimension)" }
    return bounds.lowerBound == bounds.upperBound
      ? "\(bounds.lowerBound)" : "\(bounds.lowerBound)...\(bounds.upperBound)"
  }

  // Traps: never (fields-of-an-operation).
  func text(of value: Any) -> String {
    switch value {
    case let dimension as Dimension: return text(of: dimension)
    case let type as TensorType: return text(of: type)
    case let string as String: return string.debugDescription
    default: break
    }
    let mirror = Mirror(reflecting: value)
    let children = Array(mirror.children)
    switch mirror.displayStyle {
    case .struct?, .class?, .tuple?:
      let fields = children.map { "\($0.label ?? ""): \(text(of: $0.value))" }.sorted()
      return "{\(fields.joined(separator: ", "))}"
    case .enum?:
      guard let child = children.first else { return "\(value)" }
      return "\(child.label ?? "")(\(text(of: child.value)))"
    case .optional?: return children.first.map { text(of: $0.value) } ?? "nil"
    case .collection?: return "[\(children.map { text(of: $0.value) }.joined(separator: ", "))]"
    case .dictionary?, .set?: return "[\(children.map { text(of: $0.value) }.sorted().joined(separator: ", "))]"
    default: return "\(value)"
    }
  }
}
