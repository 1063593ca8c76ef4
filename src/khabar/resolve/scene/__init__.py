"""The scene of an event, weighed anew: where, when and with which toll it happened, once all its parties have codes.

In: an article's events with places, times and tolls resolved, and what the coder heard of them (`HeardEvent.scene`):
likely words and unlikely ones, whether there are any, which country would be understood. Out: for each act the
likeliest country, the likeliest value of its time, the likeliest number of each category of its toll (or none), with
the probability that they are right. The coder reads each act by itself; here the article's other acts of the kind, the
parties' countries and the places, times and numbers that the text names speak, too. Boosted trees (`data/scene.npz`),
fitted by `training.scenes` on articles that neither coder nor resolver had learned from. Never: a place or time that
nothing in the article or the coder's guess names, a number other than one victim that the paragraph does not tell; a
change of types or parties.
"""

from khabar.resolve.scene.cells import Ground, problems
from khabar.resolve.scene.choose import Ranking, load_ranking, weigh_scenes

__all__ = ["Ground", "Ranking", "load_ranking", "problems", "weigh_scenes"]
