"""The same as ``negoenv board``."""

from agents.commands import main

if __name__ == "__main__":
    main("board")
