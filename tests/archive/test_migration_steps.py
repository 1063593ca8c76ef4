"""An archive made by the first version of the schema gets what later ones added, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from archive_samples import batch

from khabar.archive import OlderArchive, Query, migrate_archive, open_archive, schema

# The tables of version 1; whatever else the schema declares came later.
FIRST = {
    "khabar_meta", "articles", "paragraphs", "dropped", "contexts", "events", "event_parties", "event_dyads",
    "event_tolls", "acts", "act_parties", "act_dyads", "act_tolls", "names", "texts", "corrections",
}  # fmt: skip
# Tables that version 1 made beside its own.
ALSO_FIRST = {"runs", "faults"}


def outline(engine: sa.Engine) -> dict[str, tuple[set[str], set[str]]]:
    """Table -> its columns and indexes, those of the databases' own full-text search apart."""
    inspector = sa.inspect(engine)
    return {
        name: (
            {column["name"] for column in inspector.get_columns(name)},
            {str(index["name"]) for index in inspector.get_indexes(name)},
        )
        for name in inspector.get_table_names()
        if not name.startswith("texts_")
    }


def make_old(engine: sa.Engine) -> None:
    """Takes out what came after version 1, and one index of its own."""
    later = [table for table in schema.metadata.sorted_tables if table.name not in FIRST | ALSO_FIRST]
    with engine.begin() as connection:
        schema.metadata.drop_all(connection, tables=later)
        connection.exec_driver_sql("DROP INDEX events_country")
        connection.execute(sa.update(schema.meta).where(schema.meta.c.name == "schema").values(value="1"))


def test_an_archive_of_version_1_gets_every_table_and_index_that_it_lacks(address: str) -> None:
    with open_archive(address) as archive:
        archive.add_batch(batch(1, 2), coder="c")
        whole = outline(archive._engine)
        before = list(archive.events())
        make_old(archive._engine)
        assert outline(archive._engine) != whole
    with pytest.raises(OlderArchive, match="khabar migrate"):
        open_archive(address)
    done = migrate_archive(address)
    assert (done.before, done.after) == (1, schema.SCHEMA_VERSION)
    with open_archive(address) as mended:
        assert outline(mended._engine) == whole
        assert list(mended.events()) == before
        assert mended.search("تبليسي", limit=None)
        mended.add_batch(batch(3), coder="c")
    assert migrate_archive(address).before == schema.SCHEMA_VERSION
    if done.backup:
        assert Path(done.backup).is_file()


def test_an_archive_of_version_2_gets_words_about_whole_articles(address: str) -> None:
    with open_archive(address) as archive:
        archive.add_batch(batch(1, 2), coder="c")
        whole = outline(archive._engine)
        with archive._engine.begin() as connection:
            schema.corrected_articles.drop(connection)
            connection.execute(sa.update(schema.meta).where(schema.meta.c.name == "schema").values(value="2"))
    done = migrate_archive(address)
    assert (done.before, done.after) == (2, schema.SCHEMA_VERSION)
    with open_archive(address) as mended:
        assert outline(mended._engine) == whole
        first = next(mended.articles())
        mended.correct_article(first.id, contexts=["military"], who="Rima")
        assert mended.article(first.id)[1].contexts == ("military",)


def test_an_archive_of_version_3_gets_the_days_of_its_parties(address: str) -> None:
    with open_archive(address) as archive:
        archive.add_batch(batch(1, 2, 3), coder="c")
        whole = outline(archive._engine)
        asked = [
            Query(actor="ARM", limit=10),
            Query(actor="ARM", recipient="AZE", limit=10),
            Query(actor="GEO", limit=9),
        ]
        before = [list(archive.events(query)) for query in asked]
        assert any(before)
        kept = {table.name: told_of(archive._engine, table) for family in FAMILIES for table in family}
        with archive._engine.begin() as connection:
            for unit in ("event", "act"):
                connection.exec_driver_sql(f"DROP INDEX {unit}s_lasting")
                connection.exec_driver_sql(f"DROP INDEX {unit}_parties_days")
                connection.exec_driver_sql(f"DROP INDEX {unit}_dyads_days")
                for name in ("type", "mode", "first", "last"):
                    connection.exec_driver_sql(f'ALTER TABLE {unit}_parties DROP COLUMN "{name}"')
                connection.exec_driver_sql(f"ALTER TABLE {unit}_dyads DROP COLUMN sided")
                connection.exec_driver_sql(
                    f"CREATE INDEX {unit}_parties_country ON {unit}_parties (country, role, sector)"
                )
                connection.exec_driver_sql(f"CREATE INDEX {unit}_dyads_pair ON {unit}_dyads (source, target, first)")
            connection.execute(sa.update(schema.meta).where(schema.meta.c.name == "schema").values(value="3"))
    done = migrate_archive(address)
    assert (done.before, done.after) == (3, schema.SCHEMA_VERSION)
    with open_archive(address) as mended:
        assert outline(mended._engine) == whole
        assert [list(mended.events(query)) for query in asked] == before
        assert {table.name: told_of(mended._engine, table) for family in FAMILIES for table in family} == kept
        mended.add_batch(batch(4), coder="c")


FAMILIES = [(family.parties, family.dyads) for family in (schema.EVENTS, schema.ACTS)]


def told_of(engine: sa.Engine, table: sa.Table) -> list[tuple[object, ...]]:
    """The rows of a table, in order of their keys."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]
