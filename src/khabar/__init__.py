"""khabar: Arabic news in, a record one can question out: who did what to whom, where, when, on whose word."""

__version__ = "0.1.0"
