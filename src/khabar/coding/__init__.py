"""Coding: articles in, drafts of coded articles out.

A draft has, for every event, trigger, type, mode, status and the spans of parties, speaker, place and time (text and
offsets None where understood), with confidence; `codes`, place countries and time values are left to `khabar.resolve`.
Paragraphs that `khabar.pages.not_body` judges no text of the article are not coded, and listed in `not_body`. Never: a
code, an outside source, a failure for a strange text (a line of 5,000 words, no Arabic, control characters).

Coders: `baseline` (counted lexicon), `neural` (ONNX model in `model/`), `auto` (neural if its model is there).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Protocol, cast

from khabar.records import Article, CodedArticle

CODERS = ("auto", "baseline", "neural")


class Coder(Protocol):
    """What turns articles into drafts. `name` (with version) goes into every coded article."""

    name: str

    def code_batch(self, articles: Sequence[Article], *, why: bool = False) -> list[CodedArticle]:
        """Drafts in the order of `articles`; `why` asks for reasons and near misses where the coder has them."""
        ...


def has_model() -> bool:
    """Whether the trained model lies in the package."""
    return Path(str(files("khabar.coding").joinpath("model", "model.json"))).is_file()


def load_coder(name: str = "auto") -> Coder:
    """The coder of that name; the neural one is imported only when asked for.

    Raises `ValueError` for an unknown name, `FileNotFoundError` if the model of `neural` is missing.
    """
    if name not in CODERS:
        raise ValueError(f"no coder «{name}»; there are {', '.join(CODERS)}")
    if name == "baseline" or (name == "auto" and not has_model()):
        from khabar.coding.baseline import BaselineCoder

        return BaselineCoder()
    if not has_model():
        raise FileNotFoundError("the trained model is not in this installation; use --coder baseline")
    from khabar.coding.neural import NeuralCoder, model_folder

    return cast(Coder, NeuralCoder(model_folder()))


__all__ = ["CODERS", "Coder", "has_model", "load_coder"]
