import Dispatch
import Foundation
import HeddleHost
import TestSupport
import Testing

@testable import HeddleExecution

/// The record on disk: whatever is there instead, tuning works and says what it met.
@Suite struct TuningRecordTests {
  private func entry(_ name: String, _ seconds: Double = 2e-3) -> TuningEntry {
    TuningEntry(
      signature: ProblemSignature(rawValue: name), digest: String(repeating: "a", count: 64),
      candidates: [.init(name: "first", seconds: 3e-3), .init(name: "second", seconds: seconds)])
  }

  /// A record in a folder of its own.
  private func withRecord(_ body: (TuningRecord, URL, String) throws -> Void) throws {
    let device = try #require(TestDevices.all.first)
    let folder = try TestDevices.temporaryDirectory("record")
    defer { try? FileManager.default.removeItem(at: folder) }
    let record = TuningRecord(device: device, cache: ProgramCache(directory: folder.path))
    try body(record, folder, try #require(record.path))
  }

  private func again(_ folder: URL) throws -> TuningRecord {
    TuningRecord(device: try #require(TestDevices.all.first), cache: ProgramCache(directory: folder.path))
  }

  @Test func `entries come back, later ones over earlier`() throws {
    try withRecord { record, folder, path in
      #expect(record.entries().isEmpty)
      record.store([entry("a"), entry("b")])
      record.store([entry("b", 1e-3), entry("c")])
      for record in [record, try again(folder)] {
        let entries = record.entries()
        #expect(entries.keys.map(\.rawValue).sorted() == ["a", "b", "c"])
        #expect(entries[ProblemSignature(rawValue: "b")] == entry("b", 1e-3))
        #expect(record.notes.isEmpty)
      }
      #expect(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) is [String: Any])
      try record.clear()
      #expect(try again(folder).entries().isEmpty)
      try record.clear()
    }
  }

  @Test func `every truncation and every flipped bit is noticed`() throws {
    let good = try TuningFile(device: "d", entries: [entry("a"), entry("b")]).encoded()
    #expect(try TuningFile(verifying: good).entries.count == 2)
    for length in 0..<good.count {
      #expect(throws: TuningFile.Damage.self) { try TuningFile(verifying: Array(good.prefix(length))) }
    }
    for position in good.indices {
      for bit in 0..<8 {
        var bytes = good
        bytes[position] ^= 1 << bit
        #expect(throws: TuningFile.Damage.self, "bit \(bit) of byte \(position)") {
          try TuningFile(verifying: bytes)
        }
      }
    }
    #expect(throws: TuningFile.Damage.self) { try TuningFile(verifying: good + [10]) }
  }

  @Test func `content under a right checksum that no tuner wrote is refused`() throws {
    func damage(_ change: (inout TuningEntry) -> Void) throws -> TuningFile.Damage? {
      var changed = entry("a")
      change(&changed)
      let bytes = try TuningFile(device: "d", entries: [changed]).encoded()
      return #expect(throws: TuningFile.Damage.self) { try TuningFile(verifying: bytes) }
    }
    #expect(try damage { $0.chosen = "third" } == .malformed)
    #expect(try damage { $0.candidates = [] } == .malformed)
    #expect(try damage { $0.candidates[0].seconds = -1 } == .malformed)
    #expect(try damage { $0.candidates[1].name = "first" } == .malformed)
    #expect(throws: (any Error).self) { try TuningFile(device: "d", entries: [entry("a", .nan)]).encoded() }
  }

  @Test func `whatever stands in the file's place is set aside, noted and replaced`() throws {
    try withRecord { record, folder, path in
      record.store([entry("old")])
      let url = URL(fileURLWithPath: path)
      let good = try Data(contentsOf: url)
      let versioned = String(decoding: good, as: UTF8.self).replacing("\"version\":1", with: "\"version\":9")
      let files = FileManager.default
      let places: [(String, () throws -> Void)] = [
        ("empty", { try Data().write(to: url) }), ("no tuning record", { try Data("GGUF".utf8).write(to: url) }),
        ("version 9", { try Data(versioned.utf8).write(to: url) }),
        ("damaged", { try good.prefix(good.count / 2).write(to: url) }),
        (
          "no readable file",
          {
            try files.createDirectory(at: url, withIntermediateDirectories: false)
            try Data([1]).write(to: url.appendingPathComponent("inside"))
          }
        ), ("no readable file", { try files.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero") }),
        ("no readable file", { #expect(mkfifo(path, 0o600) == 0) }),
      ]
      for (words, put) in places {
        try? files.removeItem(at: url)
        try put()
        let record = try again(folder)
        #expect(record.entries().isEmpty, "\(words)")
        guard case .damagedRecord(path, let reason)? = record.notes.first else {
          Issue.record("\(words): \(record.notes)")
          continue
        }
        #expect(reason.contains(words) && record.notes.count == 1)
        record.store([entry("new")])
        #expect(record.notes.count == 1, "\(words): \(record.notes)")
        #expect(try again(folder).entries().keys.map(\.rawValue) == ["new"], "\(words)")
        #expect(try again(folder).notes.isEmpty)
        try? files.removeItem(atPath: path + ".damaged")
      }
    }
  }

  @Test func `without a folder the entries last as long as the record`() throws {
    let device = try #require(TestDevices.all.first)
    let none = TuningRecord(device: device, cache: nil)
    none.store([entry("a")])
    #expect(none.entries().count == 1 && none.path == nil && none.notes.isEmpty)
    try withRecord { _, folder, _ in
      let file = folder.appendingPathComponent("file")
      try Data([1]).write(to: file)
      for directory in [file.path, "/proc/none/here", "/dev/null"] {
        let record = TuningRecord(device: device, cache: ProgramCache(directory: directory))
        #expect(record.entries().isEmpty, "\(directory)")
        record.store([entry("a")])
        record.store([entry("b")])
        #expect(record.entries().count == 2, "\(directory)")
        #expect(record.notes.contains { if case .notStored = $0 { true } else { false } }, "\(directory)")
        try record.clear()
        #expect(record.entries().isEmpty)
      }
    }
  }

  @Test func `writers at the same time keep each other's entries`() throws {
    try withRecord { _, folder, _ in
      let device = try #require(TestDevices.all.first)
      DispatchQueue.concurrentPerform(iterations: 8) { writer in
        let record = TuningRecord(device: device, cache: ProgramCache(directory: folder.path))
        for number in 0..<10 { record.store([entry("\(writer).\(number)")]) }
        #expect(record.notes.isEmpty)
      }
      #expect(try again(folder).entries().count == 80)
    }
  }

  @Test func `clearing waits for who writes`() throws {
    try withRecord { record, folder, path in
      record.store([entry("a")])
      let done = DispatchSemaphore(value: 0)
      let other = try again(folder)
      let isKept = CacheFiles.withLock("\(path).lock", patience: .seconds(5)) { () -> Bool in
        DispatchQueue.global().async {
          try? other.clear()
          done.signal()
        }
        return done.wait(timeout: .now() + 0.3) == .timedOut && FileManager.default.fileExists(atPath: path)
      }
      done.wait()
      #expect(isKept == true && record.entries().isEmpty)
    }
  }

  @Test func `devices have records of their own`() throws {
    let paths = TestDevices.all.map { TuningRecord(device: $0, cache: ProgramCache(directory: "/c")).path }
    let kinds = Set(TestDevices.all.map { [$0.profile.platformName, $0.profile.name, "\($0.profile.computeUnits)"] })
    #expect(Set(paths).count == kinds.count)
    #expect(paths.allSatisfy { $0?.hasPrefix("/c/tuning/") == true && $0?.hasSuffix(".json") == true })
  }

  @Test func `a digest covers names, texts, options and parameters, and no shared copies`() throws {
    func kernel(_ entry: String, _ define: String = "1", parameters: [String] = []) -> KernelReference {
      KernelReference(
        source: .text(name: "t", "text of \(entry)"), entry: entry, defines: ["A": define], parameters: parameters)
    }
    func digest(_ candidates: [(String, [KernelReference])], text: String = "") throws -> String {
      try KernelDigests { try KernelLibrary.text(of: $0) + text }
        .digest(of: candidates.map { PlannedChoice.Candidate(name: $0.0, actions: $0.1.map { .kernel($0) }) })
    }
    let (a, b, copy) = (kernel("a"), kernel("b"), kernel("copy"))
    let plain = try digest([("1", [a]), ("2", [b])])
    #expect(try digest([("1", [a]), ("2", [b])]) == plain)
    #expect(try digest([("1", [copy, a]), ("2", [copy, b])]) == plain)
    let others = try [
      digest([("1", [a]), ("2", [b])], text: "// changed"), digest([("1", [a]), ("3", [b])]),
      digest([("1", [a]), ("2", [kernel("b", "2")])]), digest([("1", [a]), ("2", [kernel("b", parameters: ["k"])])]),
      digest([("1", [a]), ("2", [b, copy])]), digest([("1", [a]), ("2", [a])]),
      digest([("1", [a]), ("2", [a])], text: "// changed"),
    ]
    #expect(Set(others + [plain]).count == others.count + 1)
    let digests = try ["tiles=2", "tiles=3"].map {
      try KernelDigests().digest(of: [
        .init(name: "1", actions: [.kernel(a)], geometry: [$0]), .init(name: "2", actions: [.kernel(b)]),
      ])
    }
    #expect(digests[0] != digests[1])
  }

  @Test func `a digest covers the decoder of its own weight, whatever was asked for before`() throws {
    func digests(of weights: [String]) throws -> [String] {
      let digests = KernelDigests()
      return try weights.map { weight in
        let kernel = KernelReference(
          source: .file("MatMul/packed_simt.cl"), entry: "matmul_packed_simt", defines: ["WEIGHT": weight],
          parameters: [])
        return try digests.digest(of: [.init(name: "1", actions: [.kernel(kernel)])])
      }
    }
    #expect(try digests(of: ["q4_k", "q6_k"]) == digests(of: ["q6_k", "q4_k"]).reversed())
  }
}
