"""What can go wrong, as one small family that every door turns into words (RFC 9457 on the API, a sentence on a page)."""

from __future__ import annotations

from typing import Any, ClassVar


def N_(text: str) -> str:
    """Mark `text` for translation where nothing may be translated yet; the door that shows it translates it."""
    return text


class Problem(Exception):
    """A refusal with a machine-readable `code`, an HTTP `status` and a sentence for people.

    `message` is an English sentence with `%(name)s` placeholders filled from `params`; doors translate it first.
    Nothing has been changed when a Problem leaves an operation.
    """

    status: ClassVar[int] = 400

    def __init__(self, code: str, message: str, /, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class Invalid(Problem):
    """The input is not acceptable; `params["field"]`, if given, says where."""

    status = 422


class Unauthenticated(Problem):
    """Nobody is signed in."""

    status = 401


class Forbidden(Problem):
    """Somebody is signed in who may not do this."""

    status = 403


class NotFound(Problem):
    """There is no such thing, or not for this person (the two are not told apart)."""

    status = 404


class Conflict(Problem):
    """The state of things does not permit it (any more)."""

    status = 409


class Gone(Problem):
    """It was there once and has expired."""

    status = 410


class TooMany(Problem):
    """Too many tries; `params["retry_after_s"]` says when to come back."""

    status = 429


class Unavailable(Problem):
    """Something outside does not answer just now; trying again later may help."""

    status = 503
