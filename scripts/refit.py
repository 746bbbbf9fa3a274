"""The same as ``negoenv refit``."""

from agents.commands import main

if __name__ == "__main__":
    main("refit")
