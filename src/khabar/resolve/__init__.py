"""Resolution: who, where, when and how many, for the spans that a coder found.

In: an article and its coded draft (spans without codes). Out: the same coded article with codes, stable ids and Latin
names of parties, country and coordinates of places, values of times, tolls, event ids, and for every resolved cell the
method, the alternatives and a confidence. Of a coder that tells what else it heard, actors, recipients and speakers are
weighed anew (`resolve.dyad`), then places, times and tolls (`resolve.scene`). Never: a party, place or date that the
article does not give; a change of types or status; network or files beyond the tables.
"""

from khabar.resolve.resolver import resolve
from khabar.resolve.schema import TableError
from khabar.resolve.tables import Tables, load_tables

__all__ = ["TableError", "Tables", "load_tables", "resolve"]
