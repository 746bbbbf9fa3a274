"""The same as ``negoenv evaluate``."""

from agents.commands import main

if __name__ == "__main__":
    main("evaluate")
