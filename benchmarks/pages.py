"""Quality and speed of `khabar.pages`.

    python benchmarks/pages.py SHARED_DIR

SHARED_DIR holds `seed/page.txt`, `pages/` (HTML with gold) and `tools/score_pages.py`, `gold/train`, `gold/dev`
(articles with `not_body` marks) and `cluttered/pages.jsonl`; a part that is missing is left out. Predictions go into
a temporary folder. Weights and cue words were made on `gold/train`; `gold/dev` was only measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from khabar.pages import Fault, not_body, read
from khabar.records import Article, decode_article


def seed(path: Path) -> None:
    """The page the project started from."""
    (article,) = [item for item in read(path) if isinstance(item, Article)]
    print(f"seed: title {article.paragraphs[0]!r}")
    print(f"  {len(article.paragraphs) - 1} body paragraphs, agency {article.agency!r}, date {article.date}")
    for item in article.dropped:
        print(f"  dropped {item.reason:12} {item.line[:60]}")
    (dated,) = [item for item in read(path, date="2022-07-16") if isinstance(item, Article)]
    print(f"  with --date 2022-07-16: {dated.date} ({dated.date_evidence})")


def html_pages(shared: Path) -> None:
    """The HTML pages with gold, scored by the shared script; milliseconds a page (second reading)."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "khabar"
        out.mkdir()
        spent = []
        for path in sorted((shared / "pages" / "html").glob("*.html")):
            for _ in range(2):
                start = time.perf_counter()
                (item,) = read(path)
                took = time.perf_counter() - start
            spent.append(took * 1000)
            if isinstance(item, Fault):
                print(f"  {item}")
                continue
            record = {
                "title": item.paragraphs[0],
                "body": item.paragraphs[1:],
                "date": item.date,
                "agency": item.agency,
            }
            (out / f"{path.stem}.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
        script = shared / "tools" / "score_pages.py"
        print(
            subprocess.run([sys.executable, str(script), "--per-page", str(out)], capture_output=True, text=True).stdout
        )
        print(f"  milliseconds a page: mean {sum(spent) / len(spent):.0f}, most {max(spent):.0f}\n")


def body_shares(directory: Path) -> None:
    """Body kept and junk dropped by `not_body` on articles that are already split into paragraphs."""
    articles = {a.id: a for a in map(decode_article, (directory / "articles.jsonl").read_bytes().splitlines())}
    total: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    body = kept = 0
    spent = 0.0
    for line in (directory / "gold.jsonl").read_bytes().splitlines():
        gold = json.loads(line)
        article = articles[gold["id"]]
        marks = dict(gold["not_body"])
        start = time.perf_counter()
        found = dict(not_body(article))
        spent += time.perf_counter() - start
        for number in range(1, len(article.paragraphs)):
            reason = marks.get(number)
            if reason is None:
                body += 1
                kept += number not in found
            else:
                total[reason] += 1
                hit[reason] += number in found
    other = [reason for reason in total if reason != "heading"]
    rest = [reason for reason in other if reason != "teaser"]
    print(f"{directory.name}: {len(articles)} articles, body kept {kept}/{body} = {kept / body:.4f}")
    for name, reasons in (("junk but headings", other), ("junk but headings and teasers", rest)):
        share = sum(hit[r] for r in reasons) / max(1, sum(total[r] for r in reasons))
        print(f"  {name} dropped {sum(hit[r] for r in reasons)}/{sum(total[r] for r in reasons)} = {share:.3f}")
    print("  " + ", ".join(f"{reason} {hit[reason]}/{total[reason]}" for reason in sorted(total)))
    print(f"  {spent / len(articles) * 1000:.2f} ms an article")


def cluttered(path: Path) -> None:
    """Scraped pages without gold: what was read, one line a page, for reading by eye."""
    print("cluttered:")
    for item in read(path):
        if isinstance(item, Fault):
            print(f"  {item}")
            continue
        words = sum(len(text.split()) for text in item.paragraphs[1:])
        print(
            f"  {item.outlet or '-':20.20} {item.date or '-':10} paragraphs {len(item.paragraphs) - 1:3} "
            f"words {words:5} "
            f"dropped {len(item.dropped):3} agency {item.agency or '-':6} {item.paragraphs[0][:60]}"
        )


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    shared = Path(sys.argv[1])
    if (shared / "seed" / "page.txt").exists():
        seed(shared / "seed" / "page.txt")
    if (shared / "pages" / "html").exists():
        html_pages(shared)
    for name in ("train", "dev"):
        if (shared / "gold" / name).exists():
            body_shares(shared / "gold" / name)
    if (shared / "cluttered" / "pages.jsonl").exists():
        cluttered(shared / "cluttered" / "pages.jsonl")


if __name__ == "__main__":
    main()
