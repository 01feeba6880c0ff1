import HeddlePlanning

/// The kernels that lay constants out on a device. No plan launches them, so whoever wants all kernels of the project
/// asks here too.
package enum PackingKernels {
  /// Every one of them, with the work-group it is launched in.
  package static var all: [(kernel: KernelReference, local: [Int])] {
    [1, 2, 4].flatMap { unit in
      [16, 32, 48, 64].map { (interleaveRows($0, unitByteCount: unit), interleaveRowsLocal) }
    }
  }

  /// Row-major rows to rows interleaved by `rows`, in units of 1, 2 or 4 bytes.
  static func interleaveRows(_ rows: Int, unitByteCount: Int) -> KernelReference {
    KernelReference(
      source: .file("Quantization/pack_rows.cl"), entry: "pack_rows_simt",
      defines: ["UNIT": unitByteCount == 4 ? "uint" : unitByteCount == 2 ? "ushort" : "uchar", "ROWS": "\(rows)"],
      parameters: ["rows", "row_units", "destination_row", "padded_rows"])
  }

  static let interleaveRowsLocal = [64, 1]
}
