"""Lists of several pages, as an unmodified pynautobot walks through them."""

from latchkey import *

many = [f"page {number:04}" for number in range(1130)]
for start in range(0, len(many), 100):
    secrets.create([secret_body(name, description="of many") for name in many[start : start + 100]])

threaded = client(threading=True, max_workers=4).extras.secrets


def sorted_names(rows):
    return sorted(row.name for row in rows if row.description == "of many")


def test_all():
    """all goes beyond the page that is sent, and beyond the largest"""
    equal(sorted_names(secrets.all()), many)


def test_threaded_all():
    """all by several requests at a time is the same"""
    equal(sorted_names(threaded.all()), many)


def test_limit():
    """pages of a chosen size add up to the whole, with their filters kept"""
    equal(names(secrets.filter("page", limit=113)), many)
    equal(names(secrets.filter(name__isw="page 000", name__n=["page 0001", "page 0004"], limit=3)), many[:1] + many[2:4] + many[5:10])


def test_threaded_limit():
    """pages of a chosen size by several requests at a time are the same"""
    for limit in (0, 97, 500, 2000):
        equal(sorted_names(threaded.filter("page", limit=limit)), many)


def test_offset():
    """an offset gives one page alone"""
    equal(names(secrets.filter("page", limit=5, offset=1127)), many[1127:])
    equal(names(secrets.filter("page", limit=2, offset=10)), many[10:12])
    equal(secrets.filter("page", limit=5, offset=5000), [])


def test_count():
    """counts over all pages"""
    equal(secrets.count("page"), 1130)


def test_bulk_bound():
    """a list may have 100 rows and no more"""
    refused(lambda: secrets.create([secret_body(f"too many {number}") for number in range(101)]), "code 400", "100")
    equal(secrets.count(name__isw="too many"), 0)
