"""The same as ``negoenv identification``."""

from agents.commands import main

if __name__ == "__main__":
    main("identification")
