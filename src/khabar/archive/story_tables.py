"""The tables of stories: happenings, the acts that tell them, threads, and what linking looks up.

A happening is what one or several articles tell. Its members are acts; every act of a linked article is a member of
exactly one. `happenings` holds what follows from its members, so that lists need no join; `record` and `cells` are
NULL where one article alone tells it (the act itself has them). Nothing here is anybody's work: `khabar link` makes
all of it anew.
"""

from __future__ import annotations

import sqlalchemy as sa

from khabar.archive.schema import ACTS, Big, RowNumber, Word, metadata

happenings = sa.Table(
    "happenings",
    metadata,
    sa.Column("happening", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("type", Word, nullable=False),
    sa.Column("mode", Word),
    sa.Column("status", Word, nullable=False),
    sa.Column("first", Word),
    sa.Column("last", Word),
    sa.Column("country", Word),
    sa.Column("title", sa.Text, nullable=False),  # of the first report
    sa.Column("reports", sa.Integer, nullable=False),
    sa.Column("outlets", sa.Integer, nullable=False),
    sa.Column("texts", sa.Integer, nullable=False),  # independent ones: copies count once
    sa.Column("published", Word),  # of the first report
    sa.Column("outlet", sa.Text),  # of the first report
    sa.Column("article", Big, nullable=False),  # the first report
    sa.Column("differ", sa.Integer, nullable=False),  # cells in which reports differ
    sa.Column("record", sa.Text),  # JSON of records.Event: the best cells of all reports
    sa.Column("cells", sa.Text),  # JSON list of stories.Cell: who says what
    sa.Column("thread", Big),
    sa.Index("happenings_first", "first"),
    sa.Index("happenings_reports", "reports", "first"),
    sa.Index("happenings_thread", "thread", "first"),
)

members = sa.Table(
    "happening_members",
    metadata,
    sa.Column("month", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("article", Big, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # of the act
    sa.Column("happening", Big, nullable=False),
    sa.Column("copy_of", Big),  # article of the same text that came first, NULL for a text of its own
    sa.ForeignKeyConstraint(
        ["month", "article", "number"],
        [ACTS.cells.c.month, ACTS.cells.c.article, ACTS.cells.c.number],
        ondelete="CASCADE",
    ),
    sa.Index("happening_members_happening", "happening"),
)

# Where linking looks for the happenings that an act may belong to: a number made of type and country (or body) of a
# party or place, and the days (proleptic ordinals) that its members name.
keys = sa.Table(
    "happening_keys",
    metadata,
    sa.Column("key", Big, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("happening", Big, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Of every linked version: a sample of its text's shingles, by which copies are found, and the thread that its title and
# lead belong to. A version without a row here is still to be linked.
linked = sa.Table(
    "linked_articles",
    metadata,
    sa.Column("month", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("article", Big, primary_key=True, autoincrement=False),
    sa.Column("sketch", sa.LargeBinary, nullable=False),
    sa.Column("thread", Big),
    sa.ForeignKeyConstraint(["month", "article"], ["articles.month", "articles.article"], ondelete="CASCADE"),
)

# A thread: happenings of the same parties on the same matter. One that a single happening makes is there too, so that
# others can join it.
threads = sa.Table(
    "threads",
    metadata,
    sa.Column("thread", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("title", sa.Text, nullable=False),  # of its most reported happening
    sa.Column("parties", Word, nullable=False),  # countries and bodies, most told first, a space between
    sa.Column("first", Word),
    sa.Column("last", Word),
    sa.Column("happenings", sa.Integer, nullable=False),
    sa.Column("reports", sa.Integer, nullable=False),
    sa.Column("matter", sa.Text, nullable=False),  # JSON: folded words with their weights
    sa.Index("threads_last", "last"),
    sa.Index("threads_happenings", "happenings", "last"),
)

# Where linking looks for threads: a number made of a word of the matter or of a party, and the day of an article.
thread_keys = sa.Table(
    "thread_keys",
    metadata,
    sa.Column("key", Big, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("thread", Big, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
