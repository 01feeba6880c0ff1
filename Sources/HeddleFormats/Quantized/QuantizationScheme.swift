/// How another tool quantized a layer's weight, as `quantization_config` of a checkpoint's `config.json` says it.
///
/// Each names the tensors of a layer, `M` outputs and `K` inputs. Whatever the scheme, a value is a level times a scale: exactly
/// so in the tensor that ``QuantizedWeight`` makes of them.
public enum QuantizationScheme: Hashable, Sendable {
  /// GPTQ, as AutoGPTQ and GPTQModel store it: value `s · (q − z)`, p = 32 / bits levels a word, the lowest bits first.
  ///
  /// | tensor | |
  /// |---|---|
  /// | `qweight` | I32 `[K / p, M]`: levels of p neighbouring inputs |
  /// | `qzeros` | I32 `[G, M / p]`: zero-points of p neighbouring outputs, less 1 in version 1 |
  /// | `scales` | F16, BF16 or F32 `[G, M]` |
  /// | `g_idx` | I32 `[K]`, may be absent: each input's group; else input k is of group `k / groupSize` |
  ///
  /// - Parameters:
  ///   - bits: 4 or 8.
  ///   - groupSize: inputs of a group, `G = ⌈K / groupSize⌉`; nil for one group (`"group_size": -1`).
  case gptq(bits: Int, groupSize: Int?, GPTQVersion)

  /// AWQ, as AutoAWQ's `gemm` version stores it: value `s · (q − z)`, eight levels of four bits a word.
  ///
  /// | tensor | |
  /// |---|---|
  /// | `qweight` | I32 `[K, M / 8]`: levels of eight neighbouring outputs, from the lowest bits on of outputs 0, 2, 4, 6, 1, 3, 5, 7 |
  /// | `qzeros` | I32 `[G, M / 8]`: zero-points in the same order |
  /// | `scales` | F16, BF16 or F32 `[G, M]` |
  case awq(groupSize: Int?)

  /// Floats of eight bits, as DeepSeek, compressed-tensors and others store them: value `s · q`, rounded once to float32.
  ///
  /// | tensor | |
  /// |---|---|
  /// | `weight` | F8_E4M3 or F8_E5M2 `[M, K]` |
  /// | `weight_scale_inv` or `weight_scale` | F32, BF16, F16 or F8_E8M0 (a power of two): `[]` or `[1]` for the tensor, `[M]` or `[M, 1]` for each row, else `[⌈M / rows⌉, ⌈K / columns⌉]` for each block |
  ///
  /// - Parameter block: `weight_block_size`; nil for 128 × 128.
  case fp8(block: ScaleBlock?)

  /// Whole numbers of eight bits, as compressed-tensors and bitsandbytes store them: value `s · (q − z)`.
  ///
  /// | tensor | |
  /// |---|---|
  /// | `weight` | I8 `[M, K]` |
  /// | `weight_scale` | F32, BF16 or F16: `[]` or `[1]` for the tensor, `[M]` for each row, `[M, G]` for groups of K / G |
  /// | `weight_zero_point` | I8 as the scales, may be absent for 0 |
  /// | `SCB` | F32 `[M]`, of bitsandbytes in place of the scales: 127 times them |
  /// | `weight_format` | U8 `[]`, of bitsandbytes: 0, row by row |
  case int8

  /// Whole numbers of four or eight bits, as compressed-tensors packs them (`pack-quantized`): value `s · (q − z)`, p = 32 / bits
  /// levels a word, the lowest bits first.
  ///
  /// | tensor | |
  /// |---|---|
  /// | `weight_packed` | I32 `[M, ⌈K / p⌉]`: levels of p neighbouring inputs |
  /// | `weight_scale` | F32, BF16 or F16: `[]` or `[1]` for the tensor, `[M]` for each row, `[M, G]` for groups of K / G |
  /// | `weight_zero_point` | I32 `[⌈M / p⌉, G]`, zero-points of p neighbouring outputs; may be absent for the middle |
  /// | `weight_g_idx` | I32 `[K]`, may be absent: each input's group |
  /// | `weight_shape` | I64 `[2]`, may be absent: M and K |
  ///
  /// - Parameter bits: 4 or 8.
  case packed(bits: Int)

  /// NF4, as bitsandbytes stores it: value `absmax · level[q]`, rounded once to float32; two levels a byte, the first high.
  ///
  /// | tensor | |
  /// |---|---|
  /// | `weight` | U8, M · K / 2 bytes |
  /// | `weight.quant_map` | F32 `[16]`: the levels |
  /// | `weight.absmax` | F32 `[B]`, for each `blocksize` values of the weight; or U8 if it is quantized itself |
  /// | `weight.nested_absmax`, `weight.nested_quant_map` | F32 `[⌈B / nested_blocksize⌉]`, `[256]`: then `absmax` is `nested_quant_map[q] · nested_absmax`, rounded, plus `nested_offset`, rounded |
  /// | `weight.quant_state.bitsandbytes__nf4` | U8: JSON with `shape`, `blocksize` and the like |
  case nf4

  /// How zero-points are stored: `checkpoint_format`.
  public enum GPTQVersion: Hashable, Sendable {
    /// `gptq`: less 1, so that z is from 1 to `2^bits`.
    case version1
    /// `gptq_v2`: as they are.
    case version2
  }

  /// The part of a weight that shares a scale.
  public struct ScaleBlock: Hashable, Sendable {
    public var rows: Int
    public var columns: Int

    public init(rows: Int, columns: Int) {
      self.rows = rows
      self.columns = columns
    }
  }
}
