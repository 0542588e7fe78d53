"""
An answer as the plain endpoint functions give it.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from ._json import read_json
from ._model import Model
from ._raw_answer import RawAnswer
from .errors import InvalidModelError
from .types import Response

M = TypeVar("M", bound=Model)


def read_response(answer: RawAnswer, shapes: Sequence[tuple[int, int, tuple[type[M], ...]]]) -> Response[M]:
    """
    The answer, its body parsed if it has a shape that is documented for its status.
    """
    return Response(answer.status, answer.headers, answer.body, _parsed(answer, shapes))


def _parsed(answer: RawAnswer, shapes: Sequence[tuple[int, int, tuple[type[M], ...]]]) -> M | None:
    models = next((models for low, high, models in shapes if low <= answer.status <= high), ())
    try:
        decoded: Any = None if answer.defect else read_json(answer.body)
    except ValueError:
        return None
    for model in models:
        try:
            return model.from_dict(decoded)
        except InvalidModelError:
            continue
    return None
