"""The same as ``negoenv speed``."""

from agents.commands import main

if __name__ == "__main__":
    main("speed")
