"""Addresses from public fault reports of this field (R175 to R178), each with siblings of its kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar.pages import canonical_url, same_url


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://e.example/خبر-أول", "https://e.example/%D8%AE%D8%A8%D8%B1-%D8%A3%D9%88%D9%84"),  # R177
        ("https://e.example/خبر 100%", "https://e.example/%D8%AE%D8%A8%D8%B1%20100%25"),
        ("https://E.Example:443/a/../b/./c%7e/#x", "https://e.example/b/c~"),
        ("https://موقع.example/", "https://xn--4gbrim.example/"),
        (" https://e.example \u200f", "https://e.example/"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("", ""),
    ],
)
def test_canonical(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (
            "https://e.example/%d8%ae%d8%a8%d8%b1-%d8%a3%d9%88%d9%84",
            "https://e.example/%D8%AE%D8%A8%D8%B1-%D8%A3%D9%88%D9%84",
            True,
        ),
        ("https://E.example/n/7/?utm_source=x&id=3", "https://e.example/n/7?id=3", True),
        ("http://www.e.example/n/7", "https://e.example/n/7", True),
        ("https://e.example/n?b=2&a=1&fbclid=zz", "https://e.example/n?a=1&b=2", True),
        ("https://e.example/n/7#comments", "https://e.example/n/7", True),
        ("https://e.example/خبر", "https://e.example/%D8%AE%D8%A8%D8%B1", True),
        ("https://e.example/n?id=3", "https://e.example/n?id=4", False),
        ("https://e.example/N/7", "https://e.example/n/7", False),
        ("https://e.example/n/7", "https://f.example/n/7", False),
    ],
)
def test_same(first: str, second: str, same: bool) -> None:
    assert same_url(first, second) is same


@given(st.text(max_size=60), st.text(max_size=30))
def test_canonical_twice_is_once(path: str, query: str) -> None:
    once = canonical_url(f"https://e.example/{path}?{query}")
    assert canonical_url(once) == once


@given(st.text(max_size=80))
def test_canonical_never_raises(text: str) -> None:
    assert isinstance(canonical_url(text), str)
    assert isinstance(canonical_url("http://" + text), str)
