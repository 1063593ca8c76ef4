"""The dyad of an event, weighed anew: who did it to whom, and on whose word, once everybody in the article has a code.

In: an article's events with the codes of their parties, and what the coder heard of each role (`HeardEvent.heard`): the
likely words and the unlikely ones, whether it has any, who would be understood. Out: for the actors, recipients and
speaker of each the likeliest candidates (nobody, these words, others, the parties of an act that is alike) with the
probability that their codes are right. The coder reads each act by itself; here codes, the other side of the act and
the article's other acts of the kind speak, too. Boosted trees (`data/dyad.npz`), fitted by `training.dyads` on articles
that neither coder nor resolver had learned from. Never: a party that nothing in the article names; a change of types,
places or times.
"""

from khabar.resolve.dyad.choose import Ranking, load_ranking, problems, weigh_anew
from khabar.resolve.dyad.sides import Parties, Party, Span, Spoken
from khabar.resolve.dyad.spoken import spoken, with_heard

__all__ = [
    "Parties", "Party", "Ranking", "Span", "Spoken", "load_ranking", "problems", "spoken", "weigh_anew", "with_heard",
]  # fmt: skip
