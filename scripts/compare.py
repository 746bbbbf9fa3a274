"""The same as ``negoenv compare``."""

from agents.commands import main

if __name__ == "__main__":
    main("compare")
