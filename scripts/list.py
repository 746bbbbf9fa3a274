"""The same as ``negoenv list``."""

from agents.commands import main

if __name__ == "__main__":
    main("list")
