import Testing

@testable import ChatTemplates

@Suite struct TemplateErrorTests {
  private func render(_ source: String, _ content: String = "hi") throws -> String {
    try ChatTemplate(source).render(
      messages: [ChatMessage(role: .user, content: content)], addGenerationPrompt: false
    ).text
  }

  @Test func unsupportedConstructsAreNamed() {
    func expect(_ construct: String, line: Int = 1, _ source: String) {
      #expect(throws: ChatTemplateError.unsupported(construct, line: line), "\(source)") { try render(source) }
    }
    expect("{% do %}", line: 2, "x\n{% do f(a) %}")
    expect("the function 'raise'", "{{ raise('x') }}")
    expect("the function 'nothing'", "{{ nothing() }}")
    expect("the filter 'shuffle'", "{% filter trim|shuffle %}a{% endfilter %}")
    expect("the date format '%U'", "{{ strftime_now('%d %U') }}")
    expect("the date format '%-B'", "{{ strftime_now('%-B') }}")
    expect("the date format '%'", "{{ strftime_now('100%') }}")
    #expect(
      ChatTemplateError.unsupported("{% do %}", line: 2).description
        == "chat template, line 2: {% do %} is not supported; lay the conversation out by hand and give it as a plain "
        + "prompt")
    expect("{% include %}, which puts a template together of several,", "{% include 'x' %}")
    expect("{% block %}, which puts a template together of several,", "{% block a %}{% endblock %}")
    expect("the filter 'random', which gives another result each time,", "{{ [1]|random }}")
    expect("the filter 'urlize'", "{{ 'a'|urlize }}")
    expect("the filter 'wordwrap' of a text with hyphens", "{{ 'a-b'|wordwrap }}")
    expect("the filter 'striptags' of '&copy'", "{{ '&copy;'|striptags }}")
    expect("the filter 'pprint' of what is longer than a line", "{{ ('a' * 90)|pprint }}")
    expect("the filter 'shuffle'", line: 3, "\n\n{{ [1]|shuffle }}")
    expect("the test 'prime'", "{{ 1 is prime }}")
    expect("the function 'lipsum'", "{{ lipsum(1) }}")
    expect("the string method 'encode'", "{{ 'a'.encode() }}")
    expect("the method 'nothing' of a list", "{{ [].nothing(1) }}")
    expect("loop.nothing", "{% for i in [1] %}{{ loop.nothing }}{% endfor %}")
    expect("the format '>>>>'", "{{ '{:>>>>}'.format(1) }}")
    expect("a number in the format 'e'", "{{ '%e' % 1 }}")
  }

  @Test func wrongSyntaxIsLocated() {
    for source in [
      "{{", "{{ }}", "{{ 1", "{{ 'a }}", "{% if %}{% endif %}", "{% if 1 %}", "{% endif %}", "{% for x %}{% endfor %}",
      "{% for in [] %}", "{# a", "{{ 1 2 }}", "{{ (1 }}", "{{ [1 }}", "{{ a. }}", "{{ a[] }}", "{{ a[1:2:3:4] }}",
      "{{ a[1 2] }}", "{{ {'a'} }}", "{% raw %}", "{% call %}{% endcall %}", "{% call 1 %}{% endcall %}",
      "{% with a %}{% endwith %}",
      "{% endraw %}", "{% endcall %}", "{% call f() %}", "{{ '\\xZZ' }}", "{{ '\\uD800' }}",
      "{{ 99999999999999999999 }}", "{{ ! }}", "{%",
      "{% %}", "{% set %}", "{% set x = %}", "{% if 1 %}{% else %}", "{{ a | }}", "{{ a is }}", "{{ f(a=) }}", "{%-",
      "{{-",
      "{#-", "{{ not }}", "{{ - }}", "{{ 'a\\", "{{ 1 if }}", "{% endfor %}", "{% set x %}",
      "{% macro %}", "{% macro f %}{% endmacro %}", "{% macro f( %}{% endmacro %}", "{% macro f(a %}{% endmacro %}",
      "{% macro f(a=) %}{% endmacro %}", "{% macro f(a) %}", "{% endmacro %}", "{% filter %}{% endfilter %}",
      "{% filter trim %}", "{% endfilter %}", "{% filter trim| %}{% endfilter %}", "{% set x | %}{% endset %}",
    ] {
      let error = #expect(throws: ChatTemplateError.self, "\(source)") { try render(source) }
      if case .syntax = error { continue }
      Issue.record("\(source): \(String(describing: error))")
    }
  }

  @Test func wrongValuesAreNamed() {
    for source in [
      "{{ nothing.a }}", "{{ nothing['a'] }}", "{{ nothing.f() }}", "{{ 'a' + 1 }}", "{{ 1 // 0 }}", "{{ 1 % 0 }}",
      "{{ 1.5 / 0 }}", "{{ 9223372036854775807 + 1 }}", "{{ -9223372036854775807 - 2 }}",
      "{{ 4611686018427387904 * 2 }}",
      "{{ (-9223372036854775807 - 1) // -1 }}", "{{ (-9223372036854775807 - 1)|abs }}", "{{ [1][::0] }}",
      "{{ 'a'['b':] }}", "{{ 1 < 'a' }}", "{{ 1 in 2 }}", "{% for x in 1 %}{% endfor %}", "{% set a, b = [1] %}",
      "{% set messages.x = 1 %}", "{{ none|length }}", "{{ 'a'.split('') }}", "{{ range() }}", "{{ range(1, 2, 0) }}",
      "{{ namespace() }}", "{{ nothing|tojson }}", "{{ [1]|map }}", "{{ [1]|map(filter='upper', x=1)|join(1) }}",
      "{{ 1|replace('a') }}", "{{ 'a' is odd }}", "{{ 1 is divisibleby 0 }}", "{{ 'a' * 'b' }}", "{{ -'a' }}",
      "{% macro f() %}{% endmacro %}{{ f(1) }}", "{% macro f(a) %}{% endmacro %}{{ f(b=1) }}",
      "{% macro f() %}{% endmacro %}{{ f }}", "{{ range }}", "{{ range|tojson }}", "{% set f = 1 %}{{ f() }}",
      "{{ strftime_now() }}", "{{ strftime_now(1) }}", "{{ [].append(1) }}", "{{ {}.update(a=1) }}", "{{ {[]: 1} }}",
      "{{ [1, 'a']|sort }}", "{{ [none, none]|sort }}", "{{ 2 ** 64 }}", "{{ 0 ** -1 }}", "{{ '%d' % 'a' }}",
      "{{ '%s %s' % 'a' }}", "{{ '%s' % (1, 2) }}", "{{ '%' % 1 }}", "{{ '{} {}'.format(1) }}", "{{ '{'.format(1) }}",
      "{{ '}'.format(1) }}", "{{ '{a}'.format(1) }}", "{{ 'a'.index('b') }}", "{{ [1].index(2) }}",
      "{{ 'a'.partition('') }}", "{{ [1]|batch(0)|list }}", "{{ [1]|slice(-1)|list }}", "{{ 1|round(0, 'up') }}",
      "{{ 'a'|truncate(1) }}", "{{ 'z'|int(0, 99) }}", "{{ 1|dictsort }}", "{{ {}|dictsort(false, 'x') }}",
      "{{ [1]|select('odd')|length }}", "{{ [1]|select('odd')|tojson }}", "{{ [1]|select('odd') }}",
      "{{ ([1]|select('odd'))[0:] }}", "{{ 1|tojson(separators=1) }}", "{% for x in [1] %}{{ loop([1]) }}{% endfor %}",
      "{{ cycler() }}", "{{ dict([1]) }}", "{{ dict([[1]]) }}", "{{ f(**1) }}", "{{ 1() }}",

    ] {
      let error = #expect(throws: ChatTemplateError.self, "\(source)") { try render(source) }
      if case .evaluation = error { continue }
      Issue.record("\(source): \(String(describing: error))")
    }
    #expect(throws: ChatTemplateError.raised("no")) { try render("{{ raise_exception('no') }}") }
  }

  @Test func hostileTemplatesEnd() {
    let deep = 60_000
    let sources = [
      "{{ " + String(repeating: "(", count: deep) + "1" + String(repeating: ")", count: deep) + " }}",
      "{{ " + String(repeating: "not ", count: deep) + "1 }}",
      "{{ " + String(repeating: "-", count: deep) + "1 }}", "{{ 1" + String(repeating: " + 1", count: deep) + " }}",
      "{{ a" + String(repeating: ".a", count: deep) + " }}",
      "{{ " + String(repeating: "[", count: deep) + String(repeating: "]", count: deep) + " }}",
      "{{ a" + String(repeating: " if a else a", count: deep) + " }}",
      "{{ a" + String(repeating: "|trim", count: deep) + " }}",
      "{{ 'a'|map(" + String(repeating: "'map', ", count: deep) + "'upper') }}",
      String(repeating: "{% if 1 %}", count: deep), String(repeating: "{% for a in b %}", count: deep),
      "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{% endfor %}{% endfor %}{% endfor %}",
      "{{ 'a' * 1000000000000 }}", "{{ ('a' * 9223372036854775807) }}", "{{ range(1000000000) }}",
      "{% set n = namespace(x='a') %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
      "{% set n = namespace(x=[]) %}{% for a in range(99) %}{% set n.x = [n.x] %}{% endfor %}",
      "{% set n = namespace(x=[1]) %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
      "{% for a in range(900) %}{{ 'a' * 100000 }}{% endfor %}",
      "{{ ('a' * 100000) in ('a' * 1000000) }}", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
      "{% macro f() %}{{ f() ~ f() }}{% endmacro %}{{ f() }}",
      "{% macro f(n) %}{% if n %}{% for i in [1, 2] %}{{ f(n - 1) }}{% endfor %}{% endif %}{% endmacro %}{{ f(20) }}",
      "{% macro f(a, b=f(a)) %}{% endmacro %}{{ f(1) }}",
      "{% macro f() %}{% call f() %}{% endcall %}{% endmacro %}{{ f() }}",
      "{% macro f() %}{{ caller() }}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{% call f() %}{% endcall %}",
      "{% set n = namespace(x=[1]) %}{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
      String(repeating: "{% with %}", count: deep), String(repeating: "{% call f() %}", count: deep),
      "{{ [0] * 9223372036854775807 }}", "{{ [] * 9223372036854775807 }}", "{{ 'a'|center(9223372036854775807) }}",
      "{{ 'a'.zfill(99999999) }}", "{{ [1]|batch(99999999, 0)|list }}", "{{ [1]|slice(9223372036854775807)|list }}",
      "{{ range(9000)|list|unique|list }}", "{% for i in range(2000) %}{{ '{:65000}'.format(1) }}{% endfor %}",
      "{% for i in range(2000) %}{{ '%65000d' % 1 }}{% endfor %}", "{{ ('a' * 8000000)|replace('', 'aaaa') }}",
      "{% for a in range(1000) %}{% for b in range(1000) %}{% macro f() %}{% endmacro %}{% endfor %}{% endfor %}",
    ]
    for source in sources {
      let error = #expect(throws: ChatTemplateError.self, "\(source.prefix(60))") { try render(source) }
      if case .limitExceeded = error { continue }
      Issue.record("\(source.prefix(60)): \(String(describing: error))")
    }
    #expect(throws: Never.self) { try render("{% set n = namespace() %}{% set n.n = n %}{{ n.n == n }}") }
    #expect(throws: Never.self) {
      try render("{{ [1, 2][9223372036854775807:-9223372036854775807:-9223372036854775807] }}")
    }
  }
}
