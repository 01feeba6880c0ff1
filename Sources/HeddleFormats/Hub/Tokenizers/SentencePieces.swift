import HeddleText

/// A model of SentencePiece, `tokenizer.model`: its pieces with their scores, and what it does to text before.
///
/// It is a protocol buffer. Source of the fields' numbers: SentencePiece, `sentencepiece_model.proto`.
struct SentencePieces {
  struct Piece: Hashable {
    var text = ""
    var score: Float = 0
    /// As GGUF numbers them, which is SentencePiece's own way.
    var kind = TokenKinds.normal
  }

  private(set) var pieces: [Piece] = []
  private(set) var isUnigram = true
  private(set) var addsPrefix = true
  private(set) var removesSpaces = true
  private(set) var charactersMap: [UInt8] = []

  static let fileName = "tokenizer.model"

  /// The model of a folder; nil if it has none.
  static func read(_ files: FolderFiles) throws(ModelFolderError) -> SentencePieces? {
    guard let storage = try files.bytes(fileName) else { return nil }
    do { return try SentencePieces(storage.bytes) } catch {
      throw .tokenizer(path: files.path(of: fileName), error)
    }
  }

  init(_ bytes: UnsafeRawBufferPointer) throws(HubTokenizerDefect) {
    var message = ProtocolBuffer(bytes)
    while let field = try message.next() {
      switch field {
      case (1, .bytes(let bytes, let start)):
        guard pieces.count < TokenizerJSON.maximumCount else {
          throw .tooManyTokens(pieces.count, limit: TokenizerJSON.maximumCount)
        }
        pieces.append(try Self.piece(bytes, start))
      case (2, .bytes(let bytes, let start)):
        var trainer = ProtocolBuffer(bytes, start: start)
        while let field = try trainer.next() {
          if case (3, .integer(let type)) = field { isUnigram = type == 1 }
        }
      case (3, .bytes(let bytes, let start)): try readNormalizer(bytes, start)
      default: continue
      }
    }
  }

  private static func piece(_ bytes: UnsafeRawBufferPointer, _ start: Int) throws(HubTokenizerDefect) -> Piece {
    var message = ProtocolBuffer(bytes, start: start)
    var piece = Piece()
    while let field = try message.next() {
      switch field {
      case (1, .bytes(let text, _)): piece.text = String(decoding: text, as: UTF8.self)
      case (2, .word(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .integer(let kind)):
        piece.kind = (1...6).contains(kind) ? Int32(truncatingIfNeeded: kind) : TokenKinds.normal
      default: continue
      }
    }
    return piece
  }

  private mutating func readNormalizer(
    _ bytes: UnsafeRawBufferPointer, _ start: Int
  ) throws(HubTokenizerDefect) {
    var message = ProtocolBuffer(bytes, start: start)
    while let field = try message.next() {
      switch field {
      case (2, .bytes(let map, _)): charactersMap = Array(map)
      case (3, .integer(let value)): addsPrefix = value != 0
      case (4, .integer(let value)): removesSpaces = value != 0
      default: continue
      }
    }
  }

  /// The score of a token, if it is the piece of the id.
  func score(of token: String, at id: Int) -> Float? {
    pieces[at: id].flatMap { $0.text.hasSameBytes(as: token) ? $0.score : nil }
  }
}

/// Reads the fields of a protocol buffer that nobody has checked, one after the other.
struct ProtocolBuffer {
  enum Value {
    case integer(UInt64)
    case word(UInt32)
    case bytes(UnsafeRawBufferPointer, start: Int)
  }

  private var reader: ByteReader
  private let start: Int

  /// - Parameter start: where the bytes begin in the whole, for errors.
  init(_ bytes: UnsafeRawBufferPointer, start: Int = 0) {
    reader = ByteReader(bytes)
    self.start = start
  }

  private var defect: HubTokenizerDefect { .malformedPieces(offset: start &+ reader.offset) }

  /// The next field's number and value; nil at the end.
  mutating func next() throws(HubTokenizerDefect) -> (number: UInt64, value: Value)? {
    guard reader.remaining > 0 else { return nil }
    let tag = try integer()
    let number = tag >> 3
    switch tag & 7 {
    case 0: return (number, .integer(try integer()))
    case 1:
      _ = try take(8)
      return (number, .integer(0))
    case 2:
      guard let count = Int(exactly: try integer()) else { throw defect }
      let place = start &+ reader.offset
      return (number, .bytes(try take(count), start: place))
    case 5: return (number, .word(try take(4).littleEndian(at: 0)))
    default: throw defect
    }
  }

  private mutating func take(_ count: Int) throws(HubTokenizerDefect) -> UnsafeRawBufferPointer {
    do { return try reader.take(count) } catch { throw defect }
  }

  /// A number in groups of seven bits, the lowest first.
  private mutating func integer() throws(HubTokenizerDefect) -> UInt64 {
    var value: UInt64 = 0
    for place in 0..<10 {
      let byte = try take(1).littleEndian(UInt8.self, at: 0)
      value |= UInt64(byte & 0x7F) << UInt64(truncatingIfNeeded: place &* 7)
      if byte < 0x80 { return value }
    }
    throw defect
  }
}
