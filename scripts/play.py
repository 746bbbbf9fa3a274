"""The same as ``negoenv play``."""

from agents.commands import main

if __name__ == "__main__":
    main("play")
