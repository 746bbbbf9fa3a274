"""The same as ``negoenv calibrate``."""

from agents.commands import main

if __name__ == "__main__":
    main("calibrate")
