import Foundation
import Heddle
import _KernelCases

/// Writes the text of every SIMT program that the cases' plans and the packing of constants build, for compilers that
/// have no device: one `.cl` a program, and `kernels.json` that says what each is. Programs of equal text and options are
/// written once, and those alone that show something new (``KernelCoverage``); the campaign leaves out only ones with a
/// sparse weight.
struct KernelEmitter {
  /// One program, as `kernels.json` lists it.
  struct Program: Encodable {
    /// The `.cl` beside the list: prelude, parameter names and kernel, with includes resolved.
    var file: String
    /// The kernel's file below `Kernels/`.
    var source: String
    var entry: String
    /// Entry and defines: ``KernelReference/variantName``.
    var variant: String
    /// What the compiler is given.
    var options: [String]
    /// The work-group it is launched in.
    var workGroup: [Int]
  }

  private struct Key: Hashable {
    var entry: String
    var text: String
    var options: [String]
    var workGroup: [Int]
  }

  /// What plans are made for: the floor, and a large GPU, should a lowering look at the number of its compute units. A
  /// SIMT kernel that needs a feature is reached once a target here has it.
  private static let targets: [TargetProfile] = [
    .floor,
    TargetProfile(
      preferredShapes: [.simt], maximumWorkGroupSize: 256, localMemoryByteCount: 32 << 10, computeUnits: 128),
  ]

  let directory: URL
  /// Whether the campaign's cases count too.
  let isCampaign: Bool
  private(set) var programs: [Program] = []
  private var seen: Set<Key> = []
  private var coverage = KernelCoverage()

  init(directory: String, isCampaign: Bool) {
    self.directory = URL(filePath: directory, directoryHint: .isDirectory)
    self.isCampaign = isCampaign
  }

  mutating func emit() throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for (kernel, local) in PackingKernels.all { try add(kernel, local) }
    let cases = try KernelCases.make().filter { isCampaign || !$0.isCampaign }
    for target in Self.targets {
      let planner = Planner(target: target)
      for testCase in cases {
        for variant in try planner.variants(of: testCase.graph, everyCandidate: isCampaign || testCase.triesEveryTile) {
          // A launch of no work-items is never made, and its work-group means nothing.
          let launches = variant.plan.lists.flatMap(\.launches).filter { !$0.global.contains(0) }
          for launch in launches { if let kernel = launch.kernel { try add(kernel, launch.local) } }
        }
      }
    }
    programs.sort { ($0.source, $0.variant, $0.file) < ($1.source, $1.variant, $1.file) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try encoder.encode(programs).write(to: directory.appending(path: "kernels.json"))
  }

  private mutating func add(_ kernel: KernelReference, _ local: [Int]) throws {
    guard kernel.shape == .simt, case .file(let source) = kernel.source else { return }
    let text = try KernelLibrary.text(of: kernel)
    let options = KernelLibrary.options(of: kernel)
    let key = Key(entry: kernel.entry, text: text, options: options, workGroup: local)
    guard seen.insert(key).inserted else { return }
    let showsSomething = coverage.insert(kernel, in: local)
    guard showsSomething || isCampaign && !kernel.isOfPattern else { return }
    let file = "\(kernel.entry).\(programs.count).cl"
    try Data(text.utf8).write(to: directory.appending(path: file))
    programs.append(
      Program(
        file: file, source: source, entry: kernel.entry, variant: kernel.variantName, options: options,
        workGroup: local))
  }
}
