import Foundation
import TestSupport
import Testing

@testable import OpenCLRuntime

/// Programs of several texts, which are compiled apart and linked.
@Suite struct LinkedProgramTests {
  private let parts = [
    Program.Part(source: "float factor(void) { return FACTOR; }", options: ["-D FACTOR=2.5f"]),
    // The same define with another value, and a static function of a name that another part has too.
    Program.Part(
      source: "static int offset(void) { return 3; } float shifted(float x) { return x + offset(); }",
      options: ["-D FACTOR=1"]),
    Program.Part(
      source: """
        float factor(void);
        float shifted(float x);
        static int offset(void) { return 40; }
        __kernel void apply(__global float *x, const int more) {
          const size_t i = get_global_id(0);
          x[i] = shifted(x[i] * factor()) + offset() + more;
        }
        """),
  ]

  private func applies(_ program: Program, _ bench: Bench) throws -> Bool {
    let x = try bench.buffer((0..<8).map(Float.init))
    let kernel = try program.kernel("apply")
    try kernel.setArguments(x, Int32(100))
    try bench.queue.enqueue(kernel, global: [8])
    return try bench.queue.read(Float.self, from: x) == (0..<8).map { Float($0) * 2.5 + 143 }
  }

  @Test(arguments: TestDevices.all)
  func `parts call each other, each with its own options`(device: Device) throws {
    let bench = try Bench(device)
    let program = try Program(context: bench.context, parts: parts, name: "linked")
    #expect(program.kernelNames == ["apply"] && !program.isFromCache && bench.context.buildCount == 1)
    #expect(try applies(program, bench))
  }

  @Test(arguments: TestDevices.distinct)
  func `a linked program is cached under all of its parts`(device: Device) throws {
    let folder = try TestDevices.temporaryDirectory("linked")
    defer { try? FileManager.default.removeItem(at: folder) }
    let bench = try Bench(device)
    let cache = ProgramCache(directory: folder.path)
    func program(_ parts: [Program.Part]) throws -> Program {
      try Program(context: bench.context, parts: parts, cache: cache, name: "linked")
    }
    #expect(try !program(parts).isFromCache)
    let again = try program(parts)
    #expect(again.isFromCache && cache.hits == 1)
    #expect(try applies(again, bench))
    for index in parts.indices {
      var others = parts
      others[index].source += " "
      #expect(try !program(others).isFromCache, "another text, part \(index)")
      others = parts
      others[index].options.append("-D OTHER")
      #expect(try !program(others).isFromCache, "another option, part \(index)")
    }
    // Where texts end is part of what they are.
    var joined = parts
    joined[0].options.append(joined[1].source)
    joined.remove(at: 1)
    expectError({ _ = try program(joined) }) { if case .build = $0 { true } else { false } }
  }

  @Test(arguments: TestDevices.distinct)
  func `a part that does not compile is the one that is shown`(device: Device) throws {
    let bench = try Bench(device)
    for index in parts.indices {
      var broken = parts
      broken[index].source += "\nint wrong(void) { return nothing; }"
      expectError({ _ = try Program(context: bench.context, parts: broken, name: "linked") }) {
        guard case .build(let failure) = $0 else { return false }
        return failure.source == broken[index].source && failure.log.contains("nothing") && failure.program == "linked"
      }
    }
    #expect(try applies(Program(context: bench.context, parts: parts, name: "linked"), bench))
  }

  @Test(arguments: TestDevices.distinct)
  func `a text with a zero byte is refused`(device: Device) throws {
    let bench = try Bench(device)
    var broken = parts
    broken[1].source += "\0"
    expectError({ _ = try Program(context: bench.context, parts: broken, name: "linked") }) {
      $0 == .invalidText("the source of program 'linked'")
    }
    broken = parts
    broken[0].options.append("-D A=\0")
    expectError({ _ = try Program(context: bench.context, parts: broken, name: "linked") }) {
      $0 == .invalidText("an option of program 'linked'")
    }
  }
}
