import Heddle

/// Measures the cases of a suite: ours, every peer and the limits, interleaved in one process.
struct BenchmarkRun {
  let suite: any Suite.Type
  let cases: [any BenchmarkCase]
  let backend: OpenCLBackend
  let interleaving: Interleaving
  /// Every variant of every shape, products that take peers seconds.
  let isExhaustive: Bool
  /// Tiny cases: of weights in memory they would need thousands of copies.
  let isQuick: Bool
  let peers: Peers

  init(
    _ suite: any Suite.Type, cases: [any BenchmarkCase], on backend: OpenCLBackend, interleaving: Interleaving,
    isExhaustive: Bool, isQuick: Bool
  ) async {
    self.suite = suite
    self.cases = cases
    self.backend = backend
    self.interleaving = interleaving
    self.isExhaustive = isExhaustive
    self.isQuick = isQuick
    peers = await Peers(
      threads: backend.device.profile.type == .cpu ? backend.device.profile.computeUnits : Host.coreCount,
      backend: backend, everySize: isExhaustive, cases: cases)
  }

  func run() async throws -> Report {
    Progress.say("limits")
    let probe = try LimitProbe(context: backend.context, isQuick: isQuick)
    var limits = Limits()
    var rows: [Row] = []
    for (index, benchmark) in cases.enumerated() {
      Progress.show("[\(index + 1)/\(cases.count)] \(benchmark.name)")
      for _ in 0..<3 { limits.add(try probe.sample()) }
      let made = try await measure(benchmark)
      for row in made {
        let rates = row.peers.compactMap { peer in peer.rate.map { "\(peer.name) \($0.short)" } }
        Progress.say(
          "[\(index + 1)/\(cases.count)] \(benchmark.name)  \(row.ours.short) \(benchmark.unit)"
            + "\(row.isChosen ? "" : " (not chosen)")  \(rates.joined(separator: "  "))  \(row.variant)")
      }
      rows += made
    }
    for _ in 0..<3 { limits.add(try probe.sample()) }
    for index in rows.indices {
      let benchmark = rows[index].benchmark
      rows[index].leastSeconds = limits.leastSeconds(
        operations: benchmark.floatingPointOperations, peak: benchmark.peak(on: backend.device),
        bytes: Double(benchmark.byteCount))
    }
    return Report(
      suite: suite, device: backend.device, rows: rows, limits: limits, peers: peers, samples: interleaving.samples,
      limitArrayByteCount: probe.arrayByteCount)
  }

  /// Weights of a bandwidth row, or all its operands, rotate over at least four times the last-level cache.
  private func rotation(_ benchmark: any BenchmarkCase) -> Rotation {
    guard benchmark.isBandwidthRow, !isQuick else { return .none }
    return Rotation(byteCount: 4 * backend.device.lastLevelCacheByteCount)
  }

  private func measure(_ benchmark: any BenchmarkCase) async throws -> [Row] {
    let workload = try benchmark.prepare()
    let rotation = rotation(benchmark)
    let copies = rotation.copies(of: benchmark.rotatedByteCount)
    let ours = try await ours(benchmark, workload, copies)
    var contestants = ours.map(\.contestant)
    var values: [Row.PeerValue] = []
    for entry in peers.entries {
      let (value, contestant) = try await prepare(entry, benchmark, workload, rotation)
      values.append(value)
      if let contestant { contestants.append(contestant) }
    }
    let reference = try benchmark.reference()
    if let reference { contestants.append(try await self.reference(reference)) }
    let measured = try await interleaving.measure(contestants)
    var place = ours.count
    for index in values.indices where values[index].absence == nil {
      let statistics = measured[place].statistics
      values[index].rate = benchmark.work / statistics.median
      values[index].spread = statistics.spread
      values[index].samples = measured[place].samples.count
      place += 1
    }
    let known = reference.map {
      Row.Reference(name: $0.name, byteCount: $0.byteCount, seconds: measured[place].statistics.median)
    }
    return zip(ours, measured).map { entry, measurement in
      Row(
        suite: suite.name, benchmark: benchmark, device: backend.device.identifier, variant: entry.variant.name,
        isChosen: entry.variant.isChosen, seconds: measurement.statistics.median,
        spread: measurement.statistics.spread, samples: measurement.samples.count, copies: copies, peers: values,
        reference: known)
    }
  }

  /// What the backend takes for the case that another is compared with, checked once.
  private func reference(_ benchmark: any BenchmarkCase) async throws -> any Contestant {
    let workload = try benchmark.prepare()
    guard let chosen = try await workload.variants(on: backend, everyShape: false).first else {
      throw BenchmarkError("\(benchmark.name) cannot be computed")
    }
    return try await checked(chosen, workload, rotation(benchmark).copies(of: benchmark.rotatedByteCount))
  }

  /// The chosen variant and the best of the others, or all; each checked once.
  private func ours(
    _ benchmark: any BenchmarkCase, _ workload: any Workload, _ copies: Int
  ) async throws -> [(variant: Variant, contestant: any Contestant)] {
    let variants = try await workload.variants(on: backend, everyShape: isExhaustive)
    var kept: [(variant: Variant, contestant: any Contestant)] = []
    var best: (seconds: Double, variant: Variant)?
    for variant in variants {
      if variant.isChosen || isExhaustive {
        kept.append((variant, try await checked(variant, workload, copies)))
        continue
      }
      // One copy is enough to see which of the others is fastest.
      let seconds = try await interleaving.estimate(try await checked(variant, workload, 1))
      if seconds < best?.seconds ?? .infinity { best = (seconds, variant) }
    }
    if let best { kept.append((best.variant, try await checked(best.variant, workload, copies))) }
    return kept
  }

  private func checked(
    _ variant: Variant, _ workload: any Workload, _ copies: Int
  ) async throws -> any Contestant {
    let contestant = try await workload.contestant(variant, copies: copies, on: backend)
    _ = try await contestant.run(count: copies)
    try await workload.check(contestant, called: variant.name)
    return contestant
  }

  /// The fastest way of a peer, checked once; or why it has none.
  private func prepare(
    _ entry: Peers.Entry, _ benchmark: any BenchmarkCase, _ workload: any Workload, _ rotation: Rotation
  ) async throws -> (Row.PeerValue, (any Contestant)?) {
    var value = Row.PeerValue(name: entry.name)
    switch entry {
    case .absent(_, let reason):
      value.absence = reason
      return (value, nil)
    case .present(let peer):
      do {
        let ways = try await peer.contestants(workload, rotation: rotation)
        guard let (winner, seconds) = try await interleaving.fastest(of: ways) else {
          value.absence = "has no way to compute this"
          return (value, nil)
        }
        _ = try await winner.run(count: 1)
        if !winner.isChecked { try await workload.check(winner, called: "\(entry.name) (\(winner.name))") }
        value.way = winner.name
        value.identity = peer.identity
        value.tried = zip(ways, seconds).map { ($0.name, benchmark.work / $1) }
        return (value, winner)
      } catch let absence as PeerAbsence {
        value.absence = absence.description
        return (value, nil)
      }
    }
  }
}
