import Foundation

/// A shared library opened at run time. It stays open: threads it made may outlive any owner.
struct DynamicLibrary: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer
  let path: String

  init(_ path: String) throws(PeerAbsence) {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw PeerAbsence(dlerror().map { String(cString: $0) } ?? "\(path) cannot be opened")
    }
    self.handle = handle
    self.path = path
  }

  /// A function by its C name; the caller vouches for its type.
  func function<Function>(_ name: String, as type: Function.Type) throws(PeerAbsence) -> Function {
    guard let address = dlsym(handle, name) else { throw PeerAbsence("\(path) has no \(name)") }
    return unsafeBitCast(address, to: type)
  }
}
