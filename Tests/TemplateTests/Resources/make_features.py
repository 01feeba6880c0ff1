"""Writes template-features.json: what Jinja, with transformers' settings, makes of each line of template-features.txt.

A line that Jinja refuses has no text there, and must be refused. Run in an environment with transformers 5.24.0 and
jinja2 3.1.6: python make_features.py
"""

import json
import pathlib

from transformers.utils.chat_template_utils import render_jinja_template

folder = pathlib.Path(__file__).parent
messages = [
    {"role": "user", "content": 'He\'s "here"\n'},
    {"role": "assistant", "content": " ok <b> "},
]


def rendered(template):
    try:
        texts, _ = render_jinja_template([messages], chat_template=template)
        return {"template": template, "text": texts[0]}
    except Exception:  # Jinja's own, and Python's.
        return {"template": template}


lines = (folder / "template-features.txt").read_text().split("\n")
cases = [json.dumps(rendered(line)) for line in lines if line]
(folder / "template-features.json").write_text("[\n" + ",\n".join(cases) + "\n]\n")
