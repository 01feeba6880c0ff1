"""Language models of the families that Heddle knows (``heddle formats``)."""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import json
import os
from ctypes import c_int32, c_size_t
from typing import Any, Callable, Generator, NamedTuple

from . import _library
from ._arguments import Path, flag, int32, integer, nanoseconds, real, utf8
from ._generation import Producers, apart, in_thread
from ._handle import Handle, make
from ._interface import STATUS
from ._structs import heddle_generate_options, heddle_model_options, heddle_token_callback
from .backend import Backend
from .errors import Cancelled


class Token(NamedTuple):
    """One generated token. ``text`` is what it completes: empty while a character is not whole.
    ``is_end``: it ends the text."""

    id: int
    text: str
    is_end: bool


class Model(Handle):
    """A language model: tokenizer and executable.

    Args:
        path: a GGUF file, a folder as a model hub has it, or a safetensors file that Heddle wrote.
        backend: where it runs; None for one of its own on the preferred device.
        chunk: the most tokens of one step; None for 512.

    Raises:
        InvalidFile: it cannot be read, or is of another family.
    """

    def __init__(
        self, path: Path, backend: Backend | None = None, chunk: int | None = None
    ) -> None:
        options = heddle_model_options(chunk=0 if chunk is None else int32(chunk, "the chunk"))
        own = Backend() if backend is None else backend
        try:
            handle = make(
                "heddle_model_open", own.handle, utf8(path, "the path"), ctypes.byref(options)
            )
        finally:
            # What the model needs of the backend stays alive inside.
            if backend is None:
                own.close()
        self._producers = Producers()
        self._path = os.fspath(path)
        super().__init__(handle)

    def _described(self) -> str:
        return repr(self._path)

    def close(self) -> None:
        """Gives the handle back, after the threads of its generators have ended: a generator that
        is under way raises ``InvalidHandle`` if it is asked for more."""
        self._producers.stop()
        super().close()

    def info(self) -> dict[str, Any]:
        """``vocabularySize``, ``contextLength``, ``chunk``, ``parameters`` and more."""
        info: dict[str, Any] = json.loads(_library.text("heddle_model_info", self.handle))
        return info

    def tokenize(self, text: str) -> list[int]:
        """The ids of a text, as a prompt."""
        data, count = utf8(text, "the text"), c_size_t()
        # A token is a byte of text or more, but for those that begin and end it.
        capacity = len(data) + 16
        while True:
            ids = (c_int32 * capacity)()
            arguments = (self.handle, data, ids, capacity, ctypes.byref(count))
            status = _library.function("heddle_model_tokenize")(*arguments)
            if status == STATUS["OK"]:
                return list(ids[: count.value])
            if status != STATUS["BUFFER_TOO_SMALL"] or count.value <= capacity:
                raise _library.last_error(status, "heddle_model_tokenize")
            capacity = count.value

    def complete(self, prompt: str, **options: Any) -> str:
        """The text that continues a prompt. Options as of ``generate``.

        What is raised on the way, by Ctrl-C too, has the text so far as its ``partial``.
        """
        data, checked = utf8(prompt, "the prompt"), _options(**options)
        parts: list[str] = []
        try:
            apart(lambda: self._generate(data, checked, lambda token: parts.append(token.text)))
        except BaseException as error:
            with contextlib.suppress(AttributeError):
                error.partial = "".join(parts)  # type: ignore[attr-defined]
            raise
        return "".join(parts)

    def generate(self, prompt: str, **options: Any) -> Generator[Token, None, None]:
        """The tokens that continue a prompt, as they come. Closing the generator stops it.

        Args:
            max_tokens: the most tokens; None for 128.
            temperature: 0, the default, takes the most probable token, always.
            top_k, top_p: sample among the k most probable tokens, or those that make up p; 0: all.
            seed: the same seed draws the same tokens.
            timeout: seconds; None for none.
            chat: the prompt is a message to answer, not a text to continue.

        Raises:
            DeadlineExceeded: the time was up. What came before was yielded.
            InvalidArgument: an option is out of range, or the prompt is empty or too long.
        """
        data, checked = utf8(prompt, "the prompt"), _options(**options)
        return in_thread(self._producers, lambda emit: self._generate(data, checked, emit))

    def _generate(
        self, prompt: bytes, options: heddle_generate_options | None, emit: Callable[[Token], Any]
    ) -> None:
        """Calls ``emit`` with each token, on this thread. What it raises stops it and is raised
        here."""
        handle = self.handle
        if options is None:
            return
        raised: list[BaseException] = []
        decoder = codecs.getincrementaldecoder("utf-8")("replace")

        @heddle_token_callback
        def receive(context: Any, token: Any) -> int:
            try:
                it = token.contents
                data = ctypes.string_at(it.text, it.length) if it.length else b""
                is_end = bool(it.is_end)
                emit(Token(it.id, decoder.decode(data, is_end), is_end))
                return 0
            except BaseException as error:  # Nothing may leave a callback but through its caller.
                raised.append(error)
                return 1

        try:
            _library.call(
                "heddle_model_generate", handle, prompt, ctypes.byref(options), receive, None
            )
        except Cancelled:
            if not raised:
                raise
        if raised:
            raise raised[0]


def _options(
    *,
    max_tokens: int | None = None,
    temperature: float = 0,
    top_k: int = 0,
    top_p: float = 0,
    seed: int = 0,
    timeout: float | None = None,
    chat: bool = False,
) -> heddle_generate_options | None:
    """The options as C takes them; None to generate nothing, for which C has no number."""
    options = heddle_generate_options(
        maximum_tokens=0 if max_tokens is None else int32(max_tokens, "max_tokens"),
        temperature=real(temperature, "the temperature"),
        top_k=int32(top_k, "top_k"),
        top_p=real(top_p, "top_p"),
        seed=integer(seed, "the seed", 0, 2**64 - 1),
        timeout=nanoseconds(timeout),
        is_chat=flag(chat, "chat"),
    )
    return options if max_tokens is None or options.maximum_tokens else None
