"""The trained coder: ONNX sessions behind `decode.Backend`, and the article loop around them.

One window is one call of the encoder, without padding, so that what stands beside an article in a batch can never
change its result (int8 scales are taken from the window alone).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from khabar.coding.confidence import calibrated
from khabar.coding.constraints import consistent
from khabar.coding.decode import Arguments, Reading, Settings, contexts, decode, skipped
from khabar.coding.look import Look, Scored, first_look
from khabar.coding.look.triggers import candidates
from khabar.coding.numeric import Floats, Ints
from khabar.coding.reasons import near_misses
from khabar.coding.windows import Window, windows
from khabar.records import Article, CodedArticle

CALL = 20  # what a call of the reader of arguments costs, in words


class OnnxBackend:
    """`encoder.onnx`, `arguments.onnx` and `spans.npz` of a model folder; one thread, the same numbers every time."""

    def __init__(self, folder: Path, description: dict[str, object], threads: int = 1) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._encoder = ort.InferenceSession(str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"])
        self._arguments = ort.InferenceSession(
            str(folder / "arguments.onnx"), options, providers=["CPUExecutionProvider"]
        )
        with np.load(folder / "spans.npz") as heads:
            self._country = heads["country_weight"].T.copy(), heads["country_bias"]
            self._sector = heads["sector_weight"].T.copy(), heads["sector_bias"]
        self.countries: list[str] = list(description["countries"])  # type: ignore[call-overload]
        self.sectors: list[str] = list(description["sectors"])  # type: ignore[call-overload]

    def read(self, window: Window) -> Reading:
        words, types, context, junk = self._encoder.run(
            None,
            {
                "ids": np.array([window.ids], dtype=np.int64),
                "first": np.array([w.first for w in window.words], dtype=np.int64),
                "last": np.array([w.last for w in window.words], dtype=np.int64),
                "ends": np.array(list(window.ends.values()), dtype=np.int64),
            },
        )
        return Reading(words, types, context, dict(zip(window.ends, map(float, junk), strict=True)))

    def arguments(self, reading: Reading, triggers: Ints, types: Ints, start: Ints, length: Ints) -> Arguments:
        """Triggers of short paragraphs are read apart from those of long ones, whose length they would be filled to."""
        groups = grouped(length.tolist())
        parts = [
            self._arguments.run(None, {
                "words": reading.words, "triggers": triggers[some], "types": types[some], "start": start[some],
                "length": length[some], "offsets": np.arange(int(length[some].max()), dtype=np.int64),
            })
            for some in groups
        ]  # fmt: skip
        order = np.argsort(np.concatenate(groups))  # back to that of the triggers
        longest = int(length.max())
        for part in parts:
            part[0] = np.pad(part[0], ((0, 0), (0, longest - part[0].shape[1]), (0, 0)))
        return Arguments(*(np.concatenate(several)[order] for several in zip(*parts, strict=True)))

    def spans(self, vectors: Floats) -> tuple[Floats, Floats]:
        vectors = vectors[:, : len(self._country[0])]  # what follows is for the second reader
        return vectors @ self._country[0] + self._country[1], vectors @ self._sector[0] + self._sector[1]


def grouped(lengths: Sequence[int]) -> list[list[int]]:
    """Which of some triggers to read together, given the words of their paragraphs: all are filled to the longest, and
    a group costs as much as `CALL` words more. The cheapest of all ways to part them by length."""
    order = sorted(range(len(lengths)), key=lambda n: (-lengths[n], n))
    best = [(0, 0)]  # cost of the first n in order, and where their last group begins
    for end in range(1, len(order) + 1):
        best.append(min((best[k][0] + (end - k) * lengths[order[k]] + CALL, k) for k in range(end)))
    groups = []
    end = len(order)
    while end:
        groups.append(order[best[end][1] : end])
        end = best[end][1]
    return groups[::-1]


def make_settings(values: dict[str, Any]) -> Settings:
    """Settings as `model.json` holds them."""
    fields: Any = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return Settings(**fields)


def scored_words(
    read: Sequence[tuple[Window, Reading]], paragraphs: Sequence[str], settings: Settings, look: Look | None
) -> list[list[Scored]]:
    """Of each window of an article the words that may be triggers; by the encoder alone where there is no look."""
    heat = settings.temperature
    if look is None:
        return [first_look(w, r.types, heat, skipped(r, settings)) for w, r in read]
    return look.score([(w, candidates(w, r.types, heat, skipped(r, settings))) for w, r in read], paragraphs)


class NeuralCoder:
    """Codes articles with a model folder. `name` goes into every coded article and every row of the archive."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.name = f"neural-{description['version']}"
        self.settings = make_settings(description["settings"])
        self.look = Look.load(folder)
        self.backend = OnnxBackend(folder, description, threads)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

        @functools.lru_cache(maxsize=30_000)
        def pieces(word: str) -> tuple[int, ...]:
            return tuple(tokenizer.encode(word, add_special_tokens=False).ids)

        self.tokenize = lambda word: list(pieces(word))

    def code(
        self, article: Article, skip: frozenset[int] = frozenset(), *, why: bool = False, look: Look | None = None
    ) -> CodedArticle:
        """The draft of one article; paragraphs numbered in `skip` are not read. `why` adds reasons and near misses;
        `look` is another second look than the model's own."""
        look = look or self.look
        read = [(window, self.backend.read(window)) for window in windows(article.paragraphs, self.tokenize, skip)]
        events, near = [], []
        for (window, reading), scored in zip(
            read, scored_words(read, article.paragraphs, self.settings, look), strict=True
        ):
            events += decode(
                window, reading, self.backend, article.paragraphs, self.settings, scored, look, why=why
            )  # fmt: skip
            if why:
                near += near_misses(window, scored, article.paragraphs, self.settings.trigger)
        return CodedArticle(
            id=article.id,
            events=tuple(calibrated(e, self.settings.calibration) for e in consistent(events)),
            contexts=contexts([reading for _, reading in read], self.settings.context),
            coder=self.name,
            near=tuple(near),
        )

    def code_batch(self, articles: Sequence[Article], *, why: bool = False) -> list[CodedArticle]:
        """Drafts in the order of `articles`; paragraphs judged no text of the article are skipped and listed."""
        from khabar.pages import not_body

        drafts = []
        for article in articles:
            junk = not_body(article)
            draft = self.code(article, frozenset(n for n, _ in junk), why=why)
            drafts.append(msgspec.structs.replace(draft, not_body=junk))
        return drafts


def model_folder() -> Path:
    """Where the packaged model lies (it may be missing in a checkout that has none yet)."""
    return Path(str(files("khabar.coding"))) / "model"
