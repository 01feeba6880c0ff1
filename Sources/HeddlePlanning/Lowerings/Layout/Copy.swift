/// Copies between strided layouts: `Kernels/Layout/copy.cl`. What `concatenate` and `writeRows` launch, and what materializes
/// views.
enum Copy {
  static func encode(
    from source: TensorView, to destination: TensorView, into encoder: inout Encoder
  ) throws(PlanError) {
    let isWhole = source.isContiguous && destination.isContiguous
    if source.type.encoding.pattern != nil || (source.type.encoding.isMadeInBlocks && isWhole) {
      return copyBytes(from: source, to: destination, into: &encoder)
    }
    guard source.type.encoding.isScalar else {
      throw encoder.refusal(
        "a value in \(source.type.encoding) can be a weight or encoded, nothing else", [source.type])
    }
    let bytes = source.type.encoding.blockByteCount
    let walk = StridedWalk(shape: destination.type.shape, strides: [source.strides, destination.strides])
    encoder.launch(
      KernelReference(
        source: .file("Layout/copy.cl"), entry: "copy_simt",
        defines: ["RANK": "\(walk.shape.count)", "ELEMENT": bytes == 2 ? "ushort" : "uint"], parameters: []),
      [.read("x", source, walk.parameters(0)), .write("y", destination, walk.parameters(1))], walk.extents,
      global: [walk.count.roundedUp(toMultipleOf: 64)], local: [64], itemsAreIndependent: true)
  }

  /// A sparse value has no views: it is all its bytes. So are blocks one after the other.
  static func copyBytes(
    from source: TensorView, to destination: TensorView, into encoder: inout Encoder
  ) {
    let count = source.type.byteCount
    encoder.launch(
      KernelReference(
        source: .file("Layout/copy.cl"), entry: "copy_simt", defines: ["RANK": "1", "ELEMENT": "uchar"], parameters: []),
      [.read("x", source, [("stride_0", 1)]), .write("y", destination, [("stride_0", 1)])],
      [("count", count), ("extent_0", count)], global: [count.roundedUp(toMultipleOf: 64)], local: [64],
      itemsAreIndependent: true)
  }
}
