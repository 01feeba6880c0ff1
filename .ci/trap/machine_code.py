"""Every trap that the compiler left in machine code, with the line of ours that caused it.

Swift's optimizer gives each run-time check that it could not remove a trap instruction of its own, and debug
information calls the place "Swift runtime failure: …", inlined into whatever asked for it. The innermost inlined
function of our own sources is who caused it. Functions of the standard library that were compiled into our objects but
not inlined are followed to their callers, and calls into its own binary are judged by name. Calls through tables of
witnesses and closures are not followed.
"""

import collections
import json
import re
import subprocess

Entry = collections.namedtuple("Entry", "file line function kind")

TRAP = re.compile(r"^\s*([0-9a-f]+):\s+(?:ud2|brk\s+#0x1)\b")
CALL = re.compile(r"^\s*([0-9a-f]+):\s+(callq?|j[a-z]+|bl?|b\.[a-z]+)\s+0x([0-9a-f]+) <([^>]+)>")
START = re.compile(r"^([0-9a-f]+) <([^>]+)>:$")
FAILURE = "Swift runtime failure: "

# Functions of the standard library whose checks hold whatever they are given: iteration and algorithms over collections
# that are values, growth of collections (memory ends before an Int does), hashing, comparison. Our tables of names are
# dictionaries, and the heap of swift-collections is one more collection.
SOUND = re.compile("|".join([
  r"Iterator(Protocol)?\.next\(\)",
  r"Sequence\S*\.(map|compactMap|flatMap|filter|reduce|allSatisfy|contains|first|min|max|sorted|forEach|starts)\b",
  r"Sequence\S*\.(elementsEqual|lexicographicallyPrecedes|reversed|count|joined|enumerated|_copySequenceContents)\b",
  r"Collection\S*\.(map|filter|first|firstIndex|lastIndex|last|allSatisfy|split|count|isEmpty|drop|dropFirst|dropLast)\b",
  r"Collection\S*\.(reverse|index\(_:offsetBy:limitedBy|distance|append|\+ infix)\b",
  r"Collection\S*\.(prefix(?!\((upTo|through))|suffix(?!\(from))\b",
  r"_ArrayProtocol\.filter",
  r"(Array|ArraySlice|ContiguousArray)(<A>)?\.(append|count|init<A>\(_:\)|withUnsafe\w*|== infix|\+ infix|\+= infix)",
  r"(Array|ArraySlice|ContiguousArray)(<A>)?\._(copyToNew|reserveCapacity|appendElement|createNew|makeUnique|endMutation)",
  r"static Array\S* (==|\+|\+=) infix|RangeReplaceableCollection\S*( |\.)\+ infix",
  r"^(specialized )?(static )?(Dictionary|Set|NameTable|NameSet)\b|^(specialized )?Heap\b\.(?!remove|replace)",
  r"Dictionary\.|_Native(Dictionary|Set)|_HashTable|Raw(Dictionary|Set)Storage",
  r"_UnsafeBitset|_consumeAndCreateNew|_copy(Collection|Sequence)ToContiguousArray|ContiguousArrayBuffer",
  r"_stableSortImpl|_mergeTopRuns|_merge<|_insertionSort",
  r"LosslessStringConvertible|_parseInteger|FixedWidthInteger\.init(<A>\(_:radix|\(_:\))",
  r"Slice\._copyContents|Slice\.withContiguous|_StringGuts|_StringObject|String\._copying|Character\.",
  r"Data\.Inline|Data\.init|__DataStorage|Data\._Representation|Hasher\.|== infix|hash\(into:\)",
]))
# Ours that hold whatever they are given. Where one is inlined into another module, no line is left of it; its checks are
# listed where it stands, with its tag.
BOUNDED = "HeddleText: "
BOUNDED_FUNCTION = re.compile(
  r"in HeddleText\).*(subscript\.getter|\bpart\(|\bupdate<|\bparted\(|init\(between|init\(from|\blater\(|\bratio\(|inSeconds\.)"
  r"|in HeddleText\).*\(at: |\(filled: ")
# Those that do nothing where there is nothing, whatever they say of it.
HARMLESS = re.compile(r"\.(popLast|popFirst|popMin|removeAll)\(")
# What they say of an argument is the caller's business all the same.
ARGUMENT = re.compile(
  r"^(Must take|Can't|Stride|Repetition|Negative value|Dictionary literal|Array replace|.*value cannot)")
# Holds for every literal, and `ascii:` of anything else is a word of its own.
LITERAL = "Code point value does not fit into ASCII"
# The outermost function of the standard library that a line of ours calls, when its arguments decide.
TAKES_ARGUMENT = re.compile(
  r"\.subscript\.|\.remove(First|Last|Subrange|\(at)|\.insert\(|replaceSubrange|\.swapAt|repeatElement|init\(repeating"
  r"|\.index\(|\.formIndex|stride<|loadUnaligned|\.load<|storeBytes|uniqueKeysWithValues"
  r"|unsafeUninitializedCapacity|\.random")
