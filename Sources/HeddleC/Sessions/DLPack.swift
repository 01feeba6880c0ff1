import CDLPack
import CHeddle
import HeddleExecution
import HeddleGraph
import HeddleTypes
import OpenCLRuntime

/// A DLPack tensor that was handed over: its deleter is called when this object goes, once.
private final class ManagedTensor: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<DLManagedTensorVersioned>

  init(_ pointer: UnsafeMutablePointer<DLManagedTensorVersioned>) { self.pointer = pointer }

  deinit { pointer.pointee.deleter?(pointer) }
}

@c @implementation
public func heddle_session_bind_dlpack(
  _ handle: heddle_session, _ place: Int32, _ name: UnsafePointer<CChar>?,
  _ tensor: UnsafeMutablePointer<DLManagedTensorVersioned>?, _ copied: UnsafeMutablePointer<Int32>?
) -> heddle_status {
  // From here on it is ours, whatever happens.
  let owner = tensor.map { ManagedTensor($0) }
  return call("heddle_session_bind_dlpack") {
    guard let tensor else { throw Failure.null("tensor") }
    // Before anything else is read: another version's struct may be shorter.
    let version = tensor.pointee.version
    guard Int(version.major) == DLPACK_MAJOR else {
      throw Failure(HEDDLE_INVALID_DATA, "the tensor is of DLPack \(version.major).\(version.minor), not of 1.x")
    }
    let session = try object(handle, SessionObject.self)
    let place = try tensorPlace(place, name)
    let type = try session.type(of: place)
    let bound = try memory(of: tensor.pointee, type, for: place).bound(to: place, in: session)
    let residence = try session.bind(place, bound, owner: owner)
    copied?.pointee = residence == .copied ? 1 : 0
  }
}

/// What a DLPack tensor says of its memory.
private func memory(
  of managed: DLManagedTensorVersioned, _ type: TensorType, for target: TensorPlace
) throws -> ForeignMemory {
  let tensor = managed.dl_tensor
  guard encoding(of: tensor.dtype) == type.encoding else {
    throw Failure(
      HEDDLE_INVALID_DATA,
      "\(target) is \(type), the tensor's values are \(name(of: tensor.dtype)); nothing is converted")
  }
  guard (0...maximumRank).contains(Int(tensor.ndim)) else {
    throw Failure(HEDDLE_INVALID_DATA, "the tensor has \(tensor.ndim) axes, at most \(maximumRank) are taken")
  }
  let rank = Int(tensor.ndim)
  guard rank == 0 || tensor.shape != nil else { throw Failure(HEDDLE_INVALID_DATA, "the tensor has no shape") }
  let shape = try integers(tensor.shape, rank, "shape")
  let strides = tensor.strides == nil ? nil : try integers(tensor.strides, rank, "strides")
  guard tensor.byte_offset <= UInt64(Int.max) else {
    throw Failure(HEDDLE_INVALID_DATA, "the tensor's byte_offset is \(tensor.byte_offset)")
  }
  let place: ForeignMemory.Place
  switch Int(tensor.device.device_type) {
  case DLPACK_CPU: place = .host(tensor.data)
  case DLPACK_OPENCL: place = .device(tensor.data)
  default:
    throw Failure(
      HEDDLE_INVALID_DATA, "the tensor is on a device of DLPack's type \(tensor.device.device_type), not CPU or OpenCL")
  }
  return ForeignMemory(
    place: place, isReadOnly: managed.flags & UInt64(DLPACK_READ_ONLY) != 0, byteOffset: Int(tensor.byte_offset),
    shape: shape, strides: strides ?? TensorLayout.rowMajor(shape).strides)
}

/// Nil: no tensor of Heddle's has such values.
private func encoding(of type: DLDataType) -> Encoding? {
  switch (Int(type.code), type.bits, type.lanes) {
  case (DLPACK_FLOAT, 32, 1): return .float32
  case (DLPACK_FLOAT, 16, 1): return .float16
  case (DLPACK_BFLOAT, 16, 1): return .bfloat16
  case (DLPACK_INT, 32, 1): return .int32
  default: return nil
  }
}

/// A type as NumPy and PyTorch call it: `float64`, `uint8`, `float32x4`.
private func name(of type: DLDataType) -> String {
  let lanes = type.lanes == 1 ? "" : "x\(type.lanes)"
  switch Int(type.code) {
  case DLPACK_INT: return "int\(type.bits)\(lanes)"
  case DLPACK_UINT: return "uint\(type.bits)\(lanes)"
  case DLPACK_FLOAT: return "float\(type.bits)\(lanes)"
  case DLPACK_BFLOAT: return "bfloat\(type.bits)\(lanes)"
  case DLPACK_COMPLEX: return "complex\(type.bits)\(lanes)"
  case DLPACK_BOOL: return "bool\(lanes)"
  default: return "of DLPack's type code \(type.code), \(type.bits) bits\(lanes)"
  }
}

