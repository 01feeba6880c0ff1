/// The bytes of each struct of heddle.h in the first version that had it: what a caller's must have at least. A member that is
/// added later does not change these.
enum FirstSize {
  static let error = 1168
  static let liveCounts = 72
  static let backendOptions = 56
  static let layout = 48
  static let compileOptions = 24
  static let sessionOptions = 32
  static let memory = 64
  static let runOptions = 40
  static let modelOptions = 16
  static let generateOptions = 48
}
