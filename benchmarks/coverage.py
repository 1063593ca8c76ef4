"""How far party mentions of unlabelled articles resolve, and how many of a random 200 do so rightly.

    python benchmarks/coverage.py sample ARTICLES.jsonl[.gz] 480 > sample.jsonl    # by digest of the id
    khabar code sample.jsonl -o coded.jsonl
    python benchmarks/coverage.py shares coded.jsonl
    python benchmarks/coverage.py draw sample.jsonl coded.jsonl 200                # to read: words, codes, context
    python benchmarks/coverage.py precision benchmarks/judged_parties.tsv [coded.jsonl]

`judged_parties.tsv` holds what was judged of the draw, by a language model that read each in its context (no person
did): the place (article, paragraph, start, end: no text), the codes of that day, and a verdict: `right`, `country`
(right country or body, wrong sector), `wrong`, or `span` (the words are no party, or not the party's). With CODED,
mentions whose codes have changed since are counted apart.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from khabar.doctor import coverage
from khabar.records import CodedArticle, Mention, decode_article, decode_coded

Key = tuple[str, int, int, int]


def lines(path: str) -> list[bytes]:
    data = Path(path).read_bytes()
    return (gzip.decompress(data) if path.endswith(".gz") else data).splitlines()


def order(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def parties(coded: CodedArticle) -> Iterator[tuple[Key, Mention]]:
    """Actors and recipients with words and a country or body, by where they stand."""
    for event in coded.events:
        for mention in event.actors + event.recipients:
            known = mention.codes and not any(code.startswith("UNK") for code in mention.codes)
            if mention.text is not None and known:
                yield (coded.id, event.paragraph, mention.start or 0, mention.end or 0), mention


def sample(articles: str, number: str) -> None:
    found = sorted(lines(articles), key=lambda line: order("sample" + decode_article(line).id))
    for line in found[: int(number)]:
        print(line.decode())


def shares(coded: str) -> None:
    for role, share in coverage(map(decode_coded, lines(coded))).shares.items():
        print(
            f"{role:8} {share.whole:6} mentions, {share.resolved / share.whole:.3f} with a country or body, "
            f"{share.named / share.whole:.3f} by the tables' own rows"
        )


def draw(articles: str, coded: str, number: str) -> None:
    texts = {a.id: a for a in map(decode_article, lines(articles))}
    found = {key: m for line in lines(coded) for key, m in parties(decode_coded(line))}
    for key in sorted(found, key=lambda k: order(":".join(map(str, k))))[: int(number)]:
        article, paragraph, start, end = key
        text = texts[article].paragraphs[paragraph].replace("\n", " ")
        around = f"{text[max(0, start - 90) : start]}[{text[start:end]}]{text[end : end + 90]}"
        print(*key, "+".join(found[key].codes), found[key].method, texts[article].date, around, sep="\t")


def precision(judged: str, coded: str | None = None) -> None:
    rows = [line.decode().split("\t") for line in lines(judged)[1:]]
    now = {key: "+".join(m.codes) for line in lines(coded) for key, m in parties(decode_coded(line))} if coded else {}
    verdicts: Counter[str] = Counter()
    for article, paragraph, start, end, codes, verdict in rows:
        key = (article, int(paragraph), int(start), int(end))
        verdicts["changed since" if coded and now.get(key) != codes else verdict] += 1
    whole = len(rows)
    for verdict, count in verdicts.most_common():
        print(f"{verdict:14} {count:4}  {count / whole:.3f}")
    judged_spans = sum(verdicts[v] for v in ("right", "country", "wrong"))
    good = verdicts["right"] + verdicts["country"]
    print(f"country right  {good} of {judged_spans} = {good / judged_spans:.3f} of mentions that are parties")
    print(f"code right     {verdicts['right']} of {judged_spans} = {verdicts['right'] / judged_spans:.3f}")


if __name__ == "__main__":
    tasks = {"sample": sample, "shares": shares, "draw": draw, "precision": precision}
    if len(sys.argv) < 3 or sys.argv[1] not in tasks:
        sys.exit(__doc__)
    tasks[sys.argv[1]](*sys.argv[2:])
