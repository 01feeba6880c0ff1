import Foundation
import HeddleHost
import TestSupport
import Testing

@testable import OpenCLRuntime

@Suite struct CacheTests {
  private func withDirectory(_ body: (URL) throws -> Void) throws {
    let folder = try TestDevices.temporaryDirectory("cache")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func entries(_ folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "clbin" }.sorted { $0.path < $1.path }
  }

  @Test(arguments: TestDevices.all)
  func secondProgramHits(device: Device) throws {
    try withDirectory { folder in
      let bench = try Bench(device)
      let cache = ProgramCache(directory: folder.appendingPathComponent("made/on/demand").path)
      let first = try bench.program(cache: cache)
      #expect(!first.isFromCache && cache.misses == 1 && cache.hits == 0 && cache.stored == 1)
      let second = try bench.program(cache: cache)
      #expect(second.isFromCache && cache.hits == 1 && cache.rejected == 0 && bench.context.buildCount == 2)
      #expect(second.kernelNames == first.kernelNames)
      #expect(try bench.scales(second))
      // Checks of arguments stay, whatever the driver still knows.
      for name in first.kernelNames {
        #expect(try second.kernel(name).arguments == first.kernel(name).arguments)
        #expect(try second.kernel(name).arguments.allSatisfy(\.isDescribed))
      }
      expectError({ try second.kernel("scale").setArgument(2, Int32(1)) }) {
        if case .argument = $0 { true } else { false }
      }
      _ = try Program(
        context: bench.context, source: scaleSource, options: ["-DA"], cache: cache, name: "other options")
      _ = try Program(context: bench.context, source: scaleSource + " ", cache: cache, name: "other source")
      #expect(cache.misses == 3 && cache.hits == 1)
      let again = ProgramCache(directory: cache.directory)
      #expect(try bench.scales(try bench.program(cache: again)) && again.hits == 1)
    }
  }

