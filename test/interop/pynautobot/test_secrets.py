"""Secrets, managed by an unmodified pynautobot."""

from latchkey import *


def test_create():
    """a secret that is created is a record with an id, an address and plain parameters"""
    made = secrets.create(**secret_body("made", description="by a client"))
    equal(str(made), "made")
    equal(made.url, f"{url}/api/extras/secrets/{made.id}/")
    equal(made.parameters, {"variable": "INTEROP"})
    equal((made.description, made.provider, made.tags), ("by a client", "environment-variable", []))
    equal(isinstance(made.custom_fields, dict), True)


def test_get():
    """is got by id, by name and by a filter; what is not there is None"""
    made = new_secret()
    equal(secrets.get(made.id), made)
    equal(secrets.get(made.name).id, made.id)
    equal(secrets.get(name=made.name).parameters, made.parameters)
    equal([secrets.get(nowhere), secrets.get("no such name"), secrets.get(name="no such name")], [None] * 3)


def test_get_of_many():
    """get refuses to choose among several"""
    secrets.create([secret_body("several 1"), secret_body("several 2")])
    raised(ValueError, lambda: secrets.get(name__isw="several"), "more than one result")


def test_filter():
    """filters by fields with their suffixes, by lists as or, and by free text"""
    secrets.create([secret_body(f"filtered {name}") for name in ("Alpha", "beta", "gamma")])
    equal(names(secrets.filter(name=["filtered beta", "filtered gamma"])), ["filtered beta", "filtered gamma"])
    equal(names(secrets.filter(name__ic="FILTERED A")), ["filtered Alpha"])
    equal(names(secrets.filter("filtered", name__n="filtered beta")), ["filtered Alpha", "filtered gamma"])
    equal(names(secrets.filter("filtered", sort="-name")), ["filtered gamma", "filtered beta", "filtered Alpha"])
    equal(names(secrets.filter("filtered", created__gt="2000-01-01", name__re="a$", provider__n="text-file"))[0], "filtered Alpha")
    equal(secrets.filter(name="nothing is called that"), [])


def test_count():
    """counts all, by filter and by free text"""
    secrets.create([secret_body("counted 1"), secret_body("counted 2")])
    equal(secrets.count(name__isw="counted"), 2)
    equal(secrets.count("counted 2"), 1)
    equal(secrets.count(), len(secrets.all()))


def test_save():
    """save sends what changed, and nothing where nothing did"""
    made = secrets.get(new_secret(description="before").id)
    equal(made.save(), False)
    made.description = "after"
    equal(made.updates(), {"description": "after"})
    equal(made.save(), True)
    made.parameters = {"variable": "OTHER"}
    equal(made.save(), True)
    again = secrets.get(made.id)
    equal((again.description, again.parameters), ("after", {"variable": "OTHER"}))


def test_update():
    """updates by the record and by the id"""
    made = new_secret()
    equal(made.update({"description": "by the record"}), True)
    equal(secrets.get(made.id).description, "by the record")
    equal(secrets.update(made.id, {"description": "by the id"}), True)
    equal(secrets.get(made.id).description, "by the id")


def test_bulk():
    """creates, updates and deletes lists, of dicts and of records"""
    made = secrets.create([secret_body(f"bulk {number}") for number in range(3)])
    equal(names(made), ["bulk 0", "bulk 1", "bulk 2"])
    changed = secrets.update([{"id": row.id, "description": "one"} for row in made])
    equal([row.description for row in changed], ["one"] * 3)
    for row in changed:
        row.description = f"about {row.name}"
    equal([row.description for row in secrets.update(changed)], ["about bulk 0", "about bulk 1", "about bulk 2"])
    equal(secrets.delete([made[0].id]), True)
    equal(secrets.delete(made[1:]), True)
    equal(secrets.count(name__isw="bulk"), 0)


def test_bulk_refused():
    """a list with one row that is refused stores nothing"""
    refused(lambda: secrets.create([secret_body("half"), secret_body("")]), "[{}, {'name': ['This field may not be blank.']}]")
    equal(secrets.count(name="half"), 0)
    made = new_secret(description="as it was")
    refused(lambda: secrets.update([{"id": made.id, "description": "x"}, {"id": nowhere}]), nowhere)
    refused(lambda: secrets.delete([made.id, nowhere]), nowhere)
    equal(secrets.get(made.id).description, "as it was")


def test_delete():
    """is deleted, and then is not there"""
    made = new_secret()
    equal(made.delete(), True)
    equal(secrets.get(made.id), None)
    refused(made.delete, "could not be found")


def test_choices():
    """tells its choices: none, since a provider is a word"""
    equal(secrets.choices(), {})


def test_state():
    """a record that is compared with what should be there is changed once and not again"""
    made = new_secret(description="old")
    wanted = {**secrets.get(made.id).serialize(), "description": "new"}
    row = secrets.get(made.id)
    equal(row.serialize() == wanted, False)
    equal(row.update(wanted), True)
    equal(secrets.get(made.id).serialize()["description"], "new")
    again = secrets.get(made.id)
    equal(again.update({**again.serialize(), "description": "new"}), False)


def test_check():
    """check reads the value and tells whether it could, never what it is"""
    equal(detail(new_secret(), "check").list(), {"result": True, "message": "Passed"})
    missing = new_secret(parameters={"variable": "INTEROP_MISSING"})
    answer = detail(missing, "check").list()
    equal((answer["result"], "Undefined environment variable" in answer["message"]), (False, True))


def test_tags():
    """is marked with tags by id, by name and as records, and found by them"""
    red, blue = (nb.extras.tags.create(name=fresh(name), content_types=["extras.secret"]) for name in ("red", "blue"))
    made = new_secret(tags=[red.id])
    equal([str(tag) for tag in made.tags], [red.name])
    equal(made.update({"tags": [{"name": red.name}]}), True)
    row = secrets.get(made.id)
    row.tags.append(blue)
    equal(row.save(), True)
    equal(names(secrets.filter(tags=[red.name, blue.name])), [made.name])
    equal(secrets.count(tags=blue.id), 1)


def test_notes():
    """takes notes, and lists them"""
    made = new_secret()
    note = made.notes.create({"note": "rotated by hand"})
    equal((note.note, note.user_name), ("rotated by hand", "admin"))
    equal([row.note for row in made.notes.list()], ["rotated by hand"])
    equal(nb.extras.notes.get(note.id).assigned_object_id, made.id)
