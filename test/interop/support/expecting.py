"""What a test says of what it got."""


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"expected {wanted!r}, got {got!r}")


def raised(kind, action, *parts):
    """The error that an action ends with; its text holds these parts."""
    try:
        got = action()
    except kind as error:
        missing = [part for part in parts if part not in str(error)]
        if missing:
            raise AssertionError(f"{missing} not in: {error}") from error
        return error
    raise AssertionError(f"expected {kind.__name__}, got {got!r}")
