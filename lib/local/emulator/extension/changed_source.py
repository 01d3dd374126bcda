"""MiniStack's own way to work on a stack, with changes within its functions, where nothing else can be put around."""

import inspect

from ministack.services.cloudformation import changesets, handlers, stacks

# The text of each function as it is by now: that of a function which was changed is in no file.
_sources: dict[str, str] = {}


def change(name: str, changes: tuple[tuple[str, str], ...], *used) -> None:
    """Puts other texts into a function of MiniStack, wherever it is called.

    :param changes: pairs of a text, which occurs once, and the one that takes its place
    :param used: functions that the new texts call
    """
    source = _sources.get(name) or inspect.getsource(getattr(stacks, name))
    for text, instead in changes:
        assert source.count(text) == 1, f"{name} of MiniStack: got {text!r} {source.count(text)} times, expected it once"
        source = source.replace(text, instead)
    _sources[name] = source
    # Within the module, so that it sees what others put there.
    vars(stacks).update({function.__name__: function for function in used})
    exec(compile(source, stacks.__file__, "exec"), vars(stacks))
    # Each of them has the name of its own.
    for module in (handlers, changesets):
        if hasattr(module, name):
            setattr(module, name, getattr(stacks, name))
