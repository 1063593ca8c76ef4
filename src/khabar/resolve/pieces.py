"""A mention parted at its conjunctions: which of its items belong to which party."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from khabar.resolve.scan import Item, Token

_NO_PARTY = ("skip", "mod", "weakmod", "former", "official")


def pieces(items: Sequence[Item], tokens: Sequence[Token]) -> Iterator[tuple[list[Item], int, int]]:
    """Items of each conjoined part, with its token bounds."""
    start, piece = 0, []  # type: int, list[Item]
    headed = any(e.kind == "head" for item in items for e in item.elements)
    for item in items:
        if piece and (
            (item.conjoined and (is_party(item) or (_modifier(item) and any(map(_modifier, piece)))))
            or (tokens[item.first].parted and all(e.kind in ("country", "people") for e in item.elements))
            or (not headed and _side_by_side(piece[-1], item))
        ):
            yield piece, start, item.first
            start, piece = item.first, []
        piece.append(item)
    yield piece, start, len(tokens)


def is_party(item: Item) -> bool:
    """Whether an item may be a party by itself, rather than change one."""
    return any(e.kind != "head" or (e.head is not None and e.head.kind not in _NO_PARTY) for e in item.elements)


def _modifier(item: Item) -> bool:
    """Whether it changes a head's sector: "security and medical sources" are two parties."""
    return all(e.head is not None and e.head.kind == "mod" for e in item.elements)


def _side_by_side(one: Item, other: Item) -> bool:
    """Two states without a head beside each other: `الأمريكية الفيتنامية`, `السعودية, القاهرة`."""
    states = [{e.country for e in i.elements if e.kind in ("country", "adjective", "capital")} for i in (one, other)]
    return bool(states[0]) and bool(states[1]) and not states[0] & states[1] and one.last == other.first
