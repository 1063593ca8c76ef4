"""The tables: the same on SQLite and PostgreSQL.

`articles` holds a row a version of a page. All rows made of it bear its `month` and `article` number at the head of
their primary key, so that every table but `articles`, `texts` and `names` can be partitioned by month, and rows of one
article lie together. `events` and `acts` have the same columns and the same side tables (`*_parties`, `*_dyads`,
`*_tolls`): a question is put to either by its unit. `record` holds the whole event as JSON, nothing is lost.
They hold what is shown: the events of a version that is not are kept in `articles.retired`.
Days are text `YYYY-MM-DD`, which sorts as days do; times of storing are UTC.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

SCHEMA_VERSION = 5

metadata = sa.MetaData()

# Text that is compared and sorted, never read aloud: byte order, so that ranges and prefixes use the index whatever the
# server's locale is.
Word = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Big = sa.BigInteger()
# In SQLite only INTEGER can be the row's own number, which the full-text index needs.
RowNumber = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

meta = sa.Table(
    "khabar_meta", metadata, sa.Column("name", Word, primary_key=True), sa.Column("value", Word, nullable=False)
)

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("article", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("month", sa.Integer, nullable=False),
    sa.Column("id", Word, nullable=False),
    sa.Column("key", Word, nullable=False),
    sa.Column("digest", Word, nullable=False),
    sa.Column("current", sa.Boolean, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("outlet", sa.Text),
    sa.Column("outlet_key", Word),
    sa.Column("published", Word),
    sa.Column("date_evidence", sa.Text),
    sa.Column("date_precision", Word),
    sa.Column("agency", sa.Text),
    sa.Column("byline", sa.Text),
    sa.Column("dateline", sa.Text),
    sa.Column("language", Word, nullable=False),
    sa.Column("added", Word, nullable=False),
    sa.Column("coder", Word),
    sa.Column("model", Word),
    sa.Column("coded", Word),
    sa.Column("coded_by", Word),  # CodedArticle.coder as it came
    sa.Column("contexts", sa.Text, nullable=False),  # JSON list
    sa.Column("not_body", sa.Text, nullable=False),  # JSON list of [paragraph, reason]
    sa.Column("story_parties", sa.Text, nullable=False),  # JSON list
    sa.Column("story_places", sa.Text, nullable=False),  # JSON list
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("acts", sa.Integer, nullable=False),
    sa.Column("retired", sa.Text),  # JSON list of the events of a version that is shown no more
    sa.UniqueConstraint("key", "digest", name="articles_version"),
    sa.UniqueConstraint("month", "article", name="articles_month"),
    sa.Index("articles_id", "id"),
    sa.Index("articles_published", "published"),
    sa.Index("articles_added", "added"),
    sa.Index("articles_coded", "coded"),
    sa.Index("articles_outlet", "outlet_key", "published"),
)
sa.Index(
    "articles_current",
    articles.c.key,
    unique=True,
    sqlite_where=articles.c.current.is_(True),
    postgresql_where=articles.c.current.is_(True),
)


def _part_of_article(name: str, *columns: Any) -> sa.Table:
    """A table whose rows belong to one version of a page and go with it."""
    return sa.Table(
        name,
        metadata,
        sa.Column("month", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("article", Big, primary_key=True, autoincrement=False),
        *columns,
        sa.ForeignKeyConstraint(["month", "article"], ["articles.month", "articles.article"], ondelete="CASCADE"),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


paragraphs = _part_of_article("paragraphs", _number("paragraph"), sa.Column("text", sa.Text, nullable=False))
dropped = _part_of_article(
    "dropped",
    _number("position"),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("reason", Word, nullable=False),
)
contexts = _part_of_article(
    "contexts",
    _number("position"),
    sa.Column("context", Word, nullable=False),
    sa.Index("contexts_context", "context", "month", "article"),
)


class Family(NamedTuple):
    """The tables of one unit (events or acts)."""

    cells: sa.Table
    parties: sa.Table
    dyads: sa.Table
    tolls: sa.Table


# What an index by days goes on with: the key of the event in the order of its day, and what counts ask of it.
_BY_DAYS = ("first", "month", "article", "number", "type", "mode")


def _family(unit: str, plural: str, *own: Any) -> Family:
    cells = _part_of_article(
        plural,
        _number("number"),
        sa.Column("id", Word, nullable=False),
        *own,
        sa.Column("paragraph", sa.Integer, nullable=False),
        sa.Column("trigger", sa.Text, nullable=False),
        sa.Column("trigger_start", sa.Integer, nullable=False),
        sa.Column("trigger_end", sa.Integer, nullable=False),
        sa.Column("type", Word, nullable=False),
        sa.Column("mode", Word),
        sa.Column("status", Word, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("first", Word),
        sa.Column("last", Word),
        sa.Column("dated", Word),
        sa.Column("time", Word),
        sa.Column("time_text", sa.Text),
        sa.Column("time_start", sa.Integer),
        sa.Column("time_end", sa.Integer),
        sa.Column("precision", Word),
        sa.Column("place", sa.Text),
        sa.Column("place_text", sa.Text),
        sa.Column("place_start", sa.Integer),
        sa.Column("place_end", sa.Integer),
        sa.Column("place_label", Big),
        sa.Column("country", Word),
        sa.Column("admin1", sa.Text),
        sa.Column("geonames", Big),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("feature", Word),
        sa.Column("coder", Word),
        sa.Column("model", Word),
        sa.Column("record", sa.Text),  # JSON of records.Event; NULL in an act whose cells are those of its lead
        sa.Index(f"{plural}_id", "id"),
        sa.Index(f"{plural}_type", "type", "first", "mode"),  # counts read nothing else
        sa.Index(f"{plural}_country", "country", "first"),
        sa.Index(f"{plural}_geonames", "geonames"),
        sa.Index(f"{plural}_place", "place_label"),
    )

    # What lasted longer than a day, for questions since a day.
    lasted = cells.c.last != cells.c.first
    sa.Index(f"{plural}_lasting", cells.c.last, cells.c.first, sqlite_where=lasted, postgresql_where=lasted)

    # Newest first on both: SQLite holds the undated for the smallest, PostgreSQL has to be told.
    sa.Index(f"{plural}_first", cells.c.first).ddl_if(dialect="sqlite")
    sa.Index(f"{plural}_newest", cells.c.first.desc().nulls_last()).ddl_if(dialect="postgresql")

    def side(suffix: str, *columns: Any) -> sa.Table:
        name = f"{unit}_{suffix}"
        return sa.Table(
            name,
            metadata,
            sa.Column("month", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("article", Big, primary_key=True, autoincrement=False),
            _number("number"),
            *columns,
            sa.ForeignKeyConstraint(
                ["month", "article", "number"],
                [cells.c.month, cells.c.article, cells.c.number],
                ondelete="CASCADE",
            ),
        )

    parties = side(
        "parties",
        sa.Column("role", Word, primary_key=True),  # actor, recipient, speaker
        _number("position"),  # which mention of that role
        _number("part"),  # which of the mention's parties
        sa.Column("code", Word),
        sa.Column("country", Word),
        sa.Column("sector", Word),
        sa.Column("actor_id", Word),
        sa.Column("name", sa.Text),
        sa.Column("mention", sa.Text),
        sa.Column("mention_start", sa.Integer),
        sa.Column("mention_end", sa.Integer),
        sa.Column("method", Word),
        sa.Column("confidence", sa.Float),
        sa.Column("label", Big),
        # Of the event: what a party did, from the newest on, and counts of it are read from one index.
        sa.Column("type", Word),
        sa.Column("mode", Word),
        sa.Column("first", Word),
        sa.Column("last", Word),
        sa.Index(f"{unit}_parties_days", "country", "role", *_BY_DAYS, "sector", "last"),
        sa.Index(f"{unit}_parties_sector", "sector", "role"),
        sa.Index(f"{unit}_parties_actor", "actor_id", "role"),
        sa.Index(f"{unit}_parties_label", "label", "role"),
    )
    # Pairs of countries, each once an event: source acts on target; without a recipient the actors of a two-sided act
    # (khabar.pairing), in order of their codes. With what counts by pair ask for most, so that they read this table
    # alone.
    dyads = side(
        "dyads",
        sa.Column("source", Word, primary_key=True),
        sa.Column("target", Word, primary_key=True),
        sa.Column("type", Word, nullable=False),
        sa.Column("mode", Word),
        sa.Column("first", Word),
        sa.Column("last", Word),
        sa.Column("sided", sa.Boolean),  # the source acts on the target; not so where the two are actors of one act
        sa.Index(f"{unit}_dyads_days", "source", "target", *_BY_DAYS, "sided", "last"),
    )
    tolls = side(
        "tolls",
        sa.Column("category", Word, primary_key=True),
        sa.Column("value", Word, nullable=False),  # as coded: 12, >=10, ~200
        sa.Column("relation", Word, nullable=False),  # "", >=, <=, ~
        sa.Column("persons", Big),
        sa.Index(f"{unit}_tolls_category", "category", "persons"),
    )
    return Family(cells, parties, dyads, tolls)


EVENTS = _family("event", "events", sa.Column("act", sa.Integer))  # act: number of the act that the event tells
ACTS = _family(
    "act",
    "acts",
    sa.Column("lead", sa.Integer, nullable=False),  # number of the fullest event
    sa.Column("mentions", sa.Integer, nullable=False),
    sa.Column("mention_ids", sa.Text, nullable=False),  # JSON list of event ids, fullest first
)

# Search keys of names as written and in Latin letters, each once: a name is looked for here, then by its number.
names = sa.Table(
    "names",
    metadata,
    sa.Column("label", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, nullable=False),
)

# The folded shadow of what is shown; the full-text index of both databases reads this table.
texts = sa.Table(
    "texts",
    metadata,
    sa.Column(
        "article",
        RowNumber,
        sa.ForeignKey("articles.article", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

# What people said about events, each step with its time and author: never changed, only added to.
corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("event_id", Word, primary_key=True),
    sa.Column("at", Word, primary_key=True),
    sa.Column("who", Word, primary_key=True),
    sa.Column("cell", Word, primary_key=True),  # "" for the event as a whole
    sa.Column("page", Word, nullable=False),
    sa.Column("action", Word, nullable=False),  # accept, change, delete, add
    sa.Column("old", sa.Text),  # JSON
    sa.Column("new", sa.Text),  # JSON
    sa.Column("note", sa.Text),
    sa.Index("corrections_page", "page"),
    sa.Index("corrections_at", "at"),
)
# What holds of them now, a row an event: it is laid over every later coding of the page. `event_id` is the id under
# which the event was first corrected, `shown` that under which the present version tells it.
corrected = sa.Table(
    "corrected",
    metadata,
    sa.Column("event_id", Word, primary_key=True),
    sa.Column("page", Word, nullable=False),
    sa.Column("shown", Word),  # NULL: the present version has no such words
    sa.Column("paragraph", sa.Integer, nullable=False),
    sa.Column("trigger", sa.Text, nullable=False),
    sa.Column("trigger_start", sa.Integer, nullable=False),
    sa.Column("trigger_end", sa.Integer, nullable=False),
    sa.Column("line", Big, nullable=False),  # number of the paragraph's text: finds it where paragraphs moved
    sa.Column("verdict", Word, nullable=False),  # accepted, changed, deleted, added, undone
    sa.Column("cells", sa.Text, nullable=False),  # JSON: cell -> a person's value
    sa.Column("coder", sa.Text),  # JSON of the coder's own event, NULL where it has none
    sa.Column("found", sa.Boolean, nullable=False),  # whether the present coding tells it by itself
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("who", Word, nullable=False),
    sa.Column("at", Word, nullable=False),
    sa.Index("corrected_page", "page"),
    sa.Index("corrected_shown", "shown"),
)

# What holds of what people said about articles as a whole: contexts, and lines that are no text.
corrected_articles = sa.Table(
    "corrected_articles",
    metadata,
    sa.Column("page", Word, primary_key=True),
    sa.Column("holds", sa.Boolean, nullable=False),  # false: all was given back to the coder
    sa.Column("record", sa.Text, nullable=False),  # JSON of archive.about.About
    sa.Column("who", Word, nullable=False),
    sa.Column("at", Word, nullable=False),
)

_SQLITE = (
    "CREATE VIRTUAL TABLE texts_index USING fts5(title, body, content='texts', content_rowid='article', "
    "tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER texts_added AFTER INSERT ON texts BEGIN "
    "INSERT INTO texts_index(rowid, title, body) VALUES (new.article, new.title, new.body); END",
    "CREATE TRIGGER texts_deleted AFTER DELETE ON texts BEGIN INSERT INTO texts_index(texts_index, rowid, title, body) "
    "VALUES ('delete', old.article, old.title, old.body); END",
)
# A tsvector holds at most 1 MB; the words after the first 300,000 characters of an article are not searched.
_POSTGRESQL = (
    "ALTER TABLE texts ADD COLUMN vector tsvector GENERATED ALWAYS AS "
    "(setweight(to_tsvector('simple', left(title, 10000)), 'A') || to_tsvector('simple', left(body, 300000))) STORED",
    "CREATE INDEX texts_index ON texts USING gin (vector)",
)


def _ddl(statement: str, dialect: str) -> Any:
    return sa.DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]


for _statement in _SQLITE:
    sa.event.listen(texts, "after_create", _ddl(_statement, "sqlite"))
for _statement in _POSTGRESQL:
    sa.event.listen(texts, "after_create", _ddl(_statement, "postgresql"))


def family(unit: str) -> Family:
    """The tables of a unit."""
    return EVENTS if unit == "event" else ACTS
