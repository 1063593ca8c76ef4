"""Writes and runs docs/notebook.ipynb: three questions to the archive of the examples.

    make run && python scripts/notebook.py            # out/khabar.db -> docs/notebook.ipynb
    python scripts/notebook.py --check ARCHIVE        # runs the notebook as it stands, writes nothing

Needs the extra `dev`.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"

# Text and code by turns, parted by lines of their own.
CELLS = r'''
# Three questions to an archive of news

The archive is that of the [examples](../examples/README.md), pages in the manner of the Arabic press written for this
project: `make run` makes it. Nothing here is a source for what happened. `archive.events(...)` gives a pandas
DataFrame, a row an act; its columns are those of the CSV export ([data-dictionary.md](data-dictionary.md)).
---
import os

import matplotlib.pyplot as plt
import pandas as pd

import khabar

pd.set_option("display.max_colwidth", 40, "display.width", 120)
archive = khabar.open(os.environ.get("KHABAR_ARCHIVE", "out/khabar.db"))
acts = archive.events()
print(f"{len(acts)} acts in {acts.article_id.nunique()} articles, {acts['first'].min()} to {acts['first'].max()}")
---
## 1. Which pairs of countries talk, and which fight?

Acts between two countries that are said to have happened, with PLOVER's mean intensity (below 0: conflict). `counts`
answers that in the database; the same act told by several articles still counts once an article, so the second table
counts **happenings**, each once.
---
tidy = pd.DataFrame(archive.counts("dyad,type", status="actual"))
tidy = tidy[tidy.source != tidy.target]
tidy["weight"] = tidy.n * tidy.intensity
pairs = tidy.groupby(["source", "target"]).agg(acts=("n", "sum"), weight=("weight", "sum"))
pairs["intensity"] = (pairs.weight / pairs.acts).round(1)
pairs = pairs.drop(columns="weight").sort_values(["acts", "intensity"], ascending=[False, True])
pairs.head(8)
---
happenings = archive.happenings(status="actual")
told = happenings.groupby("type").agg(happenings=("id", "size"), articles=("reports", "sum"))
told["articles per happening"] = (told.articles / told.happenings).round(2)
told.sort_values("happenings", ascending=False).head(6)
---
quad = acts[acts.status == "actual"].groupby(["actor_countries", "quad_code"]).size().unstack(fill_value=0)
quad = quad.loc[quad.sum(axis=1).nlargest(8).index]
quad.plot.barh(stacked=True, figsize=(7, 3), title="What the most active did").invert_yaxis()
plt.ylabel("")
plt.tight_layout()
plt.show()
---
worst, best = pairs[pairs.acts > 1].intensity.idxmin(), pairs[pairs.acts > 1].intensity.idxmax()
print(f"Most hostile: {' to '.join(worst)} ({pairs.intensity[worst]})")
print(f"Least hostile: {' to '.join(best)} ({pairs.intensity[best]})")
---
## 2. On whose word do we know of violence?

Every act has the speakers whose word it is, if the text names any. Of the acts of violence: how many are told by the
paper itself, how many by a party to them, how many by somebody else?
---
def whose(row):
    """Who vouches for an act: the paper, a party to it, or another."""
    speakers = set(str(row.speaker_countries or "").replace(";", " ").split()) - {"nan"}
    parties = set(f"{row.actor_countries} {row.recipient_countries}".replace(";", " ").split()) - {"nan", "None"}
    if not speakers:
        return "the paper's own"
    return "a side's word" if speakers & parties else "another's word"


violence = acts[acts.type.isin(["ASSAULT", "COERCE"])].copy()
violence["word"] = violence.apply(whose, axis=1)
table = violence.groupby(["type", "status", "word"]).size().unstack(fill_value=0)
table
---
share = (violence.word == "a side's word").mean()
print(f"{share:.0%} of {len(violence)} acts of violence rest on the word of a side's own country.")
columns = ["first", "actor_codes", "recipient_codes", "speaker_codes", "trigger"]
violence[violence.word == "a side's word"][columns].head(6)
---
## 3. Where do the papers disagree?

A happening holds all reports of one act; `differ` counts the cells in which they cannot all be right. Copies of one
agency text have one voice (`texts` counts independent ones).
---
several = archive.happenings(min_reports=2)
several[["first", "type", "country", "reports", "outlets", "texts", "differ"]]
---
rows = []
for one in several[several.differ > 0].id:
    for cell in archive.happening(one).cells:
        if not cell.agree:
            for said in cell.values:
                rows.append((one, cell.cell, said.value, len(said.articles), ", ".join(said.speakers) or None))
disputed = pd.DataFrame(rows, columns=["happening", "cell", "value", "articles", "on the word of"])
disputed
---
often = disputed.groupby("cell").happening.nunique().nlargest(3).index
print(f"{(several.differ > 0).sum()} of {len(several)} happenings with several reports have a cell in dispute")
print(f"Most often: {', '.join(often) or 'none'}")
archive.close()
'''


def notebook() -> nbformat.NotebookNode:
    """The notebook, not run."""
    parts = [part.strip("\n") for part in CELLS.split("\n---\n")]
    cells = [
        nbformat.v4.new_markdown_cell(part)
        if part.lstrip().startswith(("#", "##"))
        else nbformat.v4.new_code_cell(part)
        for part in parts
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:02d}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def run(book: nbformat.NotebookNode, archive: str) -> nbformat.NotebookNode:
    """The notebook with what its cells print. Raises `nbclient.exceptions.CellExecutionError`."""
    os.environ["KHABAR_ARCHIVE"] = str(Path(archive).absolute())
    NotebookClient(book, timeout=180, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    for cell in book.cells:
        cell.metadata.pop("execution", None)  # when it ran
    return book


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", nargs="?", default=str(ROOT / "out" / "khabar.db"))
    parser.add_argument("--check", action="store_true", help="run the notebook as it stands and write nothing")
    arguments = parser.parse_args()
    book = nbformat.read(NOTEBOOK, as_version=4) if arguments.check else notebook()
    done = run(book, arguments.archive)
    if not arguments.check:
        nbformat.write(done, NOTEBOOK)
        print(f"{NOTEBOOK}: {NOTEBOOK.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
