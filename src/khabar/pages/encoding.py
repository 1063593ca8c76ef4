"""Bytes to text: byte order marks, UTF-8, what the page declares, letter statistics, and mojibake repaired.

Order of evidence: a byte order mark, valid UTF-8, zero bytes of UTF-16, a declared encoding that the letters do not
contradict, letter statistics. Valid UTF-8 comes before any declaration because Arabic in a single-byte encoding is
practically never valid UTF-8, while pages declare wrongly every day.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

# How far a declared encoding may lie behind the best one by letter statistics and still be believed (mean log
# probability per letter). Measured on windows-1256 and ISO-8859-6 sentences: right and wrong differ by 2 to 5.
DECLARED_BONUS = 0.8
SINGLE_BYTE = ("windows-1256", "iso-8859-6", "mac-arabic", "cp864", "cp720", "windows-1252")
_NAMES = {
    "utf-8": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf_8": "utf-8",
    "cp1256": "windows-1256", "windows-1256": "windows-1256", "win-1256": "windows-1256", "x-cp1256": "windows-1256",
    "1256": "windows-1256", "windows1256": "windows-1256", "cp-1256": "windows-1256",
    "iso8859-6": "iso-8859-6", "iso-8859-6": "iso-8859-6", "iso_8859-6": "iso-8859-6", "arabic": "iso-8859-6",
    "asmo-708": "iso-8859-6", "ecma-114": "iso-8859-6", "iso-8859-6-i": "iso-8859-6", "iso-8859-6-e": "iso-8859-6",
    "mac-arabic": "mac-arabic", "macarabic": "mac-arabic", "x-mac-arabic": "mac-arabic",
    "cp864": "cp864", "ibm864": "cp864", "cp720": "cp720", "dos-720": "cp720",
    "iso-8859-1": "windows-1252", "latin1": "windows-1252", "latin-1": "windows-1252", "us-ascii": "windows-1252",
    "ascii": "windows-1252", "cp1252": "windows-1252", "windows-1252": "windows-1252",
    "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}  # fmt: skip
_DECLARED = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.\-]{2,40})""",
    re.IGNORECASE,
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (b"%PDF", b"\x89PNG", b"PK\x03\x04", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"SQLite format 3", b"RIFF",
           b"OggS", b"ID3", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"MZ\x90")  # fmt: skip


class Decoded(NamedTuple):
    """Text of bytes. `encoding` is the name used, `evidence` why; `replaced` counts bytes that fitted no letter (they
    became U+FFFD); `repaired` counts characters that had been decoded wrongly before and were set right."""

    text: str
    encoding: str
    evidence: str
    replaced: int = 0
    repaired: int = 0


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Text of `data`; `declared` is what its carrier says (an HTTP content type or the name of an encoding).

    Never raises: what cannot be decoded becomes U+FFFD and is counted. No byte order mark stays in the text.
    """
    decoded = _decode(data, declared)
    text, repaired = repair(decoded.text)
    return decoded._replace(text=text, repaired=repaired)


def _decode(data: bytes, declared: str | None) -> Decoded:
    for mark, name in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(name, "replace")
            return Decoded(text.lstrip("\ufeff"), name, "byte order mark", text.count("\ufffd"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        wide = _utf16(data)
        if wide is None:
            return Decoded(text.lstrip("\ufeff"), "utf-8", "valid UTF-8")
    wide = _utf16(data)
    if wide is not None:
        text = data.decode(wide, "replace")
        return Decoded(text.lstrip("\ufeff"), wide, "bytes in pairs", text.count("\ufffd"))
    lossy = _nearly_utf8(data)
    if lossy is not None:
        return lossy
    return _single_byte(data, declared)


def declared_encodings(data: bytes, declared: str | None = None) -> tuple[str, ...]:
    """Names of encodings that the carrier, then the page itself declare, by our names, without repeats."""
    found: list[str] = []
    if declared:
        name = declared.lower().rpartition("charset=")[2].split(";")[0].strip(" \"'")
        found.append(_NAMES.get(name, name))
    for match in _DECLARED.finditer(data[:4096]):
        name = (match[1] or match[2]).decode("ascii").lower()
        found.append(_NAMES.get(name, name))
    return tuple(dict.fromkeys(found))


def looks_binary(data: bytes) -> bool:
    """Whether the bytes are no text in any encoding (a picture, a PDF, an archive)."""
    if data.startswith(_BINARY):
        return True
    head = data[:4096]
    if not head or any(head.startswith(mark) for mark, _ in _BOMS) or _utf16(head) is not None:
        return False
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 26, 27) for byte in head)
    return b"\x00" in head or controls > len(head) // 20


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte is 0 (Latin, spaces) or 6 (Arabic letters)."""
    head = data[:2048]
    if len(head) < 8 or (b"\x00" not in head and b"\x06" not in head):
        return None
    even, odd = head[0::2], head[1::2]
    for name, high in (("utf-16-le", odd), ("utf-16-be", even)):
        if sum(byte in (0, 6, 0x20) for byte in high) > 0.9 * len(high):
            return name
    return None


