"""The names that template files define, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from buckstop.prover.template_text import Action, TemplateSyntaxError, actions

_OPENING = frozenset({"if", "with", "range", "block", "define"})


def definitions(texts: Iterable[str]) -> Mapping[str, tuple[Action, ...]]:
    """Name to the actions of its ``define``, the files in order: a later one replaces the former.

    Raises:
        TemplateSyntaxError: a file is no template; Alertmanager does not load it then.
    """
    found: dict[str, tuple[Action, ...]] = {}
    for text in texts:
        depth = 0
        name: str | None = None
        body: list[Action] = []
        for action in actions(text):
            keyword = _keyword(action)
            depth += (keyword in _OPENING) - (keyword == "end")
            if keyword == "define" and depth == 1:
                name, body = _name(action), []
            elif depth == 0 and name is not None:
                found[name], name = tuple(body), None
            else:
                body.append(action)
        if depth:
            raise TemplateSyntaxError("unexpected EOF" if depth > 0 else "unexpected {{end}}")
    return found


def _keyword(action: Action) -> str:
    first = action.tokens[0] if action.tokens else None
    return first.text if first is not None and first.kind == "word" else ""


def _name(action: Action) -> str:
    if len(action.tokens) != 2 or action.tokens[1].kind != "text":
        raise TemplateSyntaxError("define without a name")
    return action.tokens[1].text[1:-1]
