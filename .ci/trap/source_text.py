"""What source text says of traps: words that ask for one, and the tags that name the reason why none is reached."""

import bisect
import re

MARK = "// Traps:"
TAG = re.compile(r"// Traps: never \(([a-z0-9-]+(?:, [a-z0-9-]+)*)\)\.$")
WORDS = [
  (re.compile(r"\btry!"), "try!"),
  (re.compile(r"\bas!"), "as!"),
  (re.compile(r"\b(fatalError|precondition|preconditionFailure|assert|assertionFailure)\("), "{0}"),
  (re.compile(r"\bunowned\b"), "unowned"),
  (re.compile(r"\buniqueKeysWithValues\b"), "uniqueKeysWithValues"),
  (re.compile(r"\bUnmanaged\b"), "Unmanaged"),
  (re.compile(r"\bunsafeBitCast\b"), "unsafeBitCast"),
  (re.compile(r"-Ounchecked"), "-Ounchecked"),
  (re.compile(r"(?:\b(?!try!|as!)\w+|[\)\]\}`?])!(?!=)"), "forced unwrap"),
  (re.compile(r"\bascii:\s*[^\s)]"), "ascii of a value"),
  # Of the size of something that is there already, or of a literal, there is nothing to say.
  (
    re.compile(
      r"(?:\b(?:repeating|filled):.*count:|\breserveCapacity\(|\.allocate\(\w+:|\bunsafeUninitializedCapacity:|\bminimumCapacity:)"
      r"(?!\s*(?:\d+|[\w.]*\.count)[,)])"),
    "memory by a count",
  ),
]
MODIFIERS = (
  r"public|private|fileprivate|internal|package|open|static|class|final|override|mutating|nonmutating|convenience|required"
  r"|lazy|indirect|nonisolated|isolated|borrowing|consuming|prefix|postfix|infix|weak|unsafe|private\(set\)"
  r"|internal\(set\)|fileprivate\(set\)|nonisolated\(unsafe\)")
DECLARATION = re.compile(
  rf"^\s*(?:@\w+(?:\([^)]*\))?\s+|(?:{MODIFIERS})\s+)*"
  r"(func\b|init\b|subscript\b|deinit\b|var\b|let\b|get\b|set\b|_read\b|_modify\b)")
TYPE = re.compile(
  rf"^\s*(?:@\w+(?:\([^)]*\))?\s+|(?:{MODIFIERS})\s+)*(struct|class|enum|actor|protocol|extension|import)\b(?!\s+(?:func|var|let))")
BODIED = {"func", "init", "subscript", "deinit", "get", "set", "_read", "_modify"}


def blank(text):
  """The text with comments and the characters of string literals replaced by spaces; code in interpolations stays."""
  out = list(text)
  position, length = 0, len(text)
  # Each open construct: ("code", depth of parentheses) or ("string", delimiter, number of #).
  stack = [["code", 0]]

  def erase(start, end):
    for i in range(start, min(end, length)):
      if out[i] != "\n":
        out[i] = " "

  while position < length:
    top = stack[-1]
    if top[0] == "code":
      if text.startswith("//", position):
        end = text.find("\n", position)
        end = length if end < 0 else end
        erase(position, end)
        position = end
      elif text.startswith("/*", position):
        end = text.find("*/", position)
        end = length if end < 0 else end + 2
        erase(position, end)
        position = end
      elif match := re.compile(r'(#*)("""|")').match(text, position):
        stack.append(["string", match[2], len(match[1])])
        erase(position, match.end())
        position = match.end()
      else:
        if text[position] == "(":
          top[1] += 1
        elif text[position] == ")":
          top[1] -= 1
          if top[1] < 0 and len(stack) > 1:
            stack.pop()
            erase(position, position + 1)
        position += 1
    else:
      close = top[1] + "#" * top[2]
      escape = "\\" + "#" * top[2]
      if text.startswith(close, position):
        erase(position, position + len(close))
        position += len(close)
        stack.pop()
      elif text.startswith(escape + "(", position):
        erase(position, position + len(escape) + 1)
        position += len(escape) + 1
        stack.append(["code", 0])
      elif text.startswith(escape, position):
        erase(position, position + len(escape) + 1)
        position += len(escape) + 1
      else:
        erase(position, position + 1)
        position += 1
  return "".join(out)