# Entry points of the run-time library and of the standard library's binary that end the process.
ALWAYS = re.compile(
  r"assertionFailure|fatalError|preconditionFailure|swift_unexpectedError|swift_errorInMain|Unconditional|_diagnoseUn"
  r"|swift_unowned|swift_abort|^abort$|^__assert")
BY_ARGUMENT = re.compile(
  r"^(?!.*(Dictionary|Set)\b.*subscript).*(\.subscript\.(getter|read|modify|setter|_)|\.index\((?!.*limitedBy)|\.formIndex"
  r"|\.remove(First|Last|Subrange|\(at)|\.insert\(.*at:|\.swapAt|\.prefix\(|\.suffix\(|\.dropFirst|\.dropLast"
  r"|init\(repeating|Duration[ .][-+*/]|Instant\.advanced|CheckedContinuation\.resume|DispatchSemaphore\.init)")


class Tools:
  """The toolchain's own tools, found beside `swift`."""

  def __init__(self, folder):
    self.folder = folder

  def run(self, name, *arguments, text=None):
    command = [f"{self.folder}/{name}", *arguments]
    return subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.PIPE).stdout

  def demangle(self, names):
    names = sorted(set(names))
    if not names:
      return {}
    text = "\n".join(names) + "\n"
    short = self.run("swift-demangle", "--compact", "--simplified", text=text).splitlines()
    full = self.run("swift-demangle", "--compact", text=text).splitlines()
    return {name: (BOUNDED if BOUNDED_FUNCTION.search(long) else "") + line
            for name, line, long in zip(names, short, full)}


class Site:
  """A trap or a direct call: where it stands, the symbol before it, and for calls what is called."""

  def __init__(self, address, symbol, kind="", target=None, callee=""):
    self.address, self.symbol, self.kind, self.target, self.callee = address, symbol, kind, target, callee


def disassemble(tools, library):
  symbols, traps, calls = {}, [], []
  current = 0
  for line in tools.run("llvm-objdump", "-d", "--no-show-raw-insn", library).splitlines():
    if match := START.match(line):
      current = int(match[1], 16)
      symbols[current] = match[2].removesuffix("@plt")
    elif match := TRAP.match(line):
      traps.append(Site(int(match[1], 16), current))
    elif match := CALL.match(line):
      calls.append(Site(int(match[1], 16), current, match[2], int(match[3], 16), match[4]))
  return symbols, traps, calls


def symbolize(tools, library, addresses):
  addresses = sorted(set(addresses))
  text = "".join(f"{address:#x}\n" for address in addresses)
  lines = tools.run("llvm-symbolizer", f"--obj={library}", "--inlines", "--output-style=JSON", text=text).splitlines()
  return {address: json.loads(line).get("Symbol") or [] for address, line in zip(addresses, lines)}


