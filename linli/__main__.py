"""`linli …` or `python -m linli …`: the command line."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command that the words name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    # Several processes share the cores: threads of linear algebra would wait for each other in a loop, which costs CPU and wins nothing.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