class Tag:
  """A justification: the line it stands on, the invariants it names, and the lines it covers (1-based, inclusive)."""

  def __init__(self, line, names, first, last):
    self.line, self.names, self.first, self.last = line, names, first, last
    self.used = False


class Source:
  def __init__(self, text):
    self.text = text
    self.lines = text.split("\n")
    self.code = blank(text)
    self.code_lines = self.code.split("\n")
    self.starts = [0]
    for line in self.lines:
      self.starts.append(self.starts[-1] + len(line) + 1)
    self.faults = []  # (line, what is wrong with the tag there)
    self.tags = self.read_tags()

  def line_of(self, offset):
    return bisect.bisect_right(self.starts, offset)

  def words(self):
    """(line, kind) of each word that asks for a trap."""
    for number, line in enumerate(self.code_lines, 1):
      for pattern, kind in WORDS:
        for match in pattern.finditer(line):
          yield number, kind.format(*match.groups()) if match.groups() else kind

  def statement_end(self, first):
    """The last line of the declaration or statement that begins on line `first`."""
    line = self.code_lines[first - 1]
    if re.match(r"\s*(case|default)\b", line):  # with all that it says, up to what stands as far left
      margin = len(line) - len(line.lstrip())
      last = first
      for text in self.lines[first:]:
        if text.strip() and len(text) - len(text.lstrip()) <= margin:
          break
        last += 1
      return last
    match = DECLARATION.match(line)
    bodied = match is not None and match[1] in BODIED
    depth, opened = 0, False
    offset = self.starts[first - 1]
    while offset < len(self.code):
      character = self.code[offset]
      if character in "([{":
        if character == "{" and depth == 0:
          opened = True
        depth += 1
      elif character in ")]}":
        depth -= 1
        if depth < 0:
          return self.line_of(offset)
        if depth == 0 and character == "}":
          rest = self.code[offset + 1 : self.starts[self.line_of(offset)] - 1].strip()
          if bodied or not rest or not re.match(r"else|catch|[.(\[{?]", rest):
            return self.line_of(offset)
      elif character == "\n" and depth == 0 and (opened or not bodied):
        following = self.code[offset + 1 :].lstrip()
        if not re.match(r"[.?:&|+\-*/=<>{]|else\b|where\b", following):
          return self.line_of(offset)
      offset += 1
    return len(self.lines)

  def read_tags(self):
    tags = []
    for number, line in enumerate(self.lines, 1):
      place = line.find(MARK)
      if place < 0 or (place > 0 and line[place - 1] == "/"):
        continue
      match = TAG.match(line[place:])
      if not match:
        self.faults.append((number, "names no invariant: \"// Traps: never (name).\""))
        continue
      names = match[1].split(", ")
      if line[:place].strip():  # after code, on its line
        tags.append(Tag(number, names, number, number))
        continue
      target = number
      while target < len(self.lines) and re.match(r"^\s*(//|(@\w+(\([^)]*\))?\s*)+$)", self.lines[target]):
        target += 1
      code = self.code_lines[target] if target < len(self.lines) else ""
      if not code.strip():
        self.faults.append((number, "stands above nothing"))
      elif match := TYPE.match(code):
        self.faults.append((number, f"covers more than a declaration: {match[1]}"))
      else:
        tags.append(Tag(number, names, target + 1, self.statement_end(target + 1)))
    return tags

  def tag(self, line):
    """The narrowest tag that covers a line."""
    covering = [tag for tag in self.tags if tag.first <= line <= tag.last]
    for tag in covering:
      tag.used = True
    return min(covering, key=lambda tag: tag.last - tag.first) if covering else None
