"""The same as ``negoenv train``."""

from agents.commands import main

if __name__ == "__main__":
    main("train")
