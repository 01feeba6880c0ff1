/// A system call that failed.
struct SystemError: Error {
  var call: String
  /// `errno`
  var code: Int32
}
