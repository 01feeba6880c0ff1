"""The invariants that tags name: each stated once, with the test that establishes it."""

import os
import re

ROW = re.compile(r"^\|\s*`([a-z0-9-]+)`\s*\|\s*(\S.*?)\s*\|\s*(\S.*?)\s*\|$")
TEST = re.compile(r"`(\w+)/([^`]+)`")
MOST_TAGS = 150


class Invariants:
  """The table `Sources/Invariants.md` of a package."""

  def __init__(self, root):
    self.tests = {}  # by name: (suite, function) of each test
    self.faults = []
    path = os.path.join(root, "Sources", "Invariants.md")
    lines = open(path, encoding="utf-8").read().splitlines() if os.path.exists(path) else []
    suites = read_suites(os.path.join(root, "Tests"))
    for number, line in enumerate(lines, 1):
      match = ROW.match(line)
      if not match:
        if line.startswith("| `"):
          self.faults.append(f"no row of the table: Invariants.md:{number}")
        continue
      name, tests = match[1], TEST.findall(match[3])
      if name in self.tests:
        self.faults.append(f"stated twice: {name}")
      if not tests:
        self.faults.append(f"no test establishes {name}")
      for suite, function in tests:
        if function not in suites.get(suite, ()):
          self.faults.append(f"there is no test {suite}/{function}, which establishes {name}")
      self.tests[name] = tests

  def failures(self, sources):
    """What is wrong with the table and the tags of these files."""
    failures = list(self.faults)
    used, count = set(), 0
    for file, source in sorted(sources.items()):
      failures += [f"{file}:{line} {fault}" for line, fault in source.faults]
      count += len(source.tags)
      for tag in source.tags:
        used.update(tag.names)
        failures += [f"{file}:{tag.line} names what Invariants.md does not state: {name}"
                     for name in tag.names if name not in self.tests]
    failures += [f"no tag names the invariant {name}" for name in self.tests if name not in used]
    if count > MOST_TAGS:
      failures.append(f"{count} tags; at most {MOST_TAGS} may be needed")
    return failures


def read_suites(folder):
  """The test functions of each suite."""
  suites = {}
  for path, _, names in os.walk(folder):
    for name in names:
      if name.endswith(".swift"):
        text = open(os.path.join(path, name), encoding="utf-8").read()
        text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
        functions = {name.strip("`") for name in re.findall(r"@Test\b(?!\(\.disabled).*?\bfunc\s+(\w+|`[^`]+`)", text, re.DOTALL)}
        for suite in re.findall(r"\b(?:struct|class|enum|actor|extension)\s+(\w+)", text):
          suites.setdefault(suite, set()).update(functions)
  return suites
