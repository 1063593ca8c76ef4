"""The second look: what the encoder and the second reader are nearly sure of, weighed with all that stands around it.

In: the model's probabilities for the words of a whole article, and how often a word's stem was a trigger or a party in
the gold (`WordCounts`). Out: the triggers with their types, and who an event's parties and speaker are, each with a
probability. Boosted trees (`look.npz` of the model folder), fitted by `training.look` on articles that the model has
not learned from. Never: another pass of a network, a code, an outside source.
"""

from khabar.coding.look.look import Look
from khabar.coding.look.parties import Told
from khabar.coding.look.triggers import Scored, first_look
from khabar.coding.look.words import WordCounts

__all__ = ["Look", "Scored", "Told", "WordCounts", "first_look"]
