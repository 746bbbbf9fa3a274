"""The same as ``negoenv demo``."""

from agents.commands import main

if __name__ == "__main__":
    main("demo")
