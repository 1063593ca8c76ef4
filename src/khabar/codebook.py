"""The closed lists of the codebook: types and modes (PLOVER's), statuses, sectors, bodies, contexts, tolls, reasons.

Source: `docs/codebook.md` sections 3, 5, 8, 9 and 10. Rooms check against these, nothing else defines them.
"""

from __future__ import annotations

MODES: dict[str, tuple[str, ...]] = {
    "AGREE": (),
    "CONSULT": ("visit", "third-party", "multilateral", "phone"),
    "SUPPORT": (),
    "CONCEDE": (),
    "COOPERATE": (),
    "AID": (),
    "RETREAT": ("withdraw", "release", "return", "disarm", "ceasefire", "access", "resign"),
    "REQUEST": ("assist", "change", "yield", "meet"),
    "ACCUSE": ("disapprove", "investigate", "allege"),
    "REJECT": ("assist", "change", "yield", "meet"),
    "THREATEN": ("restrict", "arrest", "relations", "expel", "territory", "violence"),
    "PROTEST": ("demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"),
    "SANCTION": ("convict", "expel", "withdraw", "discontinue"),
    "MOBILIZE": ("troops", "weapons", "police", "militia"),
    "COERCE": (
        "seize", "restrict", "censor", "curfew", "martial-law", "arrest", "deport", "withhold", "misinformation",
        "cyber",
    ),
    "ASSAULT": (
        "abduct", "beat", "torture", "sexual", "targeted", "destroy", "primitive", "firearms", "explosives",
        "suicide-attack", "aerial", "drone", "heavy-weapons", "crowd-control", "unconventional",
    ),
}  # fmt: skip
TYPES: tuple[str, ...] = tuple(MODES)
SECTORS = frozenset("GOV MIL COP SPY LEG JUD PTY REB PRM UAF CRM CVL ELI JRN MED EDU REL BUS LAB SOC NGO REF".split())
BODIES = frozenset("UNO EUR ARL GCC OIC AFU NAT ICC ICJ IAE WHO OPC IMF WBK SCO OSC OTH".split())
CONTEXTS: tuple[str, ...] = tuple(
    "military intelligence executive legislative election political_institutions pro_democracy pro_autocracy economic "
    "legal reparations human_rights rights_freedoms repression human_security gender lgbt religion_ethnicity "
    "inequality diplomatic territory peacekeeping health asylum migration disasters natural_resource environment "
    "technology terrorism cbrn cyber misinformation crime corruption illegal_drugs trafficking".split()
)
TOLLS = ("killed", "injured", "detained", "abducted", "released", "displaced", "missing")
REASONS: tuple[str, ...] = tuple(
    "read_also teaser caption comment_form share tags menu copyright promo byline source heading rule other".split()
)
# Types that are acts of words: they take no speaker unless somebody else reports them, and a place only from their own
# paragraph (CODEBOOK sections 6, 7 and 11).
SPEECH_TYPES = frozenset({"AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})


def check_code(code: str) -> bool:
    """Whether `code` is `COUNTRY`, `COUNTRY.SECTOR`, `IGO` or `IGO.BODY` in form (countries: any three capitals)."""
    country, _, sector = code.partition(".")
    if country == "IGO":
        return not sector or sector in BODIES
    return len(country) == 3 and country.isascii() and country.isupper() and (not sector or sector in SECTORS)
