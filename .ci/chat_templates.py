"""Writes what Jinja, with transformers' settings, makes of conversations by chat templates, for PublishedTemplateTests.

usage: chat_templates.py OUT FILE…

A FILE is a template, or a JSON object of templates by name. Each lays out a user's message, several turns with a system
message and without, a list of tools, calls of tools with their results, and reasoning, with an opening for an answer and
without.
"""

import json
import pathlib
import sys

import jinja2
from transformers.utils.chat_template_utils import render_jinja_template

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": 'The weather at a place, <now> & "here".',
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "Name of a town"},
                    "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                    "days": {"type": ["integer", "null"], "default": 3},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["city"],
            },
            "return": {"type": "string"},
        },
    },
    {
        "type": "function",
        "function": {
            "name": "noop",
            "description": "Does nothing.",
            "parameters": {"type": "object", "properties": {}},
        },
    },
]


def call(name, arguments, number):
    return {
        "id": f"call{number}",
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


WEATHER = call("get_weather", {"city": "Zürich", "days": 2, "more": {"a": [1, 2.5, True, None]}}, 12345)
NOOP = call("noop", {}, 67890)
SYSTEM = {"role": "system", "content": "You are brief."}
USER = {"role": "user", "content": 'What\'s up?\nTell "me" <b>now</b>  '}
MORE = {"role": "user", "content": "Ok 😀"}
SAID = {"role": "assistant", "content": " Not much. "}
FOUND = {"role": "tool", "name": "get_weather", "tool_call_id": "call12345", "content": '{"temp": 21}'}
DONE = {"role": "tool", "name": "noop", "tool_call_id": "call67890", "content": "done"}

CONVERSATIONS = {
    "user": ([USER], None),
    "empty": ([{"role": "user", "content": ""}], None),
    "turns": ([SYSTEM, USER, SAID, MORE], None),
    "turns without a system message": ([USER, SAID, MORE], None),
    "tools": ([SYSTEM, USER], TOOLS),
    "a call": (
        [SYSTEM, USER, {"role": "assistant", "content": None, "tool_calls": [WEATHER]}, FOUND, SAID, MORE],
        TOOLS,
    ),
    "two calls": (
        [
            USER,
            {
                "role": "assistant",
                "content": "Let me see.",
                "reasoning_content": "Hmm\nso",
                "tool_calls": [WEATHER, NOOP],
            },
            FOUND,
            DONE,
        ],
        TOOLS,
    ),
    "reasoning": (
        [
            USER,
            {"role": "assistant", "content": "<think>\nabc\n</think>\n\nFine."},
            MORE,
            {"role": "assistant", "content": "Yes", "reasoning_content": "I thought"},
        ],
        None,
    ),
}


def templates(paths):
    for path in map(pathlib.Path, paths):
        text = path.read_text()
        if path.suffix == ".json":
            yield from json.loads(text).items()
        else:
            yield path.name, text


def case(name, template, title, messages, tools, opens):
    # As `apply_chat_template` does: what is null is not there.
    given = [{key: value for key, value in message.items() if value is not None} for message in messages]
    result = {
        "name": f"{name}, {title}, {'with' if opens else 'without'} an opening",
        "template": template,
        "bos": "<s>",
        "eos": "</s>",
        "conversation": json.dumps({"messages": messages, "tools": tools}),
        "addGenerationPrompt": opens,
    }
    try:
        texts, _ = render_jinja_template(
            [given],
            tools=tools,
            chat_template=template,
            add_generation_prompt=opens,
            bos_token="<s>",
            eos_token="</s>",
        )
        result["text"] = texts[0]
    except Exception as error:  # Jinja's own, and Python's.
        if type(error) is jinja2.exceptions.TemplateError:
            result["raised"] = str(error)
    return result


def cases(found):
    for name, template in found:
        for title, (messages, tools) in CONVERSATIONS.items():
            for opens in (True, False):
                yield case(name, template, title, messages, tools, opens)


if __name__ == "__main__":
    written = list(cases(templates(sys.argv[2:])))
    pathlib.Path(sys.argv[1]).write_text(json.dumps(written))
    refused = sum("text" not in item for item in written)
    print(f"chat-templates: {len(written)} conversations, {refused} of them refused by Jinja", file=sys.stderr)
