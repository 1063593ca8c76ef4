"""`python -m khabar` is the program `khabar`."""

from khabar.cli import main

if __name__ == "__main__":
    main()
