import CHeddle

/// The last failure of each thread. A thread's goes with the thread.
enum LastError {
  final class Record {
    var code: heddle_status = 0
    var operation: StaticString = ""
    var text = ""
  }

  private static let records = ThreadRecord<Record>()

  /// The calling thread's record, if it has had a failure.
  static var current: Record? { records.current }

  /// Without room for a record errors have no text.
  static func set(_ failure: Failure, _ operation: StaticString) {
    guard let record = records.current(orNew: { Record() }) else { return }
    record.code = failure.code
    record.operation = operation
    record.text = failure.text
  }
}
