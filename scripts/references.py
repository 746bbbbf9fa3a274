"""The same as ``negoenv references``."""

from agents.commands import main

if __name__ == "__main__":
    main("references")
