"""The same as ``negoenv report``."""

from agents.commands import main

if __name__ == "__main__":
    main("report")
