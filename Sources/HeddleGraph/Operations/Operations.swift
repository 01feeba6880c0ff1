/// Every operation there is.
///
/// The list is explicit, so that it can be read and no linker drops a part of it. Tests hold that each operation has an
/// oracle, a lowering, cases and samples.
public enum Operations {
  public static let all: [any GraphOperation.Type] = [
    Input.self, Constant.self, State.self,
    MatMul.self,
    Route.self, ExpertCounts.self, BalanceBias.self, BalanceLoss.self, MatMulByExpert.self, WeightedSum.self,
    Attention.self, MergeAttention.self, LightningIndexer.self, SelectKeys.self,
    LayerNorm.self, RMSNorm.self, Softmax.self, OrthonormalRows.self,
    Binary.self, Unary.self, RotaryEmbedding.self,
    EmbeddingLookup.self, ArgMax.self, TopK.self, IndexRange.self,
    WriteRows.self, Concatenate.self, Reshape.self, Slice.self, Transpose.self,
    Encode.self, QuantizeActivations.self,
    Custom.self,
  ]

  /// What there is to say of each.
  public static var descriptions: [OperationDescription] { all.map { $0.description } }

  private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// The operation of this name.
  public static func named(_ name: String) -> (any GraphOperation.Type)? { byName[name] }
}
