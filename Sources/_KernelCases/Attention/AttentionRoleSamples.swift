import HeddleGraph

extension Attention {
  private static func taking(_ names: String...) -> AttentionRoles {
    var roles = AttentionRoles()
    for name in names { roles.take(name) }
    return roles
  }

  static let acceptedRoles: [OperationSamples.Accepted] = [
    .init(
      Attention(scale: 1, takes: taking("positions", "sequences", "counts", "pages", "sinks", "slopes")),
      [
        Sample.f32(Sample.n, 4, 16), Sample.f32(Sample.m, 64, 2, 16), Sample.f32(Sample.m, 64, 2, 8),
        Sample.i32(Sample.n), Sample.i32(Sample.n), Sample.i32(3), Sample.i32(3, 5), Sample.f32(4), Sample.f32(4),
      ], [Sample.f32(Sample.n, 4, 8)]),
    .init(
      Attention(scale: 1, mask: .full, takes: taking("sequences")),
      [
        Sample.f32(Sample.n, 4, 16), Sample.f32(3, Sample.m, 2, 16), Sample.f32(3, Sample.m, 2, 8),
        Sample.i32(Sample.n),
      ],
      [Sample.f32(Sample.n, 4, 8)]),
    .init(
      Attention(scale: 1, mask: .causal & .selected, takes: taking("selection", "bias")),
      [
        Sample.f32(Sample.n, 4, 16), Sample.f32(100, 2, 16), Sample.f32(100, 2, 16), Sample.i32(Sample.n, 2, 4),
        Sample.f32(Sample.n, 1, 100),
      ], [Sample.f32(Sample.n, 4, 16)]),
  ]

  /// Operands of other shapes than their roles', and roles that do not go together.
  static let refusedRoles: [OperationSamples.Refused] = {
    func refused(
      _ mask: AttentionMask, _ names: [String], _ others: [TensorType], past: Dimension = 0,
      keys: [Dimension] = [8]
    ) -> OperationSamples.Refused {
      var roles = AttentionRoles()
      for name in names { roles.take(name) }
      let cache = TensorType(.float32, keys + [2, 4])
      return .init(
        Attention(scale: 1, past: past, mask: mask, takes: roles), [Sample.f32(3, 6, 4), cache, cache] + others)
    }
    let (ids, table) = (Sample.i32(3), Sample.i32(2, 5))
    return [
      refused(.causal, ["positions"], []), refused(.causal, ["positions"], [Sample.i32(2)]),
      refused(.causal, ["positions"], [Sample.f32(3)]), refused(.causal, ["positions"], [ids], past: 1),
      refused(.causal, ["sequences"], [ids], keys: [2, 8]), refused(.full, ["sequences"], [ids]),
      refused(.full, ["sequences", "slopes"], [ids, Sample.f32(6)], keys: [2, 8]),
      refused(.full, ["sequences", "counts"], [ids, ids], keys: [2, 8]),
      refused(.causal, ["pages"], [table], keys: [9, 64]),
      refused(.causal, ["pages"], [Sample.i32(1, 5)], keys: [9, 65]),
      refused(.causal, ["pages"], [Sample.i32(1, 5)], keys: [9, Sample.m]),
      refused(.causal, ["pages"], [Sample.i32(5)], keys: [9, 64]),
      refused(.causal, ["counts"], [Sample.i32(2)]), refused(.causal, ["sinks"], [Sample.f32(2)]),
      refused(.causal, ["slopes"], [Sample.f32(6, 1)]), refused(.causal, ["bias"], [Sample.f32(3, 2, 8)]),
      refused(.causal, ["bias"], [Sample.f32(3, 6, 9)]), refused(.causal, ["selection"], [Sample.i32(3, 2, 1)]),
      refused(.selected, [], []), refused(.selected, ["selection"], [Sample.i32(3, 6, 1)]),
      refused(.selected, ["selection"], [Sample.i32(3, 2, 2)]),
    ]
  }()
}
