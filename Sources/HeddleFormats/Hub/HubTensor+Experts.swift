import HeddleText
import HeddleTypes

/// The rows of experts' tensors that belong to one of those whose rows come by turns.
struct ExpertTurn {
  let place: Int
  /// How many take turns.
  let count: Int

  /// Rows of each where there are so many in all; nil where they do not come out even.
  func rows(of all: Int) -> Int? {
    count > 0 && all > 0 && all.isMultiple(of: count) ? all.divided(by: count) : nil
  }

  /// Which of all rows is row `row` of it.
  func row(_ row: Int) -> Int { row &* count &+ place }
}

extension HubTensor {
  /// Matrices of experts with inputs by rows, `[E, K, n·M]`, with outputs by rows: `[E, M, K]`.
  func expertsByInputs(_ name: String, _ turn: ExpertTurn) throws(HubTensorDefect) -> ModelPart {
    guard shape.count == 3, let experts = shape.first, let all = shape.last, let rows = turn.rows(of: all) else {
      throw wrong("a matrix for each expert is needed, with outputs of \(turn.count) by turns")
    }
    let inputs = shape[at: 1] ?? 0
    let (source, size, isWide) = (provider, size, info.dtype == .f32)
    return ModelPart(name, encoding, [experts, rows, inputs], byteCount: info.byteCount.divided(by: turn.count)) {
      source.withBytes { bytes in
        (0..<max(0, experts)).flatMap { expert in
          let start = expert &* inputs &* all &* size
          let matrix = UnsafeRawBufferPointer(rebasing: bytes.part(from: start, to: start &+ inputs &* all &* size))
          let turned =
            isWide
            ? Self.transposed(matrix, inputs, all, of: UInt32.self)
            : Self.transposed(matrix, inputs, all, of: UInt16.self)
          return turned.withUnsafeBytes { turned in
            (0..<max(0, rows)).flatMap { row in
              let start = turn.row(row) &* inputs &* size
              return Array(turned.part(from: start, to: start &+ inputs &* size))
            }
          }
        }
      }
    }
  }

  /// Vectors of experts, `[E, n·M]`, as float32: `[E, M]`.
  func expertVectors(_ name: String, _ turn: ExpertTurn) throws(HubTensorDefect) -> ModelPart {
    guard shape.count == 2, let experts = shape.first, let all = shape.last, let rows = turn.rows(of: all),
      let count = try? Encoding.float32.byteCount(shape: [experts, rows])
    else { throw wrong("a vector for each expert is needed, with outputs of \(turn.count) by turns") }
    return ModelPart(name, .float32, [experts, rows], byteCount: count) {
      let stored = self.values
      let own = (0..<max(0, experts)).flatMap { expert in
        (0..<max(0, rows)).map { stored[at: expert &* all &+ turn.row($0)] ?? 0 }
      }
      return own.withUnsafeBytes { Array($0) }
    }
  }

  /// Blocks of MXFP4 `[E, n·M, K / 32, 16]` with their scales `[E, n·M, K / 32]`: `[E, M, K]` in GGUF's order.
  ///
  /// Here a byte has neighbours, the first low; there a byte has the values i and i + 16 of a block. A scale is the exponent of a
  /// power of two in both, E8M0.
  ///
  /// - Source: OpenAI, *gpt-oss* (`weights.py`); GGUF's `block_mxfp4`.
  func expertBlocks(_ scales: HubTensor, _ name: String, _ turn: ExpertTurn) throws(HubTensorDefect) -> ModelPart {
    guard shape.count == 4, shape.last == 16, let experts = shape.first, let all = shape[at: 1],
      let blocks = shape[at: 2], let rows = turn.rows(of: all), blocks > 0
    else { throw wrong("blocks of 16 bytes for each row of each expert are needed, rows of \(turn.count) by turns") }
    guard scales.shape == [experts, all, blocks] else { throw scales.wrong("\([experts, all, blocks]) is needed") }
    let count: Int
    do { count = try Encoding.mxfp4.byteCount(shape: [experts, rows, 32 &* blocks]) } catch { throw wrong("\(error)") }
    let (source, scaleSource) = (provider, scales.provider)
    return ModelPart(name, .mxfp4, [experts, rows, 32 &* blocks], byteCount: count) {
      var result: [UInt8] = []
      // Traps: never (count-in-memory).
      result.reserveCapacity(count)
      source.withBytes { levels in
        scaleSource.withBytes { exponents in
          for expert in 0..<max(0, experts) {
            for row in 0..<max(0, rows) {
              let first = (expert &* all &+ turn.row(row)) &* blocks
              for block in first..<max(first, first &+ blocks) {
                result.append(exponents.littleEndian(at: block))
                let words = Self.halvesApart(
                  levels.littleEndian(at: 16 &* block), levels.littleEndian(at: 16 &* block &+ 8))
                result.append(littleEndian: words.0)
                result.append(littleEndian: words.1)
              }
            }
          }
        }
      }
      return result
    }
  }

  /// Of 32 neighbours of four bits the first 16 in the low halves of 16 bytes, the others in the high ones.
  private static func halvesApart(_ first: UInt64, _ second: UInt64) -> (UInt64, UInt64) {
    let low: UInt64 = 0x0F0F_0F0F_0F0F_0F0F
    let even = first & low | (second & low) << 4
    let odd = first >> 4 & low | second & ~low
    return (
      spread(UInt32(truncatingIfNeeded: even)) | spread(UInt32(truncatingIfNeeded: odd)) << 8,
      spread(UInt32(truncatingIfNeeded: even >> 32)) | spread(UInt32(truncatingIfNeeded: odd >> 32)) << 8
    )
  }

  /// Every byte as a word of 16 bits.
  private static func spread(_ bytes: UInt32) -> UInt64 {
    let halves = (UInt64(bytes) | UInt64(bytes) << 16) & 0x0000_FFFF_0000_FFFF
    return (halves | halves << 8) & 0x00FF_00FF_00FF_00FF
  }
}
