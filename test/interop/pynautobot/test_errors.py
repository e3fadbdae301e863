"""What an unmodified pynautobot raises where it is refused: RequestError, with what the host said."""

import json

from latchkey import *


def test_fields():
    """faults of a row are told by field, all of them at once"""
    error = refused(lambda: secrets.create(name=""), "code 400")
    equal(json.loads(error.error), {"name": ["This field may not be blank."], "provider": ["This field is required."]})
    equal(json.loads(error.request_body), {"name": ""})


def test_required():
    """what is missing is named"""
    error = refused(lambda: slots.create(access_type="SSH"), "code 400")
    equal(json.loads(error.error), {name: ["This field is required."] for name in ("secrets_group", "secret_type", "secret")})


def test_duplicate():
    """a name that is taken is told"""
    made = new_secret()
    refused(lambda: secrets.create(**secret_body(made.name)), "code 400", "{'name': ['secret with this name already exists.']}")


def test_unknown_field():
    """a field that there is not is refused, so that a typo is not lost"""
    refused(lambda: secrets.create(**secret_body("typo", desciption="x")), "code 400", "{'desciption': ['Unknown field.']}")
    equal(secrets.count(name="typo"), 0)


def test_unknown_filter():
    """a filter that there is not is refused, so that a typo does not list everything"""
    refused(lambda: secrets.filter(nme="x"), "code 400", "{'nme': ['Unknown filter field']}")
    refused(lambda: secrets.count(nme="x"), "code 400", "{'nme': ['Unknown filter field']}")


def test_choice():
    """a choice that there is not is refused"""
    slot = new_slot()
    refused(lambda: slots.update(slot.id, {"access_type": "Telnet"}), "code 400", "\"Telnet\" is not a valid choice.")


def test_related():
    """a related row that is not there is told by its field"""
    error = refused(
        lambda: slots.create(secrets_group=nowhere, secret=nowhere, access_type="SSH", secret_type="password"), "code 400"
    )
    equal(sorted(json.loads(error.error)), ["secret", "secrets_group"])


def test_parameters():
    """parameters that the provider does not understand are refused when they are saved"""
    refused(lambda: secrets.create(**secret_body("wrong", parameters={"foo": "bar"})), "code 400", "parameters")
    refused(lambda: secrets.create(**secret_body("wrong", parameters={"variable": "{{ obj.name"})), "code 400", "parameters")


def test_nowhere():
    """an address that there is not is told by the client itself"""
    refused(lambda: nb.extras.no_such_collection.all(), "could not be found")
    equal(nb.extras.no_such_collection.get(nowhere), None)
