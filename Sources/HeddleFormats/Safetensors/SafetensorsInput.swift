/// An opened file that may be a safetensors file, and its bytes.
struct SafetensorsInput {
  let input: InputFile
  let storage: ByteStorage

  init(_ path: String, _ options: SafetensorsReadOptions, followsLinks: Bool = true) throws(SafetensorsError) {
    let followsLinks = followsLinks || options.followsLinksOfHubCache && FilePlace.isLinkOfHubCache(path)
    do {
      (input, storage) = try InputFile.opening(
        path, options.storage, limit: options.maximumFileByteCount, copyLimit: options.maximumCopyByteCount,
        followsLinks: followsLinks)
    } catch {
      // How a system refuses a link that may not be followed differs.
      if !followsLinks, FilePlace.isSymbolicLink(path) { throw .symbolicLink(path: path) }
      throw .file(error)
    }
  }

  /// To be called once the bytes are parsed.
  func requireUnchanged() throws(SafetensorsError) {
    try SafetensorsError.reading { () throws(FileError) in try input.requireUnchanged() }
  }
}
