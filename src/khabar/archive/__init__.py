"""The archive: articles and their coded events on SQLite or PostgreSQL, and the questions one can ask them.

Comes in: an `Article` with its `CodedArticle` (already resolved). Goes out: `Row`s, counts, articles as they were read.
It must never code, resolve or change what it is given, show half an article, or lose what was stored.
"""

from khabar.archive.archive import Archive, migrate_archive, open_archive
from khabar.archive.changes import Change
from khabar.archive.corrected import CELLS, Standing
from khabar.archive.corrections import Judged, Step
from khabar.archive.counts import BY, Count
from khabar.archive.errors import (
    ArchiveError,
    Away,
    Conflict,
    CorrectionError,
    NewerArchive,
    OlderArchive,
    QueryError,
    UnknownEvent,
)
from khabar.archive.keys import digest, page_key
from khabar.archive.ledger import Failed, Run
from khabar.archive.patience import PATIENCE, patiently
from khabar.archive.query import Query
from khabar.archive.recoding import Recoding
from khabar.archive.rows import ArticleRow, Hit, Migration, PartyCell, PlaceCell, Row, Status
from khabar.archive.schema import SCHEMA_VERSION
from khabar.archive.write import Outcome

__all__ = [
    "BY",
    "CELLS",
    "PATIENCE",
    "SCHEMA_VERSION",
    "Archive",
    "ArchiveError",
    "ArticleRow",
    "Away",
    "Change",
    "Conflict",
    "CorrectionError",
    "Count",
    "Failed",
    "Hit",
    "Judged",
    "Migration",
    "NewerArchive",
    "OlderArchive",
    "Outcome",
    "PartyCell",
    "PlaceCell",
    "Query",
    "QueryError",
    "Recoding",
    "Row",
    "Run",
    "Standing",
    "Status",
    "Step",
    "UnknownEvent",
    "digest",
    "migrate_archive",
    "open_archive",
    "page_key",
    "patiently",
]
