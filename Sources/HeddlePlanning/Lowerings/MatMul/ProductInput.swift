/// What the activations of a packed product are, and with it how wide kernels multiply.
enum ProductInput: Hashable, Sendable {
  case floats
  /// Pairs of bfloat16, by the feature ``TargetProfile/bfloat16Dot``.
  case bfloat16Pairs
  /// Whole numbers of both sides, in bytes: `Kernels/Common/level_dots.cl`.
  case levels(ByteDot)

  /// How bytes are multiplied: the sums are exact, so the bits are the same.
  enum ByteDot: Int, Hashable, Sendable {
    case plain = 0
    /// By the feature ``TargetProfile/byteMultiply``.
    case pairs = 1
    /// By the feature ``TargetProfile/byteDot``.
    case fours = 2

    init(_ target: TargetProfile) {
      self =
        if target.features.contains(TargetProfile.byteDot) {
          .fours
        } else {
          target.features.contains(TargetProfile.byteMultiply) ? .pairs : .plain
        }
    }
  }

  /// What `direct_wide.cl` and `chunks_wide.cl` are told.
  var defines: [String: String] {
    var defines = ["DOT_BFLOAT16": "0", "INPUT_LEVELS": "0"]
    switch self {
    case .floats: break
    case .bfloat16Pairs: defines["DOT_BFLOAT16"] = "1"
    case .levels(let dot):
      defines["INPUT_LEVELS"] = "1"
      defines["BYTE_DOT"] = "\(dot.rawValue)"
    }
    return defines
  }

  /// Before a tile's name, where choices are printed.
  var name: String {
    switch self {
    case .floats: ""
    case .bfloat16Pairs: "dot"
    case .levels: "levels"
    }
  }
}

extension ValueFormat.Levels {
  /// The defines of `Kernels/Common/level_inputs.cl`.
  var defines: [String: String] {
    ["LEVEL_MAXIMUM": "\(maximum ?? 0)", "LEVEL_ZERO": "\(zero)", "LEVEL_LEAST": hasLeast ? "1" : "0"]
  }
}
