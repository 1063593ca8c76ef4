"""Errors of the archive, written for people: what went wrong, where, what to do."""

from __future__ import annotations


class ArchiveError(Exception):
    """The archive cannot be opened, read or written. What was stored before stays as it was."""


class Away(ArchiveError):
    """The server does not answer: it may come back (`khabar.archive.patiently` waits for it)."""


class NewerArchive(ArchiveError):
    """The archive was made by a newer version of khabar."""


class OlderArchive(ArchiveError):
    """The archive was made by an older version of khabar: `khabar migrate` brings it up to date."""


class QueryError(ArchiveError, ValueError):
    """A question that cannot be asked: a value that the codebook or the calendar does not have."""


class CorrectionError(ArchiveError, ValueError):
    """A correction that the codebook or the article does not allow. Nothing was changed."""


class UnknownEvent(ArchiveError):
    """The archive shows no event (or article) of this id."""


class Conflict(ArchiveError):
    """Someone else corrected the event meanwhile, or it was coded anew. Nothing was changed."""
