"""The same as ``negoenv planning-curve``."""

from agents.commands import main

if __name__ == "__main__":
    main("planning-curve")
