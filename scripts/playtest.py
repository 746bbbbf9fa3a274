"""The same as ``negoenv playtest``."""

from agents.commands import main

if __name__ == "__main__":
    main("playtest")
