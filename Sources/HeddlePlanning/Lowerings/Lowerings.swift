/// Every lowering there is, those of one operation in the order in which they are tried: the first that takes the problem
/// is the one. Leaves have none: they are where they are.
enum Lowerings {
  static let all: [any Lowering.Type] = [
    SparseMatMul.self, PackedMatMul.self, StridedMatMul.self,
    RouteLowering.self, ExpertCountsLowering.self, BalanceBiasLowering.self, BalanceLossLowering.self,
    MatMulByExpertLowering.self, WeightedSumLowering.self,
    AttentionLowering.self, MergeAttentionLowering.self, LightningIndexerLowering.self, SelectKeysLowering.self,
    LayerNormLowering.self, RMSNormLowering.self, SoftmaxLowering.self, OrthonormalRowsLowering.self,
    BinaryLowering.self, UnaryLowering.self, RotaryEmbeddingLowering.self,
    EmbeddingLookupLowering.self, ArgMaxLowering.self, TopKLowering.self, IndexRangeLowering.self,
    WriteRowsLowering.self, ConcatenateLowering.self, ReshapeLowering.self, SliceLowering.self, TransposeLowering.self,
    PruneLowering.self, EncodeBlocksLowering.self, EncodeLowering.self, QuantizeActivationsLowering.self,
    CustomLowering.self,
  ]

  private static let byOperation = Dictionary(grouping: all) { $0.operation }

  /// Those of an operation.
  static func of(_ operation: any GraphOperation) -> [any Lowering.Type] {
    byOperation[ObjectIdentifier(type(of: operation))] ?? []
  }
}

extension Lowering {
  fileprivate static var operation: ObjectIdentifier { ObjectIdentifier(Operation.self) }
}
