"""Stories: the same thing told many times.

`acts` links the events of one article (title, lead, later paragraphs) into acts; `linker` the acts of several articles
into happenings, on the evidence of `telling`; `summary` says what the reports of a happening say together and where
they differ; `copies` and `sketches` find articles of one text; `matter` tells which thread an article goes on with;
`links` compares two articles as wholes. An archive links what it stores by the same functions
(`khabar.archive.linking`).

In: coded articles whose codes are resolved (drafts without codes link by words, place and time alone). Out: acts and
happenings with the reports that tell them and the best value of every cell. It must never change an event, drop one, or
bring two together that cannot be one.
"""

from khabar.stories.acts import acts

__all__ = ["acts"]
