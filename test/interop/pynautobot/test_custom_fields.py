"""Custom fields and their values, by an unmodified pynautobot."""

from latchkey import *

fields, field_choices = nb.extras.custom_fields, nb.extras.custom_field_choices
owner = fields.create(label="Owner team", key="owner", type="text", content_types=["extras.secret"])
days = fields.create(label="Days", key="days", type="integer", validation_maximum=365, content_types=["extras.secret"])
level = fields.create(label="Level", key="level", type="select", content_types=["extras.secret", "extras.secretsgroup"])
high, low = field_choices.create([{"custom_field": level.id, "value": value} for value in ("high", "low")])
unset = {"owner": None, "days": None, "level": None}


def test_fields():
    """custom fields are listed for who asks an area for them, and got by key"""
    shown = nb.extras.get_custom_fields(filters={"key": "owner"})
    equal([(row["label"], row["content_types"]) for row in shown], [("Owner team", ["extras.secret"])])
    values = nb.extras.get_custom_field_choices(filters={"custom_field": "level"})
    equal(sorted(row["value"] for row in values), ["high", "low"])
    equal((str(fields.get(key="days")), str(high)), ("Days", "high"))
    owner.description = "who to ask"
    equal((owner.save(), fields.get(owner.id).description), (True, "who to ask"))


def test_types():
    """the types of custom fields are choices"""
    offered = [choice["value"] for choice in fields.choices()["type"]]
    equal([kind for kind in ("text", "integer", "boolean", "date", "url", "select", "multi-select", "json") if kind not in offered], [])


def test_values():
    """a row has every field, a save merges, and null takes a value away"""
    made = new_secret(custom_fields={"owner": "net", "days": 30})
    equal(made.custom_fields, {**unset, "owner": "net", "days": 30})
    equal(new_secret().custom_fields, unset)
    row = secrets.get(made.id)
    row.custom_fields["days"] = 60
    equal(row.save(), True)
    equal(secrets.update(made.id, {"custom_fields": {"owner": None, "level": "high"}}), True)
    equal(secrets.get(made.id).custom_fields, {"owner": None, "days": 60, "level": "high"})


def test_filters():
    """rows are found by their values"""
    made = [new_secret(custom_fields={"owner": "filtered", "days": number}).name for number in (1, 2, 3)]
    equal(names(secrets.filter(cf_owner="filtered", cf_days__gte=2, sort="name")), sorted(made[1:]))
    equal(secrets.count(cf_owner="filtered", cf_days=[1, 3]), 2)


def test_refused():
    """a value that does not fit is refused, and nothing is stored"""
    name = fresh("refused")
    for values in ({"days": 900}, {"days": "many"}, {"level": "middling"}, {"nothing": 1}):
        refused(lambda: secrets.create(**secret_body(name, custom_fields=values)), "code 400", list(values)[0])
    equal(secrets.count(name=name), 0)


def test_groups():
    """groups have those that are theirs"""
    made = groups.create(name=fresh("group"), custom_fields={"level": "low"})
    equal(groups.get(made.id).custom_fields, {"level": "low"})
    equal(names(groups.filter(cf_level="low")), [made.name])


def test_bulk():
    """lists set values, too"""
    made = secrets.create([secret_body(fresh("listed"), custom_fields={"owner": "bulk"}) for _ in range(2)])
    changed = secrets.update([{"id": row.id, "custom_fields": {"days": 7}} for row in made])
    equal([row.custom_fields for row in changed], [{"owner": "bulk", "days": 7, "level": None}] * 2)


def test_delete():
    """a field that goes takes its values along; a choice that is in use stays"""
    passing = fields.create(label="Passing", key="passing", type="boolean", content_types=["extras.secretsgroup"])
    made = groups.create(name=fresh("group"), custom_fields={"passing": True, "level": "high"})
    refused(high.delete, "code 409")
    equal(passing.delete(), True)
    equal(groups.get(made.id).custom_fields, {"level": "high"})
