"""Template parameters that an account answers by what it can do.

A stack on App Mesh asks whether the account still has access to it, and is refused by a rule of its template if not. This emulator has App
Mesh: where a deploy says nothing, it has access.
"""

from ministack.services.cloudformation import changesets, engine, handlers

_ANSWERS = {"AppMeshAccess": "granted"}


def install() -> None:
    resolve = engine._resolve_parameters

    def resolve_with_answers(template, provided, previous=None):
        asked = template.get("Parameters") or {}
        given = {parameter.get("Key") for parameter in provided}
        answers = [{"Key": name, "Value": value} for name, value in _ANSWERS.items() if name in asked and name not in given]
        return resolve(template, [*provided, *answers], previous)

    # Each of them has the name of its own.
    for module in (engine, changesets, handlers):
        module._resolve_parameters = resolve_with_answers
