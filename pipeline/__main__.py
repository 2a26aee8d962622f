"""`python -m pipeline`: the same commands as `achievement`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
