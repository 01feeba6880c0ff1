"""Language models: what they say, how they are stopped, what a callback may raise."""

from __future__ import annotations

import gc
import threading

import pytest

from heddle import (
    DeadlineExceeded,
    InvalidArgument,
    InvalidFile,
    InvalidHandle,
    Model,
    Unsupported,
    _generation,
    _library,
)
from helpers import collected, demo_model, run_python

PROMPT = "The capital of France is"


@pytest.fixture(scope="module")
def model(backend):
    with Model(demo_model(), backend) as made:
        yield made


def threads():
    return [thread for thread in threading.enumerate() if isinstance(thread, _generation._Producer)]


def test_info(model):
    info = model.info()
    assert info["vocabularySize"] == 49152 and info["chunk"] == 512


def test_the_first_token_is_paris(model):
    token = next(model.generate(PROMPT))
    assert token.text == " Paris" and not token.is_end


def test_texts_and_tokens_are_the_same(model):
    tokens = list(model.generate(PROMPT, max_tokens=12))
    assert len(tokens) == 12
    assert model.complete(PROMPT, max_tokens=12) == "".join(token.text for token in tokens)
    assert tokens == list(model.generate(PROMPT, max_tokens=12))


def test_seeds(model):
    def sample(seed):
        return model.complete(
            PROMPT, max_tokens=8, temperature=1.5, top_k=50, top_p=0.95, seed=seed
        )

    assert sample(7) == sample(7)
    assert len({sample(seed) for seed in range(4)}) > 1


def test_a_chat_ends_by_itself(model):
    tokens = list(model.generate("Say hello.", chat=True, max_tokens=64))
    assert tokens[-1].is_end or len(tokens) == 64


def test_tokenize(model):
    assert len(model.tokenize(PROMPT)) == 5
    assert model.tokenize("é" * 300)
    with pytest.raises(InvalidArgument):
        model.tokenize("\ud800")


def test_closing_a_generator_stops_it(model):
    generator = model.generate(PROMPT, max_tokens=1000)
    next(generator)
    assert len(threads()) == 1
    generator.close()
    assert not threads()
    other = model.generate(PROMPT, max_tokens=1000)
    next(other)
    del other
    gc.collect()
    assert not threads()
    model.generate(PROMPT)
    assert not threads(), "nothing runs before the first token is asked for"


def test_no_tokens(model):
    assert list(model.generate(PROMPT, max_tokens=0)) == []
    assert model.complete(PROMPT, max_tokens=0) == ""
    assert model.complete(PROMPT, max_tokens=None, timeout=500).startswith(" Paris")


def test_closing_a_model_ends_its_generators(backend):
    model = Model(demo_model(), backend)
    suspended, other = (model.generate(PROMPT, max_tokens=1000) for _ in range(2))
    next(suspended)
    next(other)
    assert len(threads()) == 2
    model.close()
    assert not threads()
    for generator in (
        suspended,
        other,
        model.generate(PROMPT),
        model.generate(PROMPT, max_tokens=0),
    ):
        with pytest.raises(InvalidHandle):
            next(generator)


def test_closing_a_model_wakes_who_waits_for_a_token(backend):
    model = Model(demo_model(), backend)
    generator = model.generate(PROMPT, max_tokens=100000)
    next(generator)
    ended = []

    def consume():
        try:
            for _ in generator:
                pass
        except InvalidHandle as error:
            ended.append(error)

    consumer = threading.Thread(target=consume)
    consumer.start()
    model.close()
    consumer.join()
    assert len(ended) == 1


def test_what_a_callback_raises_comes_out(model):
    seen = []

    def fail(token):
        seen.append(token)
        raise ZeroDivisionError("from the callback")

    with pytest.raises(ZeroDivisionError, match="from the callback"):
        model._generate(PROMPT.encode(), __import__("heddle").model._options(), fail)
    assert len(seen) == 1


def test_keyboard_interrupts_too(model):
    def interrupt(token):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model._generate(PROMPT.encode(), __import__("heddle").model._options(), interrupt)


def test_deadlines(model):
    with pytest.raises(DeadlineExceeded):
        model.complete(PROMPT, timeout=1e-9)
    with pytest.raises(DeadlineExceeded):
        list(model.generate(PROMPT, timeout=1e-9))


@pytest.mark.parametrize(
    "options",
    [{"max_tokens": -1}, {"temperature": -1.0}, {"temperature": float("nan")}, {"top_k": -1},
     {"top_p": 1.5}, {"top_p": -0.1}, {"seed": -1}, {"max_tokens": 2**40}, {"timeout": -1}],
)  # fmt: skip
def test_options_outside_their_range(model, options):
    with pytest.raises(InvalidArgument):
        model.complete(PROMPT, **options)
    with pytest.raises(InvalidArgument):
        list(model.generate(PROMPT, **options))


def test_prompts_that_are_none(model):
    for prompt in ("", "a\0b", "\ud800", "word " * 20000):
        with pytest.raises(InvalidArgument):
            model.complete(prompt)
    with pytest.raises(TypeError):
        model.generate(PROMPT, tokens=3)


def test_several_threads_at_once(model):
    expected = model.complete(PROMPT, max_tokens=6)
    answers = []
    workers = [
        threading.Thread(target=lambda: answers.append(model.complete(PROMPT, max_tokens=6)))
        for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert answers == [expected] * 3


def test_a_model_keeps_what_it_needs_of_its_backend():
    with Model(demo_model()) as own:
        assert own.complete(PROMPT, max_tokens=1) == " Paris"


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"", InvalidFile), (b"text", InvalidFile), (b"GGUF\7" + bytes(40), Unsupported)],
)
def test_files_that_are_no_models(backend, tmp_path, data, kind):
    (tmp_path / "model.gguf").write_bytes(data)
    with pytest.raises(kind):
        Model(tmp_path / "model.gguf", backend)


def test_leaving_the_interpreter_while_it_generates():
    answer = run_python(
        "import heddle\n"
        f"model = heddle.Model({str(demo_model())!r})\n"
        f"tokens = model.generate({PROMPT!r}, max_tokens=500)\n"
        "print(next(tokens).text)\n"
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, " Paris\n", "")


def test_nothing_stays(backend):
    before = collected()
    with Model(demo_model(), backend) as other:
        next(other.generate(PROMPT))
    assert collected() == before
    assert _library.library()
