"""The same as ``negoenv ablation``."""

from agents.commands import main

if __name__ == "__main__":
    main("ablation")
