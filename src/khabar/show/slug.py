"""File names that keep Arabic letters."""

from __future__ import annotations

import re
import unicodedata

MOST_BYTES = 200  # file systems allow 255 for a name with its ending


def slug(text: str) -> str:
    """A file name for a title: its letters and digits of any script, hyphens between the words (`عودة-العمال`); marks
    and invisible characters are dropped. Never empty, never a path, at most 200 bytes of UTF-8."""
    letters = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in ("Mn", "Cf"))
    name = "-".join(re.findall(r"[^\W_ـ]+", letters))
    cut = name.encode("utf-8", "ignore")[:MOST_BYTES].decode("utf-8", "ignore").rstrip("-")
    if len(cut) < len(name) and "-" in cut:
        cut = cut.rpartition("-")[0]
    return cut or "khabar"
