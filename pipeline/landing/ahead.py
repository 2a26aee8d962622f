"""What comes next is made in a thread of its own while what came is worked on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


@contextmanager
def made_ahead(items: Iterator[Item]) -> Iterator[Iterator[Item]]:
    """The same items in their order, one of them ahead at most.

    What is raised as an item is made is raised where it would have come. At the end, however it
    comes, the item that is being made is waited for, and the thread is gone.
    """
    with ThreadPoolExecutor(1) as pool:
        yield _one_ahead(pool, items)


def _one_ahead(pool: ThreadPoolExecutor, items: Iterator[Item]) -> Iterator[Item]:
    # At most one item is in a list, which is given away with it: what is kept here would keep its
    # room until the next one comes.
    coming = pool.submit(_next_of, items)
    while made := coming.result():
        coming = pool.submit(_next_of, items)
        yield made.pop()


def _next_of(items: Iterator[Item]) -> list[Item]:
    return list(islice(items, 1))
