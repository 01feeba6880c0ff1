import HeddleText

/// The small files of a model folder, by their names.
struct FolderFiles {
  /// The path that the folder was named by.
  let path: String
  /// What stands before a file's name.
  let prefix: String

  /// Bytes of a file that is read whole: the largest of vocabularies have a quarter of it.
  static let maximumByteCount = 1 << 27

  init(path: String) {
    self.path = path
    prefix = path.utf8.last == UInt8(ascii: "/") ? path : path + "/"
  }

  func path(of name: String) -> String { prefix + name }

  func has(_ name: String) -> Bool { FilePlace.exists(path(of: name)) }

  /// A copy of a file; nil if there is none of the name.
  func bytes(_ name: String) throws(ModelFolderError) -> ByteStorage? {
    guard has(name) else { return nil }
    let path = path(of: name)
    do {
      let opened = try InputFile.opening(
        path, .copied, limit: Self.maximumByteCount, copyLimit: Self.maximumByteCount,
        followsLinks: FilePlace.isLinkOfHubCache(path))
      try opened.input.requireUnchanged()
      return opened.storage
    } catch {
      // How a system refuses a link that may not be followed differs.
      if FilePlace.isSymbolicLink(path) { throw .symbolicLink(path: path) }
      throw .file(error)
    }
  }

  /// The members of a JSON file that is an object; nil if there is no such file.
  func object(_ name: String) throws(ModelFolderError) -> NameTable<JSONValue>? {
    guard let storage = try bytes(name) else { return nil }
    do throws(JSONError) {
      let value = try JSONValue(storage.bytes)
      guard let object = value.object else {
        throw JSONError(offset: 0, defect: .unexpected(found: value.description, expected: "an object"))
      }
      return object
    } catch { throw .json(path: path(of: name), offset: error.offset, error.defect) }
  }

  /// The text of a file; nil if there is no such file, or nothing in it.
  func text(_ name: String) throws(ModelFolderError) -> String? {
    let storage: ByteStorage?
    do { storage = try bytes(name) } catch {
      if case .file(.empty) = error { return nil }
      throw error
    }
    guard let storage else { return nil }
    guard let text = String(validating: Array(storage.bytes), as: UTF8.self) else {
      throw .invalidText(path: path(of: name))
    }
    return text
  }
}
