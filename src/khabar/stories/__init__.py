"""Stories: the same act told many times. `acts` links the events of one article.

In: a coded article whose codes are resolved (drafts without codes link by words, place and time alone). Out: acts, each
with the events that tell it and the best value of every cell. It must never change an event, drop one, or bring two
events together that cannot be one act.
"""

from khabar.stories.acts import acts

__all__ = ["acts"]
