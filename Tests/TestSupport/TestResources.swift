import Foundation

/// Files that several test targets read.
public enum TestResources {
  /// 25 GGUF tensor types: for each a 4 × 512 tensor of valid random blocks `<type>`, and `<type>.expected` in float32
  /// as the `gguf` Python package (0.19) decodes it.
  public static var dequantizeFile: String {
    Bundle.module.bundleURL.appendingPathComponent("Resources/dequantize.gguf").path
  }

  /// The same of three types that the package does not decode, as ggml does: `make_dequantize_ggml.py` beside it says how it was
  /// made.
  public static var dequantizeByGGMLFile: String {
    Bundle.module.bundleURL.appendingPathComponent("Resources/dequantize-ggml.gguf").path
  }

  /// Tensors, and how far from them is what the quantizers of the `gguf` package and of ggml make of them:
  /// `make_quantization_errors.py` beside it says how it was made.
  public static var quantizationErrorsFile: String {
    Bundle.module.bundleURL.appendingPathComponent("Resources/quantization-errors.gguf").path
  }

  /// Six small tensors of six dtypes, and one metadata entry full of escapes, as the `safetensors` Python package (0.8)
  /// writes them.
  public static var safetensorsFile: String {
    Bundle.module.bundleURL.appendingPathComponent("Resources/reference.safetensors").path
  }

  /// A checkpoint in two shards, as Hugging Face's Python packages write it: `make.py` in the folder.
  public static var checkpointFolder: String {
    Bundle.module.bundleURL.appendingPathComponent("Resources/checkpoint").path
  }

  /// What other tools quantized, and what they decode it to, by name: `make.py` in the folder.
  public static func quantizedFile(_ name: String) -> String {
    Bundle.module.bundleURL.appendingPathComponent("Resources/quantized/\(name).safetensors").path
  }
}
