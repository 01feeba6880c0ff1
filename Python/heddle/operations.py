"""One method an operation. Shapes are written in letters: T tokens, K inputs, M outputs, D width, H
heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, Sequence

from .dimension import Extent, dimension, shape_json
from .encodings import EncodingLike, name_of
from .graph import TensorType

if TYPE_CHECKING:
    from .builder import Value

UNARY_FUNCTIONS = ("relu", "silu", "gelu", "geluTanh", "sigmoid", "tanh", "exp", "sqrt", "negate")
ACTIVATIONS = UNARY_FUNCTIONS[:4]


class Operations:
    """The operations of a ``GraphBuilder``. Values are f32 where nothing else is said; what does
    not fit raises ``InvalidGraph``, which says what was expected and what came."""

    def apply(
        self, operation: Mapping[str, Any], operands: Sequence[Value] = (), label: str | None = None
    ) -> list[Value]:
        raise NotImplementedError

    def _single(
        self, name: str, payload: Mapping[str, Any], operands: Sequence[Value], label: str | None
    ) -> Value:
        return self.apply({name: dict(payload)}, operands, label)[0]

    def input(self, name: str, encoding: EncodingLike, shape: Sequence[Extent]) -> Value:
        """A tensor given at each run. The encoding is a name, or a type such as
        ``numpy.float32``."""
        return self._single("input", {"name": name, "type": _type(encoding, shape)}, [], name)

    def state(self, name: str, encoding: EncodingLike, shape: Sequence[Extent]) -> Value:
        """A tensor a session keeps from run to run, zeros at first: its value before the run.
        ``update`` names the value after it."""
        return self._single("state", {"name": name, "type": _type(encoding, shape)}, [], name)

    def range(self, start: Extent, count: Extent, label: str | None = None) -> Value:
        """``y[i] = start + i``: i32 of shape ``[count]``."""
        payload = {"start": dimension(start).json(), "count": dimension(count).json()}
        return self._single("range", payload, [], label)

    def convert(self, x: Value, encoding: EncodingLike, label: str | None = None) -> Value:
        """The values of x, of any weight encoding, in ``"f32"``, ``"f16"`` or ``"bf16"``, rounded
        to nearest even."""
        return self._single("convert", {"encoding": name_of(encoding)}, [x], label)

    def prune(self, x: Value, format: str, label: str | None = None) -> Value:
        """What a sparse format such as ``"2:4-int4"`` keeps of x ``[M, K]``, by magnitude."""
        return self._single("prune", {"format": format}, [x], label)

    def embedding_lookup(self, table: Value, ids: Value, label: str | None = None) -> Value:
        """``y[t, :] = table[ids[t], :]``: table ``[V, D]`` of any weight encoding, ids ``[T…]``
        i32, y ``[T…, D]``. An id outside the table gives a row of NaN."""
        return self._single("embeddingLookup", {}, [table, ids], label)

    def rms_norm(self, x: Value, weight: Value, epsilon: float, label: str | None = None) -> Value:
        """``y = weight · x / √(mean(x²) + epsilon)`` over the last axis: x ``[…, D]``, weight
        ``[D]``."""
        return self._single("rmsNorm", {"epsilon": epsilon}, [x, weight], label)

    def matmul(
        self,
        x: Value,
        w: Value,
        right_is_transposed: bool = True,
        bias: Value | None = None,
        activation: str | None = None,
        is_gated: bool = False,
        residual: Value | None = None,
        kept: Extent | None = None,
        label: str | None = None,
    ) -> Value:
        """``y[…, t, m] = f(Σ_k x[…, t, k] · w[…, m, k] + bias[m]) · up + residual``.

        x ``[…, T, K]``; w ``[…, M, K]`` of any weight encoding, or ``[…, K, M]`` f32 if it is not
        transposed; or both bf16. ``activation``: one of ``ACTIVATIONS``. Gated: w is ``[2M, K]``,
        gate rows then up rows. ``kept``: how many places of each span of a nested sparse w are
        used.
        """
        epilogue: dict[str, Any] = {}
        if bias is not None:
            epilogue["bias"] = True
        if activation is not None:
            epilogue["activation"] = activation
        if is_gated:
            epilogue["isGated"] = True
        if residual is not None:
            epilogue["residual"] = True
        payload: dict[str, Any] = {}
        if not right_is_transposed:
            payload["rightIsTransposed"] = False
        if epilogue:
            payload["epilogue"] = epilogue
        if kept is not None:
            payload["kept"] = dimension(kept).json()
        operands = [x, w] + [operand for operand in (bias, residual) if operand is not None]
        return self._single("matmul", payload, operands, label)

    def rotary_embedding(
        self,
        x: Value,
        positions: Value,
        base: float,
        rotated_dimensions: int,
        pairing: str,
        frequency_scale: float = 1,
        factors: Value | None = None,
        label: str | None = None,
    ) -> Value:
        """Pairs of x ``[T, H, D]`` turned by ``position · frequency_scale · base^(−2i /
        rotated_dimensions) / factors[i]``: pairs ``(2i, 2i+1)`` if pairing is ``"interleaved"``,
        ``(i, i + rotated_dimensions/2)`` if ``"halves"``. Positions ``[T]`` i32."""
        payload = {"base": base, "rotatedDimensions": rotated_dimensions, "pairing": pairing}
        if frequency_scale != 1:
            payload["frequencyScale"] = frequency_scale
        operands = [x, positions] + ([] if factors is None else [factors])
        return self._single("rotaryEmbedding", payload, operands, label)

    def append(self, x: Value, cache: Value, position: Extent, label: str | None = None) -> Value:
        """The cache ``[C, …]`` with x ``[T, …]`` written at rows ``position … position + T``."""
        return self._single("append", {"position": dimension(position).json()}, [cache, x], label)

    def causal_attention(
        self,
        queries: Value,
        keys: Value,
        values: Value,
        past: Extent,
        scale: float,
        label: str | None = None,
    ) -> Value:
        """``y[t, h, :] = Σ_j softmax_j(scale · queries[t, h, :] · keys[j, g, :]) · values[j, g,
        :]``, j ≤ past + t, g = ⌊h / (Hq / Hkv)⌋: queries ``[T, Hq, D]``, keys ``[C, Hkv, D]``,
        values ``[C, Hkv, E]``, y ``[T, Hq, E]``."""
        payload = {"scale": scale, "past": dimension(past).json()}
        return self._single("causalAttention", payload, [queries, keys, values], label)

    def gated_silu(self, gate: Value, up: Value, label: str | None = None) -> Value:
        """``silu(gate) · up``, both of one shape."""
        return self._single("gatedSiLU", {}, [gate, up], label)

    def add(self, left: Value, right: Value, label: str | None = None) -> Value:
        """``left + right``; axes of extent 1 broadcast as in NumPy."""
        return self._single("elementwise", {"function": "add"}, [left, right], label)

    def multiply(self, left: Value, right: Value, label: str | None = None) -> Value:
        """``left · right``; axes of extent 1 broadcast as in NumPy."""
        return self._single("elementwise", {"function": "multiply"}, [left, right], label)

    def unary(self, function: str, x: Value, label: str | None = None) -> Value:
        """``f(x)`` element by element; f one of ``UNARY_FUNCTIONS``."""
        return self._single("unary", {"function": function}, [x], label)

    def softmax(self, x: Value, label: str | None = None) -> Value:
        """``exp(x − max) / Σ exp(x − max)`` over the last axis."""
        return self._single("softmax", {}, [x], label)

    def argmax(self, x: Value, label: str | None = None) -> Value:
        """The index of the greatest value of the last axis, i32; the lowest of equals. Where there
        is a NaN nothing is the greatest: -1 - the index of the first NaN."""
        return self._single("argmax", {}, [x], label)

    def reshape(self, x: Value, shape: Sequence[Extent], label: str | None = None) -> Value:
        """The same values in row-major order under another shape of as many elements."""
        return self._single("reshape", {"shape": shape_json(shape)}, [x], label)

    def transpose(self, x: Value, permutation: Sequence[int], label: str | None = None) -> Value:
        """Axis ``i`` of the result is axis ``permutation[i]`` of x."""
        return self._single("transpose", {"permutation": list(permutation)}, [x], label)

    def slice(
        self, x: Value, axis: int, start: Extent, count: Extent, label: str | None = None
    ) -> Value:
        """The part ``start … start + count`` of one axis."""
        payload = {"axis": axis, "start": dimension(start).json(), "count": dimension(count).json()}
        return self._single("slice", payload, [x], label)

    def concatenate(self, operands: Sequence[Value], axis: int, label: str | None = None) -> Value:
        """Tensors one after the other along one axis; all other axes equal."""
        return self._single("concatenate", {"axis": axis}, operands, label)

    def custom(
        self,
        name: str,
        operands: Sequence[Value],
        same_as: int | None = None,
        types: Sequence[TensorType] | None = None,
        attributes: Mapping[str, int | float | str] | None = None,
    ) -> list[Value]:
        """An operation that a backend has a kernel for under this name. Its results are of operand
        ``same_as``'s type, or of these ``types``."""
        if (same_as is None) == (types is None):
            raise TypeError("custom takes same_as or types")
        rule: dict[str, Any]
        if types is None:
            rule = {"sameAs": same_as}
        else:
            rule = {"fixed": [_type(type.encoding, type.shape) for type in types]}
        payload: dict[str, Any] = {"name": name, "rule": rule}
        if attributes:
            payload["attributes"] = {key: _attribute(value) for key, value in attributes.items()}
        return self.apply({"custom": payload}, operands, name)


def _type(encoding: EncodingLike, shape: Sequence[Extent]) -> dict[str, Any]:
    return {"encoding": name_of(encoding), "shape": shape_json(shape)}


def _attribute(value: int | float | str) -> dict[str, Any]:
    if isinstance(value, str):
        return {"text": value}
    return {"integer": value} if isinstance(value, int) else {"number": value}
