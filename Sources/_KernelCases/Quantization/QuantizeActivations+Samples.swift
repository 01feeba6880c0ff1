import HeddleGraph

extension QuantizeActivations {
  public static let samples = OperationSamples(
    accepted: [
      .init(QuantizeActivations(), [Sample.f32(Sample.n, 64)], [Sample.type("q8_dynamic", Sample.n, 64)]),
      .init(QuantizeActivations(), [Sample.f32(3, 0)], [Sample.type("q8_dynamic", 3, 0)]),
    ],
    refused: [
      .init(QuantizeActivations(), [Sample.f32(3, 33)]),
      .init(QuantizeActivations(), [Sample.f32(3, Sample.n)]),
      .init(QuantizeActivations(), [Sample.f32()]),
      .init(QuantizeActivations(), [Sample.bf16(3, 32)]),
      .init(QuantizeActivations(), []),
    ],
    literals: [
      .init(
        QuantizeActivations(),
        [
          Sample.floats(
            [127, -127, 0.5, 1.5, 2.5] + [Float](repeating: 0, count: 11) + [Float](repeating: -1, count: 16), [32])
        ],
        Sample.tensor(
          .q8_dynamic, [32],
          [0, 0, 0x80, 0x3F, 4, 0, 0xF0, 0xFF, 127, 0x81, 0, 2, 2] + [UInt8](repeating: 0, count: 11)
            + [UInt8](repeating: 0xFF, count: 16)))
    ])
}
