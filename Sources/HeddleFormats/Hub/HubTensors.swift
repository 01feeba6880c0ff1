import HeddleText
import HeddleTypes

/// Which tensor of a folder is which of a model, and what becomes of its values. `*` stands for numbers: of the layer, and
/// of what is stacked.
struct HubTensorRule: Sendable {
  /// What is done to a tensor's values.
  enum Change: Hashable, Sendable {
    case none
    /// 1 is added to weights: norms that count from one.
    case plusOne
    /// Inputs and outputs change places.
    case transposed
    /// Queries, keys and values of groups, one after the other, come apart.
    case separated
    /// What makes keys and values of latents, head by head, comes apart.
    case ofLatents
    /// Vectors, or matrices, one for each second number, become one tensor.
    case stacked
    /// Matrices of experts with inputs by rows, `[E, K, M]`, get outputs by rows.
    case expertsByInputs
    /// Vectors of experts, `[E, M]`.
    case expertVectors
    /// Blocks of experts' matrices in MXFP4, `[E, M, K / 32, 16]`, are put behind their scales.
    case expertBlocks
    /// There is nothing of it in the model.
    case left
  }

  let stem: String
  let name: String
  /// What every second output of experts is, where outputs of two tensors come by turns.
  let other: String?
  let change: Change

  init(_ stem: String, _ name: String, byTurnsWith other: String? = nil, _ change: Change = .none) {
    self.stem = stem
    self.name = name
    self.other = other
    self.change = change
  }
}

/// A tensor's name in a folder: its stem with `*` for the numbers, the numbers, and `.weight` or `.bias`.
struct HubTensorName {
  let stem: String
  let numbers: [Int]
  let ending: String

  init(_ name: String) {
    var (stem, ending) = (name, "")
    for known in [".weight", ".bias"] {
      if let rest = name.without(suffix: known) { (stem, ending) = (rest, known) }
    }
    var numbers: [Int] = []
    let parts = stem.split(separator: ".", omittingEmptySubsequences: false).map { part in
      // As it is written in no other way, so that no two names are one.
      guard let number = Int(part), number >= 0, "\(number)".utf8.elementsEqual(part.utf8) else { return String(part) }
      numbers.append(number)
      return "*"
    }
    self.stem = parts.joined(separator: ".")
    self.numbers = numbers
    self.ending = ending
  }
}

extension HubTensorRule {
  /// The model's name of a tensor.
  func modelName(_ name: HubTensorName) -> String { modelName(self.name, name) }

  /// The model's names of what comes by turns.
  func modelNames(_ name: HubTensorName) -> [String] {
    [modelName(name)] + (other.map { [modelName($0, name)] } ?? [])
  }

  private func modelName(_ own: String, _ name: HubTensorName) -> String {
    guard let layer = name.numbers.first else { return own + name.ending }
    return "blk.\(layer).\(own)\(name.ending)"
  }

  /// Whether the folder has all experts of a layer in one tensor.
  var isOfExperts: Bool { [.expertsByInputs, .expertVectors, .expertBlocks].contains(change) }

  /// Whether the folder's names end with the stem, for those of the model have their own ending.
  var hasEnding: Bool { name.hasSuffix(".bias") || name.hasSuffix(".weight") }
}
