"""Language models of the families that Heddle knows (``heddle formats``)."""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import json
import os
from ctypes import c_int32, c_size_t
from typing import Any, Callable, Generator, Mapping, NamedTuple, Sequence, Union

from . import _library
from ._arguments import Path, flag, int32, integer, nanoseconds, real, utf8
from ._generation import Producers, apart, in_thread
from ._handle import Handle, make
from ._interface import NUMBERS, STATUS
from ._structs import heddle_generate_options, heddle_model_options, heddle_token_callback
from .backend import Backend
from .errors import Cancelled, InvalidArgument
from .model_session import ModelSession, token_ids

Message = Mapping[str, Any]
"""``{"role": …, "content": …}``, and what servers have beside these: ``tool_calls``, ``name``…"""

Prompt = Union[str, Sequence[Message]]
"""A text, or messages to answer."""


class LogProbability(NamedTuple):
    """A token, and the natural logarithm of its probability."""

    id: int
    value: float


class Token(NamedTuple):
    """One generated token. ``text`` is what it completes: empty while a character is not whole.
    ``is_end``: it ends the text. ``log_probability`` and those of the most probable tokens,
    ``top``, are there if they were asked for."""

    id: int
    text: str
    is_end: bool
    log_probability: float | None = None
    top: tuple[LogProbability, ...] = ()


class Model(Handle):
    """A language model: tokenizer and executable.

    Args:
        path: a GGUF file, a folder as a model hub has it, or a safetensors file that Heddle wrote.
        backend: where it runs; None for one of its own on the preferred device.
        chunk: the most tokens of one step; None for 512.
        activations: what quantized weights multiply: ``"exact"``, or ``"int8"``, which is faster.
        cache: how keys and values are kept: ``"f32"``, ``"f16"``, ``"bf16"`` or ``"q8_0"``.
        expert_memory: the most bytes of a sequence's experts; the others stay in the file, which
            must not change then, and are fetched when tokens choose them. None for room for all.

    Raises:
        InvalidFile: it cannot be read, or is of another family.
        InvalidArgument: an option is out of range.
    """

    def __init__(
        self,
        path: Path,
        backend: Backend | None = None,
        chunk: int | None = None,
        activations: str | None = None,
        cache: str | None = None,
        expert_memory: int | None = None,
    ) -> None:
        options = heddle_model_options(
            chunk=0 if chunk is None else int32(chunk, "the chunk"),
            activations=None if activations is None else utf8(activations, "activations"),
            cache=None if cache is None else utf8(cache, "the cache"),
            expert_memory=0
            if expert_memory is None
            else integer(expert_memory, "expert_memory", 1, 2**63 - 1),
        )
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
        return self._ids("heddle_model_tokenize", utf8(text, "the text"))

    def tokenize_messages(
        self,
        messages: Sequence[Message],
        tools: Sequence[Mapping[str, Any]] | None = None,
        chat_template_kwargs: Mapping[str, Any] | None = None,
    ) -> list[int]:
        """The ids of messages that the model's chat template lays out, up to where the assistant is
        to answer. What a message says never becomes a token that steers the model.

        Args:
            messages: ``[{"role": "user", "content": "…"}]`` and so on, as servers take them.
            tools: descriptions of what the model may call, likewise.
            chat_template_kwargs: variables of the template, such as ``{"enable_thinking": False}``.
        """
        data = _conversation(messages, tools, chat_template_kwargs)
        return self._ids("heddle_model_tokenize_messages", data)

    def detokenize(self, ids: Sequence[int]) -> str:
        """The text of tokens, those that steer the model too."""
        data = token_ids(ids)
        return _library.text("heddle_model_detokenize", self.handle, data, len(data))

    def session(self, capacity: int | None = None) -> ModelSession:
        """A new, empty sequence.

        Args:
            capacity: the most tokens it can hold; None for the model's context.
        """
        tokens = 0 if capacity is None else integer(capacity, "the capacity", 1, 2**63 - 1)
        handle = make("heddle_model_session_create", self.handle, tokens)
        return ModelSession(handle, self.info()["vocabularySize"])

    def _ids(self, function: str, data: bytes) -> list[int]:
        count = c_size_t()
        # A token is a byte of text or more, but for those that begin and end it.
        capacity = len(data) + 16
        while True:
            ids = (c_int32 * capacity)()
            arguments = (self.handle, data, ids, capacity, ctypes.byref(count))
            status = _library.function(function)(*arguments)
            if status == STATUS["OK"]:
                return list(ids[: count.value])
            if status != STATUS["BUFFER_TOO_SMALL"] or count.value <= capacity:
                raise _library.last_error(status, function)
            capacity = count.value

    def complete(self, prompt: Prompt, **options: Any) -> str:
        """The text that continues a prompt. Options as of ``generate``.

        What is raised on the way, by Ctrl-C too, has the text so far as its ``partial``.
        """
        data, checked = _prompt(prompt, **options)
        parts: list[str] = []
        try:
            apart(lambda: self._generate(data, checked, lambda token: parts.append(token.text)))
        except BaseException as error:
            with contextlib.suppress(AttributeError):
                error.partial = "".join(parts)  # type: ignore[attr-defined]
            raise
        return "".join(parts)

    def generate(self, prompt: Prompt, **options: Any) -> Generator[Token, None, None]:
        """The tokens that continue a prompt, as they come. Closing the generator stops it.

        Args:
            prompt: a text, or messages to answer: ``[{"role": "user", "content": "…"}]``.
            max_tokens: the most tokens; None for 128.
            temperature: 0, the default, takes the most probable token, always.
            top_k, top_p: sample among the k most probable tokens, or those that make up p; 0: all.
            min_p: sample among tokens with this part of the most probable one's probability;
                0: all.
            repetition_penalty: above 1 makes tokens that were there less likely; 0: none.
            repetition_window: how many of the last tokens penalties look at; 0: all.
            frequency_penalty, presence_penalty: taken from a token's logit, for each time that it
                was there, or once.
            stop: a text that ends the answer, or several.
            log_probabilities: tokens come with their log-probability and those of so many of the
                most probable ones; None: none.
            seed: the same seed draws the same tokens.
            timeout: seconds; None for none.
            chat: the prompt is a message to answer, not a text to continue.
            system: what the system says before that message.
            tools, chat_template_kwargs: with messages, as of ``tokenize_messages``.
            session: a ``ModelSession`` to go on with: what it holds of the prompt is not run again.

        Raises:
            DeadlineExceeded: the time was up. What came before was yielded.
            InvalidArgument: an option is out of range, or the prompt is empty or too long.
        """
        data, checked = _prompt(prompt, **options)
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
                text = decoder.decode(data, is_end)
                if options.log_probabilities:
                    top = tuple(LogProbability(*_pair(it.top[i])) for i in range(it.top_count))
                    emit(Token(it.id, text, is_end, it.log_probability, top))
                else:
                    emit(Token(it.id, text, is_end))
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


