import HeddleText

/// A GGUF model in several files, of which each holds a part of the tensors and the first all metadata.
///
/// The files are called `NAME-00001-of-00003.gguf` and so on and lie in one folder; any of them stands for the model. Each
/// says `split.no`, its number from 0, and `split.count`; the first also says `split.tensors.count`, the tensors of all.
///
/// Source: llama.cpp, `tools/gguf-split`.
struct SplitFile {
  /// The files, by their numbers.
  let files: [GGUFFile]

  /// What precedes the number in the names of all files: a path.
  private let stem: String
  private let count: Int

  /// How many files a model is in; 1 for a whole one.
  static func count(of file: GGUFFile) throws(GGUFError) -> Int {
    try file.metadata.integer(SplitKeys.count, in: 0...maximumCount, default: 1)
  }

  /// As many as five digits count.
  private static let maximumCount = 99_999

  /// Opens the other files beside one of them.
  init(beside file: GGUFFile, storage: FileStorage) throws(ModelFileError) {
    let number: Int
    do {
      count = try Self.count(of: file)
      number = try file.metadata.integer(SplitKeys.number, in: 0...Self.maximumCount)
    } catch { throw .gguf(error) }
    let ending = Self.ending(number, count)
    guard let stem = file.path.without(suffix: ending) else {
      throw .split(path: file.path, .name(number: number, count: count, expected: ending))
    }
    self.stem = stem
    var files: [GGUFFile] = []
    for place in 0..<max(0, count) {
      files.append(place == number ? file : try Self.open(place, count, at: stem + Self.ending(place, count), storage))
    }
    self.files = files
  }

  /// `-00001-of-00003.gguf`
  private static func ending(_ number: Int, _ count: Int) -> String {
    "-\("\(number &+ 1)".padded(to: 5, with: "0"))-of-\("\(count)".padded(to: 5, with: "0")).gguf"
  }

  private static func open(
    _ number: Int, _ count: Int, at path: String, _ storage: FileStorage
  ) throws(ModelFileError) -> GGUFFile {
    let file: GGUFFile
    let found: (number: Int, count: Int)
    do {
      file = try GGUFFile(path: path, options: GGUFReadOptions(storage: storage))
      found = (try file.metadata.integer(SplitKeys.number), try file.metadata.integer(SplitKeys.count))
    } catch {
      if case .file(.notFound) = error { throw .split(path: path, .missing(number: number, count: count)) }
      throw .gguf(error)
    }
    guard found == (number, count) else {
      throw .split(path: path, .part(number: number, count: count, foundNumber: found.number, foundCount: found.count))
    }
    return file
  }

  /// The metadata of the model: those of the first file, but for what they say of files.
  func metadata() throws(ModelFileError) -> GGUFMetadata {
    guard let first = files.first else { return GGUFMetadata(path: stem) }
    let found = files.reduce(0) { $0 &+ $1.tensors.count }
    let expected: Int
    do { expected = try first.metadata.integer(SplitKeys.tensorCount, default: found) } catch { throw .gguf(error) }
    guard expected == found else {
      throw .split(path: first.path, .tensorCount(expected: expected, found: found))
    }
    var metadata = first.metadata
    for key in [SplitKeys.number, SplitKeys.count, SplitKeys.tensorCount] { metadata.remove(key) }
    return metadata
  }

  /// The tensors of all files, each once.
  func parts() throws(ModelFileError) -> [ModelPart] {
    var places: NameTable<String> = [:]
    var parts: [ModelPart] = []
    for file in files {
      for part in file.parts {
        if let other = places.updateValue(file.path, forKey: part.tensor.name) {
          throw .split(path: file.path, .duplicateTensor(part.tensor.name, other: other))
        }
        parts.append(part)
      }
    }
    return parts
  }
}

/// What the files of a split model say of their parts.
enum SplitKeys {
  static let number = "split.no"
  static let count = "split.count"
  static let tensorCount = "split.tensors.count"
}
