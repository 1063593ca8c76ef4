"""`khabar evaluate`: coded articles against gold."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.console import Problem, TablesOption, check_tables, say, wrong_use
from khabar.many import many

if TYPE_CHECKING:
    from khabar.records import Article, CodedArticle

GoldArgument = Annotated[
    Path, typer.Argument(help="Gold: JSONL of coded articles, or the written form with --articles.", show_default=False)
]
CodedArgument = Annotated[
    Path | None, typer.Argument(help="What `khabar code` gave for the same articles.", show_default=False)
]


def evaluate(
    gold: GoldArgument,
    coded: CodedArgument = None,
    articles: Annotated[
        Path | None,
        typer.Option(metavar="JSONL", help="The articles: for mistakes in context, --gold-spans and --body."),
    ] = None,
    mistakes: Annotated[int, typer.Option(min=0, metavar="N", help="Show the N worst mistakes.")] = 10,
    gold_spans: Annotated[bool, typer.Option("--gold-spans", help="Resolution alone, over gold's mentions.")] = False,
    body: Annotated[bool, typer.Option("--body", help="Kept and dropped paragraphs against gold's not_body.")] = False,
    tables: TablesOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="The scores as JSON.")] = False,
) -> None:
    """The scores of coded articles against gold: by level, by cell, by type, with the worst mistakes in context."""
    from khabar.judging import JudgingError, load_articles

    try:
        texts = load_articles(articles) if articles else {}
        golden = _load(gold, texts)
        if gold_spans or body:
            if not texts:
                raise wrong_use("--gold-spans and --body need the articles: --articles ARTICLES.jsonl")
            _rooms(golden, texts, gold_spans, body, check_tables(tables), mistakes, as_json)
            return
        if coded is None:
            raise wrong_use("CODED is missing: khabar evaluate GOLD CODED")
        _scores(golden, _load(coded, texts), texts, mistakes, as_json)
    except JudgingError as error:
        raise Problem(str(error)) from None


def _load(path: Path, articles: dict[str, Article]) -> dict[str, CodedArticle]:
    """JSONL, or the written form of the codebook where the file begins with `@`."""
    from khabar.judging import load_coded, read_coding

    try:
        with path.open("rb") as stream:
            written = stream.read(200).removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"@", b"#"))
    except OSError as error:
        raise Problem(f"{path}: {error.strerror}") from None
    if not written:
        return load_coded(path)
    if not articles:
        raise wrong_use(f"{path}: the written form needs its articles: --articles ARTICLES.jsonl")
    found, faults = read_coding(path, articles)
    if faults:
        for fault in faults:
            say(str(fault))
        raise Problem(f"{path}: {many(len(faults), 'fault')} (named above); a score over a part would mislead")
    return {one.id: one for one in found}


def _scores(
    gold: dict[str, CodedArticle],
    coded: dict[str, CodedArticle],
    articles: dict[str, Article],
    mistakes: int,
    as_json: bool,
) -> None:
    from khabar.judging import evaluate_report, score

    if extra := coded.keys() - gold.keys():
        say(f"left out: {many(len(extra), 'coded article')} not in gold")
    if as_json:
        _print_json(score(gold, coded))
    else:
        print(evaluate_report(gold, coded, articles, mistakes=mistakes), end="")


def _rooms(
    gold: dict[str, CodedArticle],
    articles: dict[str, Article],
    spans: bool,
    body: bool,
    tables: str | None,
    mistakes: int,
    as_json: bool,
) -> None:
    from khabar.judging import body_report, body_text, spans_report
    from khabar.judging import gold_spans as over_spans

    answer: dict[str, object] = {}
    if spans:
        from khabar.coders import load_tables
        from khabar.resolve import resolve

        resolved = over_spans(gold, articles, partial(resolve, tables=load_tables(tables)), mistakes)
        answer["gold_spans"] = resolved
        if not as_json:
            print(spans_report(resolved), end="")
    if body:
        from khabar.pages import not_body

        shares = body_report(gold, articles, not_body)
        answer["body"] = shares
        if not as_json:
            print(body_text(shares, mistakes), end="")
    if as_json:
        _print_json(answer)


def _print_json(value: object) -> None:
    import msgspec

    print(msgspec.json.format(msgspec.json.encode(value), indent=1).decode())
