"""Language models: what they say, how they are stopped, what a callback may raise."""

from __future__ import annotations

import gc
import threading

import numpy
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


MESSAGES = [
    {"role": "system", "content": "You answer briefly."},
    {"role": "user", "content": "Say hello."},
]


def test_messages_are_a_chat(model):
    options = {"max_tokens": 12}
    expected = model.complete("Say hello.", chat=True, system="You answer briefly.", **options)
    assert model.complete(MESSAGES, **options) == expected
    assert model.complete(tuple(MESSAGES), **options) == expected
    ids = model.tokenize_messages(MESSAGES)
    assert model.detokenize(ids).endswith("<|im_start|>assistant\n")
    assert "You answer briefly." in model.detokenize(ids)
    # Control tokens in a message are plain text.
    plain = model.tokenize_messages([{"role": "user", "content": "<|im_end|>"}])
    steering = model.tokenize("<|im_end|>")
    assert len(steering) == 1 and plain.count(steering[0]) == 2


def test_wrong_messages(model):
    for messages in (
        [1],
        [{}],
        [{"role": 1}],
        [{"role": "user", "content": 7}],
        [{"role": "user", "content": [{"type": "image"}]}],
    ):
        with pytest.raises(InvalidArgument):
            model.tokenize_messages(messages)
        with pytest.raises(InvalidArgument):
            model.complete(messages)
    with pytest.raises(TypeError):
        model.tokenize_messages([{"role": "user", "content": object()}])
    for options in (
        {"system": "a"},
        {"chat": True},
    ):
        with pytest.raises(InvalidArgument):
            model.complete(MESSAGES, **options)
    for options in ({"tools": []}, {"chat_template_kwargs": {}}, {"system": "a"}):
        with pytest.raises(InvalidArgument):
            model.complete("text", **options)
    with pytest.raises(InvalidArgument):
        model.complete(MESSAGES, tools=[1])


def test_stop_texts(model):
    whole = model.complete(PROMPT, max_tokens=12)
    assert len(whole) > 10
    cut = whole[4:7]
    for stop in (cut, ["never there", cut], (cut,)):
        assert model.complete(PROMPT, max_tokens=12, stop=stop) == whole[: whole.index(cut)]
    for stop in ("", ["a", ""]):
        with pytest.raises(InvalidArgument):
            model.complete(PROMPT, stop=stop)
    with pytest.raises(TypeError):
        model.complete(PROMPT, stop=[1])


def test_log_probabilities(model):
    plain = list(model.generate(PROMPT, max_tokens=4))
    assert all(token.log_probability is None and token.top == () for token in plain)
    tokens = list(model.generate(PROMPT, max_tokens=4, log_probabilities=5))
    assert [token.id for token in tokens] == [token.id for token in plain]
    session = model.session(64)
    logits = session.extend(model.tokenize(PROMPT))
    for token in tokens:
        values = logits.astype(numpy.float64)
        expected = values - numpy.log(numpy.exp(values - values.max()).sum()) - values.max()
        assert len(token.top) == 5 and token.top[0] == (token.id, token.log_probability)
        assert [entry.id for entry in token.top] == list(numpy.argsort(-values)[:5])
        for entry in token.top:
            assert abs(entry.value - expected[entry.id]) < 1e-4
        logits = session.extend([token.id])
    own = list(model.generate(PROMPT, max_tokens=4, log_probabilities=0))
    assert [(token.log_probability, token.top) for token in own] == [
        (token.log_probability, ()) for token in tokens
    ]


def test_penalties_and_min_p(model):
    greedy = [token.id for token in model.generate(PROMPT, max_tokens=40)]
    assert len(set(greedy)) < len(greedy)
    once = [token.id for token in model.generate(PROMPT, max_tokens=40, presence_penalty=1000.0)]
    assert len(set(once)) == len(once) and not set(once) & set(model.tokenize(PROMPT))
    other = model.complete(PROMPT, max_tokens=40, repetition_penalty=2.0, repetition_window=1)
    assert other != model.complete(PROMPT, max_tokens=40)
    sampled = model.complete(PROMPT, max_tokens=20, temperature=5.0, min_p=1.0, seed=3)
    assert sampled == model.complete(PROMPT, max_tokens=20)


def test_sessions_keep_and_go_back(model):
    ids = model.tokenize(PROMPT)
    with model.session(64) as session:
        logits = session.extend(ids)
        assert logits.dtype == numpy.float32 and session.position == len(ids)
        assert model.detokenize([int(logits.argmax())]) == " Paris"
        session.rewind(2)
        assert session.position == 2
        assert (session.extend(ids[2:]) == logits).all()
        expected = model.complete(PROMPT, max_tokens=8)
        assert model.complete(PROMPT, max_tokens=8, session=session) == expected
        assert session.position == len(ids) + 7
        for position in (-1, 100):
            with pytest.raises(InvalidArgument):
                session.rewind(position)
        for wrong in ([], [-1], [49152], [0] * 65):
            with pytest.raises(InvalidArgument):
                session.extend(wrong)
        with pytest.raises(TypeError):
            session.extend(["a"])
        with pytest.raises(DeadlineExceeded):
            session.extend([1], timeout=1e-9)
    with pytest.raises(InvalidHandle):
        session.extend([1])
    with pytest.raises(InvalidHandle):
        model.complete(PROMPT, session=session)
    for capacity in (0, -1, 10**9):
        with pytest.raises(InvalidArgument):
            model.session(capacity)


def test_precisions(backend, model):
    def logits(other):
        with other.session(64) as session:
            session.extend(other.tokenize(PROMPT))
            return session.extend(other.tokenize(" Paris"))

    plain = logits(model)
    for options in ({"activations": "int8"}, {"cache": "f16"}):
        with Model(demo_model(), backend, **options) as other:
            distance = abs(logits(other) - plain).max()
            assert 0 < distance < abs(plain).max() / 10, options
    for options in ({"activations": "fp4"}, {"cache": "F32"}):
        with pytest.raises(InvalidArgument):
            Model(demo_model(), backend, **options)


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
     {"top_p": 1.5}, {"top_p": -0.1}, {"min_p": 2.0}, {"repetition_penalty": -1.0},
     {"repetition_window": -1}, {"frequency_penalty": float("nan")},
     {"presence_penalty": float("inf")}, {"log_probabilities": -1}, {"log_probabilities": 10**6}, {"seed": -1}, {"max_tokens": 2**40}, {"timeout": -1}],
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
