"""Writes conversations.json: what Jinja, with transformers' settings, makes of tools and turns by templates that were
written for these tests, one for each way in which models are given them.

Run in an environment with transformers 5.24.0 and jinja2 3.1.6, from anywhere: python make.py
"""

import json
import pathlib
import sys

folder = pathlib.Path(__file__).parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(folder.parents[3] / ".ci"))
from chat_templates import cases  # noqa: E402

TEMPLATES = {
    "JSON of tools and calls": """{{ bos_token }}
{%- if tools %}
    {{- '<tools>' }}
    {%- for tool in tools %}
        {{- '\\n' + tool | tojson }}
    {%- endfor %}
    {{- '\\n</tools>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'tool' %}
        {{- '<result id=' ~ message.tool_call_id ~ ' of=' ~ message.name ~ '>' ~ message.content ~ '</result>' }}
    {%- elif message.tool_calls %}
        {{- message.content or 'silent' }}
        {%- for call in message.tool_calls %}
            {{- '<call>' ~ {'name': call.function.name, 'arguments': call.function.arguments} | tojson ~ '</call>' }}
        {%- endfor %}
    {%- else %}
        {{- '<' + message['role'] + '>' + message['content'] + eos_token }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<assistant>' }}{% endif %}""",
    "schemas as signatures": """
{%- macro type(schema) -%}
    {%- if schema.type is string -%}
        {%- if schema.type == 'array' -%}list[{{ type(schema['items']) }}]{%- else -%}{{ schema.type }}{%- endif -%}
    {%- elif schema.type is iterable -%}{{ schema.type | join(' or ') }}
    {%- else -%}any{%- endif -%}
{%- endmacro -%}
{%- macro parameters(function, required=[]) -%}
    {%- for name, schema in function.parameters.properties | dictsort -%}
        {{ name }}{{ '' if name in required else '?' }}: {{ type(schema) }}
        {%- if schema.enum %} in {{ schema.enum | map('tojson') | join('|') }}{% endif %}
        {%- if schema.default is defined %} = {{ schema.default }}{% endif %}
        {%- if not loop.last %}, {% endif %}
    {%- endfor -%}
{%- endmacro -%}
{%- for tool in tools or [] -%}
    {%- set function = tool.function -%}
def {{ function.name }}({{ parameters(function, function.parameters.required | default([])) }}):
    {{ function.description | indent(8) }}
{% endfor -%}
{%- set ns = namespace(last_user=-1) -%}
{%- for message in messages if message.role == 'user' -%}{%- set ns.last_user = loop.index0 -%}{%- endfor -%}
{%- for role, group in messages | groupby('role') -%}
    {{ role }}: {{ group | length }}
{% endfor -%}
last of {{ ns.last_user }}: {{ (messages | selectattr('role', 'equalto', 'user') | list)[-1].content | trim }}
""",
    "thoughts": """
{%- for message in messages %}
    {%- set content = message.content if message.content is string else '' %}
    {%- set reasoning = message.reasoning_content %}
    {%- if not reasoning and '</think>' in content %}
        {%- set reasoning = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
        {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
    {%- endif %}
    {%- if message.role == 'assistant' %}{% generation %}
        {{- '[' ~ reasoning ~ ']' if reasoning else '' }}{{ content }}
        {%- for call in message.tool_calls or [] %}
            {%- for name, value in call.function.arguments.items() %}
                {{- '<' ~ name ~ '>' ~ (value if value is string else value | tojson) ~ '</' ~ name ~ '>' }}
            {%- endfor %}
        {%- endfor %}
    {% endgeneration %}{% endif %}
    {%- if message.role == 'assistant' %}{% continue %}{% endif %}
    {%- if message.role == 'tool' and (loop.first or loop.previtem.role != 'tool') %}{{ 'results' }}{% endif %}
    {{- '<' + message.role + '>' + content }}
{%- endfor %}""",
    "strict": """{%- if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}
{%- for message in messages %}
    {%- if (message.role == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('Roles must alternate, message ' ~ loop.index ~ ' is of ' ~ message.role) }}
    {%- endif %}
{{ message.role | capitalize }}: {{ message.content | trim }}
{%- endfor %}
{% if add_generation_prompt %}Assistant:{% endif %}""",
}

# An opening more or less is shown by one conversation of each.
shown = [item for item in cases(TEMPLATES.items()) if item["addGenerationPrompt"] or ", user," in item["name"]]
written = [json.dumps(item, ensure_ascii=False) for item in shown]
(folder / "conversations.json").write_text("[\n" + ",\n".join(written) + "\n]\n")
