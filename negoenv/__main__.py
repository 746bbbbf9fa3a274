"""``python -m negoenv``: the command ``negoenv``."""

from negoenv_command import main

if __name__ == "__main__":
    main()