def _nearly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a few bad bytes: most bytes above ASCII stand in valid sequences."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    good = sum(ch > "\x7f" for ch in text) - text.count("\ufffd")
    if good < 3 or bad > 0.15 * (good + bad):
        return None
    return Decoded(text.lstrip("\ufeff"), "utf-8", f"UTF-8 with {bad} bad bytes", bad)


def _single_byte(data: bytes, declared: str | None) -> Decoded:
    names = declared_encodings(data, declared)
    sample = data[:200_000]
    scores: dict[str, float] = {}
    for name in dict.fromkeys((*SINGLE_BYTE, *names)):
        if name == "utf-8":
            continue
        try:
            text = sample.decode(_python_name(name), "replace")
        except (LookupError, UnicodeError):
            continue
        scores[name] = letter_score(text) + (DECLARED_BONUS if name in names else 0.0)
    best = max(scores, key=lambda name: scores[name])
    text = data.decode(_python_name(best), "replace")
    evidence = "declared" if best in names else "letter statistics"
    return Decoded(text, best, evidence, text.count("\ufffd"))


def _python_name(name: str) -> str:
    return {"windows-1256": "cp1256", "windows-1252": "cp1252", "mac-arabic": "mac_arabic"}.get(name, name)


@cache
def _letters() -> dict[str, float]:
    """Log probability of each letter of Arabic news (data/letters.tsv, counted on folded-free news text)."""
    rows = (files(__package__) / "data" / "letters.tsv").read_text("utf-8").splitlines()[1:]
    return {letter: float(value) for letter, value in (row.split("\t") for row in rows)}


def letter_score(text: str) -> float:
    """Mean log probability of the letters above ASCII as Arabic; letters that Arabic news does not have cost 12."""
    table = _letters()
    values = [table.get(ch, -12.0) for ch in text if ch > "\x7f"]
    return sum(values) / len(values) if values else -12.0


@cache
def _sloppy(codec: str) -> dict[str, int]:
    """Character to byte of a single-byte codec; undefined bytes stand for the control of the same number."""
    table: dict[str, int] = {}
    for byte in range(256):
        char = bytes([byte]).decode(codec, "replace")
        table[chr(byte) if char == "\ufffd" else char] = byte
    for byte in range(128, 160):  # text that went through latin-1 keeps C1 controls
        table.setdefault(chr(byte), byte)
    return table


def _suspect(codec: str) -> re.Pattern[str]:
    """What a letter of Arabic in UTF-8 (a byte D8 to DB, then one of 80 to BF) looks like when read in `codec`."""
    leads = bytes(range(0xD8, 0xDC)).decode(codec)
    follows = "".join(bytes([b]).decode(codec, "replace").replace("\ufffd", "") + chr(b) for b in range(0x80, 0xC0))
    return re.compile(f"[{leads}][{re.escape(follows)}]")


_SUSPECT = {codec: _suspect(codec) for codec in ("cp1252", "cp1256")}
_LATIN_RUN = re.compile("[À-ÿ]{2,}")


def repair(text: str) -> tuple[str, int]:
    """Sets wrongly decoded text right where that is certain; gives the text and the number of characters changed.

    Certain means: the line turned back into bytes is valid UTF-8 (or windows-1256), what comes out is Arabic by its
    letters, and what stood there was not.
    """
    head = text[:100_000]
    misread = any(len(pattern.findall(head)) >= 2 for pattern in _SUSPECT.values())
    if not misread and len(_LATIN_RUN.findall(head)) < 2:
        return text, 0
    changed = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        better = _repair_line(line)
        if better is not None:
            changed += sum(ch > "\x7f" for ch in line)
            lines[number] = better
    return "\n".join(lines), changed


def _repair_line(line: str) -> str | None:
    high = [ch for ch in line if ch > "\x7f"]
    if len(high) < 4:
        return None
    before = letter_score(line)
    for codec in ("cp1252", "cp1256"):
        if len(_SUSPECT[codec].findall(line)) < 2:
            continue
        table = _sloppy(codec)
        try:
            better: str | None = bytes(table[ch] for ch in line).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            better = _repair_parts(line, table)
        if better and letter_score(better) > max(before + 1.0, -5.5):
            return better
    letters = [ch for ch in line if ch.isalpha()]
    if letters and sum("À" <= ch <= "ÿ" for ch in letters) > 0.6 * len(letters) and len(letters) >= 8:
        table = _sloppy("cp1252")
        try:
            other = bytes(table[ch] for ch in line).decode("cp1256")
        except (KeyError, UnicodeDecodeError):
            return None
        if letter_score(other) > -4.5:
            return other
    return None


def _repair_parts(line: str, table: dict[str, int]) -> str | None:
    """Words of the line that turn into valid UTF-8, the others left (a line with one sound word among broken ones)."""
    parts = line.split(" ")
    done = 0
    for number, part in enumerate(parts):
        if not any(ch > "\x7f" for ch in part):
            continue
        try:
            parts[number] = bytes(table[ch] for ch in part).decode("utf-8")
            done += 1
        except (KeyError, UnicodeDecodeError):
            continue
    return " ".join(parts) if done >= 2 else None