  @Test(arguments: TestDevices.all)
  func damagedEntriesAreRebuilt(device: Device) throws {
    try withDirectory { folder in
      let bench = try Bench(device)
      let tiny = "__kernel void seven(__global int *x) { x[get_global_id(0)] = 7; }"
      let other = "__kernel void seven(__global int *x) { x[get_global_id(0)] = 8; }"
      let cache = ProgramCache(directory: folder.path)
      func isRight() throws -> Bool {
        let kernel = try Program(context: bench.context, source: tiny, cache: cache, name: "seven").kernel("seven")
        let out = try bench.buffer([Int32](repeating: 0, count: 4))
        try kernel.setArguments(out)
        try bench.queue.enqueue(kernel, global: [4])
        return try bench.queue.read(Int32.self, from: out) == [7, 7, 7, 7]
      }
      _ = try Program(context: bench.context, source: other, cache: cache, name: "eight")
      let foreign = try Data(contentsOf: try #require(try entries(folder).first))
      let before = Set(try entries(folder))
      #expect(try isRight())
      let file = try #require(try entries(folder).first { !before.contains($0) })
      let good = try Data(contentsOf: file)

      var damaged: [Data] = [Data(), foreign, good + Data([0]), Data(repeating: 0, count: good.count)]
      // Truncations, at every field's edge and spread over the whole.
      for length in [1, 7, 8, 12, 43, 44, 51, 52, good.count - 33, good.count - 32, good.count - 1] {
        damaged.append(good.prefix(length))
      }
      damaged += (1..<10).map { good.prefix(good.count * $0 / 10) }
      // Single bits, in every field of the head, spread over the body, and in the checksum.
      let spread = (1..<30).map { good.count * $0 / 30 }
      for position in [0, 7, 8, 11, 12, 43, 44, 51, 52, 60] + spread + [good.count - 32, good.count - 1] {
        var copy = good
        copy[position] ^= UInt8(1 << (position % 8))
        damaged.append(copy)
      }
      // Lengths that lie, under a checksum that is right.
      for length in [UInt64.max, 1 << 63, UInt64(good.count), 0] {
        var body = Array(good.dropLast(32))
        withUnsafeBytes(of: length.littleEndian) { body.replaceSubrange(44..<52, with: $0) }
        damaged.append(Data(body + ProgramCacheEntry.digest(body[...])))
      }
      #expect(damaged.count >= 60)
      for (number, bytes) in damaged.enumerated() {
        try bytes.write(to: file)
        let (rejected, hits) = (cache.rejected, cache.hits)
        #expect(try isRight(), "damage \(number)")
        #expect(cache.rejected == rejected + 1 && cache.hits == hits, "damage \(number)")
        let stored = Array(try Data(contentsOf: file))
        let key = Array(good[12..<44])
        #expect(ProgramCacheEntry(verifying: stored, key: key) != nil, "damage \(number) was not replaced")
      }
      #expect(try isRight())
      #expect(cache.hits == 1)
    }
  }

  @Test(arguments: TestDevices.all)
  func uselessDirectoriesOnlyCostTime(device: Device) throws {
    try withDirectory { folder in
      let bench = try Bench(device)
      let file = folder.appendingPathComponent("file")
      try Data([1]).write(to: file)
      for path in [file.path, file.path + "/below", "", "/proc/none/here", "/dev/null", "nul\0inside"] {
        let cache = ProgramCache(directory: path)
        #expect(try bench.scales(try bench.program(cache: cache)), "\(path)")
        #expect(cache.failedStores == 1 && cache.hits == 0, "\(path)")
      }
      // An entry that is a folder, a link or a pipe.
      let cache = ProgramCache(directory: folder.path)
      _ = try bench.program(cache: cache)
      let entry = try #require(try entries(folder).first)
      let moved = folder.appendingPathComponent("moved")
      try FileManager.default.moveItem(at: entry, to: moved)
      try FileManager.default.createSymbolicLink(at: entry, withDestinationURL: moved)
      #expect(try bench.scales(try bench.program(cache: cache)) && cache.rejected == 1)
      try FileManager.default.removeItem(at: entry)
      #expect(mkfifo(entry.path, 0o600) == 0)
      #expect(try bench.scales(try bench.program(cache: cache)) && cache.rejected == 2)
      try FileManager.default.removeItem(at: entry)
      try FileManager.default.createDirectory(at: entry, withIntermediateDirectories: false)
      #expect(try bench.scales(try bench.program(cache: cache)) && cache.rejected == 3)
    }
  }

  @Test(arguments: TestDevices.all)
  func readOnlyDirectoriesStillServe(device: Device) throws {
    try withDirectory { folder in
      let bench = try Bench(device)
      _ = try bench.program(cache: ProgramCache(directory: folder.path))
      chmod(folder.path, 0o500)
      defer { chmod(folder.path, 0o700) }
      let cache = ProgramCache(directory: folder.path)
      #expect(try bench.scales(try bench.program(cache: cache)) && cache.hits == 1)
      _ = try Program(context: bench.context, source: scaleSource + "\n", cache: cache, name: "not there")
      // The superuser writes anyway.
      #expect(cache.failedStores == (geteuid() == 0 ? 0 : 1))
    }
  }

  @Test func oldestEntriesGoFirst() throws {
    try withDirectory { folder in
      let cache = ProgramCache(directory: folder.path, maximumBytes: 10_000)
      func key(_ number: UInt8) -> ProgramCache.Key { .init(digest: [UInt8](repeating: number, count: 32)) }
      func store(_ number: UInt8, _ size: Int = 4000) {
        cache.store(
          ProgramCacheEntry(key: key(number).digest, kernels: [:], binary: [UInt8](repeating: 1, count: size)))
      }
      func age(_ number: UInt8, _ seconds: Double) throws {
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: cache.path(key(number)))
      }
      let stale = folder.appendingPathComponent(".new-1-abc")
      try Data([1]).write(to: stale)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -9999)], ofItemAtPath: stale.path)
      store(1)
      try age(1, 300)
      store(2)
      try age(2, 200)
      #expect(cache.load(key(1)) != nil, "reading makes an entry young")
      store(3)
      #expect(try entries(folder).count == 2)
      #expect(cache.load(key(1)) != nil && cache.load(key(2)) == nil && cache.load(key(3)) != nil)
      #expect(!FileManager.default.fileExists(atPath: stale.path))
      store(4, 20_000)
      #expect(cache.failedStores == 1 && cache.load(key(4)) == nil)
    }
  }

  /// Sparse files claim sizes, and any file any time, that no sum or difference fits. Memory's file system has them all.
  @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
  func sizesAndTimesMayBeAnything() throws {
    let folder = URL(fileURLWithPath: "/dev/shm/heddle-cache-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let huge = ["1.clbin", "2.clbin"].map { folder.appendingPathComponent($0).path }
    for path in huge {
      #expect(FileManager.default.createFile(atPath: path, contents: nil) && truncate(path, Int.max - 8192) == 0)
    }
    let stale = folder.appendingPathComponent(".new-1-abc").path
    let times = [timespec](repeating: timespec(tv_sec: Int.min + 10, tv_nsec: 0), count: 2)
    #expect(FileManager.default.createFile(atPath: stale, contents: nil) && utimensat(AT_FDCWD, stale, times, 0) == 0)
    CacheFiles.trim(folder.path, to: 1000, keeping: "")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func longFilesAreNotRead() throws {
    try withDirectory { folder in
      let path = folder.appendingPathComponent("file").path
      for size in [1, 100, 101, Int.max - 8192] {
        // A file of zeros that takes no room, whatever its size.
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        guard truncate(path, size) == 0 else { continue }
        if case .bytes(let bytes) = CacheFiles.read(path, most: 100) {
          #expect(size <= 100 && bytes == [UInt8](repeating: 0, count: size))
        } else {
          #expect(size > 100)
        }
      }
    }
  }

  @Test func entriesSurviveEncoding() throws {
    let argument = KernelArgument(
      index: 0, name: "x", typeName: "float*", addressSpace: .global, access: .none, isConst: true)
    let key = [UInt8](0..<32)
    let entry = ProgramCacheEntry(key: key, kernels: ["k": [argument], "none": []], binary: [1, 2, 3])
    #expect(ProgramCacheEntry(verifying: entry.encoded(), key: key) == entry)
    #expect(ProgramCacheEntry(verifying: entry.encoded(), key: key.reversed()) == nil)
  }

  @Test func standardDirectory() {
    func directory(_ environment: [String: String]) -> String? {
      ProgramCache.standardDirectory { environment[$0] }
    }
    #expect(directory(["HEDDLE_CACHE_DIR": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"]) == "/a")
    #expect(directory(["XDG_CACHE_HOME": "/b", "HOME": "/c"]) == "/b/heddle")
    #expect(directory(["XDG_CACHE_HOME": "b", "HOME": "/c"]) == "/c/.cache/heddle")
    #expect(directory(["HEDDLE_CACHE_DIR": "", "HOME": "/c"]) == nil)
    #expect(directory([:]) == nil)
  }

  @Test(arguments: TestDevices.all)
  func threadsShareACache(device: Device) async throws {
    let folder = try TestDevices.temporaryDirectory("cache")
    defer { try? FileManager.default.removeItem(at: folder) }
    let bench = try Bench(device)
    let cache = ProgramCache(directory: folder.path)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask { try await onThread { try bench.scales(try bench.program(cache: cache)) } }
      }
      for try await right in group { #expect(right) }
    }
    #expect(cache.hits + cache.misses == 4 && cache.rejected == 0)
  }
}
