import Foundation
import TestSupport
import Testing

@testable import OpenCLRuntime

/// What a process may take. Processes under limits of their own are started by `.ci/starts`.
@Suite struct HostLimitTests {
  @Test func budgetsFollowTheDeviceWithoutLimits() {
    // Tests run without limits on address space; a control group may have one.
    #expect(HostLimits.memoryBudget(deviceBytes: 1000) == 800)
    #expect(HostLimits.memoryBudget(deviceBytes: -1) == 0)
    #expect(HostLimits.memoryBudget(deviceBytes: .max) <= .max / 5 * 4)
  }

  @Test func threadsAreCountedByStartingThem() {
    #expect(HostThreads.startable(upTo: 9) == 9)
    #expect(HostThreads.startable(upTo: 0) == 0)
  }

  @Test func limitsAreNamedWithTheirCure() {
    let text = OpenCLError.processLimit(
      name: "address space", allowed: 5, needed: 9, unit: "bytes", cure: "ulimit -v unlimited"
    ).description
    for word in ["address space", "5", "9", "bytes", "ulimit -v"] { #expect(text.contains(word)) }
  }

  @Test func firstLines() throws {
    let folder = try TestDevices.temporaryDirectory("lines")
    defer { try? FileManager.default.removeItem(at: folder) }
    func line(_ bytes: [UInt8]) throws -> String? {
      let file = folder.appendingPathComponent("line")
      try Data(bytes).write(to: file)
      return HostFile.firstLine(file.path)
    }
    #expect(try line(Array("one\ntwo\n".utf8)) == "one")
    #expect(try line(Array("one".utf8)) == "one")
    #expect(try line(Array("\ntwo".utf8)) == nil)
    #expect(try line([]) == nil)
    #expect(try line([UInt8](repeating: 0x61, count: 10_000))?.count == 4096)
    #expect(HostFile.firstLine(folder.path) == nil)
    #expect(HostFile.firstLine("/nowhere") == nil)
  }

  /// A driver that is named and does not load is not one that is missing.
  @Test func driversThatDoNotLoadAreNamed() throws {
    let folder = try TestDevices.temporaryDirectory("vendors")
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("/nowhere/libnone.so\n".utf8).write(to: folder.appendingPathComponent("a.icd"))
    try Data("  libc.so.6  \n".utf8).write(to: folder.appendingPathComponent("b.icd"))
    try Data().write(to: folder.appendingPathComponent("c.icd"))
    let failures = InstalledDrivers.failures { $0 == "OCL_ICD_VENDORS" ? folder.path : nil }
    #expect(failures.count == 2)
    #expect(failures.first?.contains("/nowhere/libnone.so") == true && failures.first?.contains("a.icd") == true)
    #expect(failures.last?.contains("c.icd") == true)
    #expect(InstalledDrivers.failures { _ in "/nowhere" }.isEmpty)
  }
}