private func dtype(of encoding: Encoding) throws(Failure) -> DLDataType {
  switch encoding {
  case .float32: return DLDataType(code: UInt8(DLPACK_FLOAT), bits: 32, lanes: 1)
  case .float16: return DLDataType(code: UInt8(DLPACK_FLOAT), bits: 16, lanes: 1)
  case .bfloat16: return DLDataType(code: UInt8(DLPACK_BFLOAT), bits: 16, lanes: 1)
  case .int32: return DLDataType(code: UInt8(DLPACK_INT), bits: 32, lanes: 1)
  default: throw Failure(HEDDLE_UNSUPPORTED, "DLPack has no values in \(encoding)")
  }
}

/// What an exported tensor holds: its memory and the arrays its struct points to.
private final class Export {
  let shape: UnsafeMutablePointer<Int64>
  let strides: UnsafeMutablePointer<Int64>
  let memory: UnsafeMutableRawBufferPointer?
  let buffer: Buffer?

  // Traps: never (count-in-memory).
  init(_ extents: [Int], memory: UnsafeMutableRawBufferPointer?, buffer: Buffer?) {
    shape = .allocate(capacity: max(1, extents.count))
    strides = .allocate(capacity: max(1, extents.count))
    self.memory = memory
    self.buffer = buffer
    shape.initialize(repeating: 0, count: max(1, extents.count))
    strides.initialize(repeating: 1, count: max(1, extents.count))
    let steps = TensorLayout.rowMajor(extents).strides
    for (axis, extent) in extents.enumerated() {
      shape[axis] = Int64(extent)
      strides[axis] = Int64(steps[axis])
    }
  }

  deinit {
    shape.deallocate()
    strides.deallocate()
    memory?.deallocate()
  }
}

@c @implementation
public func heddle_session_export_dlpack(
  _ handle: heddle_session, _ place: Int32, _ name: UnsafePointer<CChar>?, _ kind: Int32,
  _ tensor: UnsafeMutablePointer<UnsafeMutablePointer<DLManagedTensorVersioned>?>?
) -> heddle_status {
  call("heddle_session_export_dlpack") {
    let session = try object(handle, SessionObject.self)
    let place = try tensorPlace(place, name)
    guard let tensor else { throw Failure.null("tensor") }
    let type = try session.type(of: place)
    let dtype = try dtype(of: type.encoding)
    let export: Export
    switch Int(kind) {
    case HEDDLE_MEMORY_HOST: export = try session.copyOut(place, type)
    case HEDDLE_MEMORY_OPENCL:
      let (memory, shape) = try session.exclusively { try session.session.memoryBlocking(of: place) }
      guard let buffer = memory as? Buffer else {
        throw Failure(HEDDLE_UNSUPPORTED, "\(place) is in no memory of OpenCL")
      }
      export = Export(shape, memory: nil, buffer: buffer)
    default: throw Failure.argument("kind is \(kind), none of HEDDLE_MEMORY_…")
    }
    tensor.pointee = managed(export, rank: type.rank, dtype, device: session.executable.context.device.index)
  }
}

extension SessionObject {
  // Traps: never (tensor-in-buffer).
  fileprivate func copyOut(_ place: TensorPlace, _ type: TensorType) throws -> Export {
    try exclusively {
      let shape = try session.shapeBlocking(of: place)
      let count = try type.encoding.byteCount(shape: shape)
      try session.checkReadableBlocking(count, from: place)
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 64)
      let export = Export(shape, memory: memory, buffer: nil)
      try session.readBlocking(UnsafeMutableRawBufferPointer(rebasing: memory.prefix(count)), from: place)
      return export
    }
  }
}

// Traps: never (released-once).
private func managed(
  _ export: Export, rank: Int, _ dtype: DLDataType, device: Int
) -> UnsafeMutablePointer<DLManagedTensorVersioned> {
  let pointer = UnsafeMutablePointer<DLManagedTensorVersioned>.allocate(capacity: 1)
  var value = DLManagedTensorVersioned()
  value.version = DLPackVersion(major: UInt32(DLPACK_MAJOR), minor: UInt32(DLPACK_MINOR))
  value.dl_tensor.ndim = Int32(truncatingIfNeeded: rank)
  value.dl_tensor.dtype = dtype
  value.dl_tensor.shape = export.shape
  value.dl_tensor.strides = export.strides
  if let buffer = export.buffer {
    value.dl_tensor.device = DLDevice(device_type: Int32(DLPACK_OPENCL), device_id: Int32(clamping: device))
    value.dl_tensor.data = UnsafeMutableRawPointer(buffer.handle)
  } else {
    value.dl_tensor.device = DLDevice(device_type: Int32(DLPACK_CPU), device_id: 0)
    value.dl_tensor.data = export.memory?.baseAddress
    value.flags = UInt64(DLPACK_IS_COPIED)
  }
  value.manager_ctx = Unmanaged.passRetained(export).toOpaque()
  value.deleter = { pointer in
    guard let pointer else { return }
    if let context = pointer.pointee.manager_ctx { Unmanaged<Export>.fromOpaque(context).release() }
    pointer.deallocate()
  }
  pointer.initialize(to: value)
  return pointer
}
