"""``python -m subkelvin`` is the command ``subkelvin``."""

from subkelvin.cli import main

if __name__ == "__main__":
    main()
