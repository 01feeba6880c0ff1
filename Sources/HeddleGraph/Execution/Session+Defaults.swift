import HeddleText

// For sessions that compute elsewhere than on a device: nothing is timed, no memory is shared, no thread is blocked.
extension Session {
  public var expertStatistics: ExpertStatistics? { nil }

  public func profile(_ request: RunRequest) async throws -> (outputs: NameTable<Tensor>, profile: RunProfile) {
    (try await run(request), RunProfile())
  }

  public func bind(_ place: TensorPlace, to memory: BoundMemory?) async throws -> Residence { throw missing("bind") }

  public func write(_ tensor: Tensor, to place: TensorPlace) async throws { throw missing("write") }

  public func read(_ place: TensorPlace) async throws -> Tensor { throw missing("read") }

  public func runBlocking(_ request: RunRequest, cancellation: RunCancellation?) throws -> NameTable<Tensor> {
    throw missing("runBlocking")
  }

  public func profileBlocking(
    _ request: RunRequest, cancellation: RunCancellation?
  ) throws -> (outputs: NameTable<Tensor>, profile: RunProfile) {
    (try runBlocking(request, cancellation: cancellation), RunProfile())
  }

  public func runAgainBlocking(deadline: ContinuousClock.Instant?, cancellation: RunCancellation?) throws {
    throw missing("runAgainBlocking")
  }

  public func resetBlocking() throws { throw missing("resetBlocking") }

  public func bindBlocking(_ place: TensorPlace, to memory: BoundMemory?) throws -> Residence {
    throw missing("bindBlocking")
  }

  public func writeBlocking(_ bytes: UnsafeRawBufferPointer, to place: TensorPlace) throws {
    throw missing("writeBlocking")
  }

  public func readBlocking(_ bytes: UnsafeMutableRawBufferPointer, from place: TensorPlace) throws {
    throw missing("readBlocking")
  }

  public func checkReadableBlocking(_ byteCount: Int, from place: TensorPlace) throws {
    throw missing("checkReadableBlocking")
  }

  public func shapeBlocking(of place: TensorPlace) throws -> [Int] { throw missing("shapeBlocking") }

  public func memoryBlocking(of place: TensorPlace) throws -> (memory: any DeviceMemory, shape: [Int]) {
    throw missing("memoryBlocking")
  }

  public func finishBlocking() throws {}

  private func missing(_ name: String) -> ExecutionError {
    .unsupported(name, reason: "sessions of this backend do not have it", Origin())
  }
}