def _pair(entry: Any) -> tuple[int, float]:
    return entry.id, entry.value


def _conversation(
    messages: Sequence[Message],
    tools: Sequence[Mapping[str, Any]] | None,
    variables: Mapping[str, Any] | None,
) -> bytes:
    """The JSON of a conversation.

    Raises:
        TypeError: something in it is nothing that JSON can say.
    """
    conversation: dict[str, Any] = {"messages": list(messages)}
    if tools is not None:
        conversation["tools"] = list(tools)
    if variables is not None:
        conversation["chat_template_kwargs"] = dict(variables)
    return utf8(json.dumps(conversation, ensure_ascii=False), "a message")


def _prompt(
    prompt: Prompt,
    *,
    tools: Sequence[Mapping[str, Any]] | None = None,
    chat_template_kwargs: Mapping[str, Any] | None = None,
    **options: Any,
) -> tuple[bytes, heddle_generate_options | None]:
    """A prompt and its options as C takes them."""
    given: Any = prompt
    if isinstance(prompt, (list, tuple)):
        if options.get("chat") or options.get("system") is not None:
            raise InvalidArgument("chat and system are for a prompt that is a text, not messages")
        options["chat"] = True
        checked = _options(**options)
        if checked is not None:
            checked.is_chat = NUMBERS["PROMPT_MESSAGES"]
        return _conversation(given, tools, chat_template_kwargs), checked
    if tools is not None or chat_template_kwargs is not None:
        raise InvalidArgument("tools and chat_template_kwargs are for a prompt of messages")
    return utf8(given, "the prompt"), _options(**options)


def _stops(stop: str | Sequence[str]) -> Any:
    texts = [stop] if isinstance(stop, str) else list(stop)
    return (ctypes.c_char_p * len(texts))(*(utf8(text, "a stop text") for text in texts))


def _options(
    *,
    max_tokens: int | None = None,
    temperature: float = 0,
    top_k: int = 0,
    top_p: float = 0,
    min_p: float = 0,
    repetition_penalty: float = 0,
    repetition_window: int = 0,
    frequency_penalty: float = 0,
    presence_penalty: float = 0,
    stop: str | Sequence[str] = (),
    log_probabilities: int | None = None,
    seed: int = 0,
    timeout: float | None = None,
    chat: bool = False,
    system: str | None = None,
    session: ModelSession | None = None,
) -> heddle_generate_options | None:
    """The options as C takes them; None to generate nothing, for which C has no number."""
    stops = _stops(stop)
    # C has -1 for a token's own alone, and 0 for none.
    shown = 0
    if log_probabilities is not None:
        shown = integer(log_probabilities, "log_probabilities", 0, 2**31 - 1) or -1
    options = heddle_generate_options(
        maximum_tokens=0 if max_tokens is None else int32(max_tokens, "max_tokens"),
        temperature=real(temperature, "the temperature"),
        top_k=int32(top_k, "top_k"),
        top_p=real(top_p, "top_p"),
        seed=integer(seed, "the seed", 0, 2**64 - 1),
        timeout=nanoseconds(timeout),
        is_chat=flag(chat, "chat"),
        system=None if system is None else utf8(system, "the system message"),
        stop=stops if len(stops) else None,
        stop_count=len(stops),
        session=0 if session is None else session.handle,
        min_p=real(min_p, "min_p"),
        repetition_penalty=real(repetition_penalty, "the repetition penalty"),
        repetition_window=int32(repetition_window, "the repetition window"),
        frequency_penalty=real(frequency_penalty, "the frequency penalty"),
        presence_penalty=real(presence_penalty, "the presence penalty"),
        log_probabilities=shown,
    )
    # As long as the options live, so does what they point to.
    options.kept = (stops, session)
    return options if max_tokens is None or options.maximum_tokens else None
