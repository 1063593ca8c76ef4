"""khabar: Arabic news in, a record one can question out: who did what to whom, where, when, on whose word.

for article in khabar.read("pages/"):
    for event in khabar.code(article).events: ...

with khabar.open("khabar.db") as archive:
    archive.events(actor="ARM", type="REQUEST")    # a pandas DataFrame
    archive.rows(place="GEO")                      # records, with every cell
"""

from khabar.api import CodingError, Reader, code, code_batch, open, read

__version__ = "0.1.0"
__all__ = ["CodingError", "Reader", "__version__", "code", "code_batch", "open", "read"]
