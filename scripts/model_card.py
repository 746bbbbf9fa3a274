"""The same as ``negoenv model-card``."""

from agents.commands import main

if __name__ == "__main__":
    main("model-card")
