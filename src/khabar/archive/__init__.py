"""The archive: articles and their coded events on SQLite or PostgreSQL, and the questions one can ask them.

Comes in: an `Article` with its `CodedArticle` (already resolved). Goes out: `Row`s, counts, articles as they were read.
It must never code, resolve or change what it is given, show half an article, or lose what was stored.
"""

from khabar.archive.errors import ArchiveError, NewerArchive, OlderArchive, QueryError
from khabar.archive.query import Query
from khabar.archive.rows import ArticleRow, Hit, Migration, PartyCell, PlaceCell, Row, Status

__all__ = [
    "ArchiveError",
    "ArticleRow",
    "Hit",
    "Migration",
    "NewerArchive",
    "OlderArchive",
    "PartyCell",
    "PlaceCell",
    "Query",
    "QueryError",
    "Row",
    "Status",
]