class Traps:
  """The traps of a library linked from our objects; `sources` is the folder all our files are under."""

  def __init__(self, tools, library, sources):
    self.sources = sources.rstrip("/") + "/"
    symbols, traps, calls = disassemble(tools, library)
    self.frames = symbolize(tools, library, [site.address for site in traps + calls] + list(symbols))
    # Functions by their first address: some have no symbol, but debug information.
    self.functions = dict(symbols)
    for frames in self.frames.values():
      if frames and frames[-1]["StartAddress"]:
        self.functions[int(frames[-1]["StartAddress"], 16)] = frames[-1]["FunctionName"]
    names = {frame["FunctionName"] for frames in self.frames.values() for frame in frames}
    names |= set(self.functions.values()) | {site.callee.removesuffix("@plt") for site in calls}
    self.names = tools.demangle(names)
    self.entries = set()
    self.standard = 0  # checks of the standard library that no argument decides
    self.dead = 0  # after a call that never returns, or where the compiler itself saw that nothing arrives
    self.accesses = 0
    # A jump to the function it stands in is a loop.
    calls = [s for s in calls if s.callee.endswith("@plt") or s.target in self.functions]
    self.callers = collections.defaultdict(list)
    for site in calls:
      self.callers[site.callee.removesuffix("@plt") if site.callee.endswith("@plt") else site.target].append(site)
    trapping = self.read_traps(traps)
    self.read_calls(trapping)
    self.cycles = self.find_cycles(calls)

  def function(self, site):
    """The first address of the function that a place belongs to."""
    frames = self.frames[site.address]
    return int(frames[-1]["StartAddress"], 16) if frames and frames[-1]["StartAddress"] else site.symbol

  def own(self, frames):
    """The innermost frame in our sources, and what it called, innermost first."""
    for index, frame in enumerate(frames):
      if frame["FileName"].startswith(self.sources) and (frame["Line"] or frame["StartLine"]):
        return frame, [self.names[f["FunctionName"]] for f in frames[:index]]
    return None, [self.names[f["FunctionName"]] for f in frames]

  def add(self, frame, kind):
    file = frame["FileName"][len(self.sources):]
    line = frame["Line"] or frame["StartLine"]
    self.entries.add(Entry(file, line, self.names[frame["FunctionName"]], kind))

  def read_traps(self, traps):
    """Entries of traps in our code. Returns the standard library's functions that trap for their arguments."""
    trapping = {}
    for site in traps:
      frames = self.frames[site.address]
      label = frames[0]["FunctionName"] if frames else ""
      if not label.startswith(FAILURE):
        self.dead += 1
        continue
      kind = label[len(FAILURE):]
      frame, chain = self.own(frames)
      chain = chain[1:]
      if is_sound(kind, chain):
        self.standard += 1
      elif frame:
        self.add(frame, kind + (f" (in {short(chain[-1])})" if chain else ""))
      else:
        trapping.setdefault(self.function(site), set()).add(kind)
    return trapping

  def read_calls(self, trapping):
    for callee, places in list(self.callers.items()):
      if isinstance(callee, str):  # of another binary
        name = self.names[callee]
        if callee == "swift_beginAccess":
          self.accesses += len(places)
        elif ALWAYS.search(name):
          self.blame(places, f"call of {short(name)}", set(), always=True)
        elif BY_ARGUMENT.search(name):
          self.blame(places, f"call of {short(name)}", set())
    for callee, kinds in trapping.items():
      for kind in sorted(kinds):
        name = short(self.names[self.functions[callee]])
        self.blame(self.callers.get(callee, []), f"{kind} (in {name})", {callee})

  def blame(self, places, kind, seen, always=False):
    """Entries for calls, through functions of the standard library up to our code."""
    for site in places:
      frame, chain = self.own(self.frames[site.address])
      if not always and chain and is_sound("", chain):
        self.standard += 1
      elif frame:
        self.add(frame, kind)
      elif (function := self.function(site)) not in seen:
        seen.add(function)
        self.blame(self.callers.get(function, []), kind, seen, always)

  def find_cycles(self, calls):
    """Groups of our functions that call each other in a circle: what nests them must be bounded."""
    graph = collections.defaultdict(set)
    for site in calls:
      function = self.function(site)
      if site.target in self.functions and (site.target != function or "call" in site.kind):
        graph[function].add(site.target)
        graph[site.target]
    cycles = []
    for group in strongly_connected(graph):
      if len(group) > 1 or group[0] in graph[group[0]]:
        members = set()
        for address in group:
          for frame in self.frames.get(address, [])[-1:]:
            file = frame["StartFileName"] or frame["FileName"]
            if file.startswith(self.sources):
              name = self.names[frame["FunctionName"]]
              members.add(Entry(file[len(self.sources):], frame["StartLine"], name, "recursion"))
        if members:
          cycles.append(sorted(members))
    return cycles


def is_sound(kind, chain):
  if any(name.startswith(BOUNDED) for name in chain):
    return True
  if kind == LITERAL or (chain and HARMLESS.search(chain[-1])):
    return True
  if ARGUMENT.match(kind):
    return False
  if chain and TAKES_ARGUMENT.search(chain[-1]) and not re.search(r"\b(Dictionary|Set|NameTable)\.subscript", chain[-1]):
    return False
  return any(SOUND.search(name) for name in chain)


def short(name):
  return name.replace("specialized ", "").replace("dispatch thunk of ", "")


def strongly_connected(graph):
  """Tarjan's algorithm, without recursion."""
  index, low, on_stack, stack, groups = {}, {}, set(), [], []
  for root in graph:
    if root in index:
      continue
    work = [(root, iter(graph[root]))]
    index[root] = low[root] = len(index)
    stack.append(root)
    on_stack.add(root)
    while work:
      node, rest = work[-1]
      for successor in rest:
        if successor not in index:
          index[successor] = low[successor] = len(index)
          stack.append(successor)
          on_stack.add(successor)
          work.append((successor, iter(graph[successor])))
          break
        if successor in on_stack:
          low[node] = min(low[node], index[successor])
      else:
        work.pop()
        if work:
          low[work[-1][0]] = min(low[work[-1][0]], low[node])
        if low[node] == index[node]:
          group = []
          while True:
            member = stack.pop()
            on_stack.discard(member)
            group.append(member)
            if member == node:
              break
          groups.append(group)
  return groups
