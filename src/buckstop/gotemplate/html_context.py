"""Whether the text around a template's actions lets ``html/template`` escape what they give.

That engine looks at the HTML before it executes anything, and refuses what it cannot follow. Here
only what is plainly well is taken: actions between complete tags, outside of scripts and styles.
"""

from __future__ import annotations

import re
from typing import Final

from buckstop.gotemplate.nodes import (
    Action,
    Body,
    Branch,
    Call,
    Chain,
    Command,
    Identifier,
    Operand,
    Pipeline,
    Statement,
    TextNode,
)
from buckstop.gotemplate.template_set import TemplateSet

_TAG: Final = re.compile(r"</?[A-Za-z][^<>\"']*(?:\"[^\"<>]*\"[^<>\"']*|'[^'<>]*'[^<>\"']*)*>")
_OWN_LANGUAGE: Final = re.compile(
    r"<(?:script|style|textarea|title|iframe|noscript|noembed|noframes|xmp|plaintext|svg|math)",
    re.IGNORECASE,
)
_ESCAPERS: Final = frozenset({"html", "urlquery", "js"})
"""The engine has rules of its own for where these may stand."""


def is_followed(main: Body, templates: TemplateSet) -> bool:
    """Whether `main` and the templates that it calls are of the sort that is plainly well."""
    seen: set[str] = set()
    return _all_plain(main.statements, templates, seen)


def _all_plain(statements: tuple[Statement, ...], templates: TemplateSet, seen: set[str]) -> bool:
    return all(_is_plain(statement, templates, seen) for statement in statements)


def _is_plain(statement: Statement, templates: TemplateSet, seen: set[str]) -> bool:
    match statement:
        case TextNode():
            rest = _TAG.sub("", statement.text)
            return "<" not in rest and not _OWN_LANGUAGE.search(statement.text)
        case Action():
            return not _escapes(statement.pipeline)
        case Branch():
            inner = (*statement.body, *(statement.otherwise or ()))
            return not _escapes(statement.pipeline) and _all_plain(inner, templates, seen)
        case Call():
            body = templates.definitions.get(statement.name)
            if not isinstance(body, Body) or statement.name in seen:
                return True
            seen.add(statement.name)
            return _all_plain(body.statements, templates, seen)
        case _:
            return True


def _escapes(pipeline: Pipeline) -> bool:
    return any(_command_escapes(command) for command in pipeline.commands)


def _command_escapes(command: Command) -> bool:
    return any(_operand_escapes(operand) for operand in command.arguments)


def _operand_escapes(operand: Operand) -> bool:
    match operand:
        case Identifier():
            return operand.name in _ESCAPERS
        case Pipeline():
            return _escapes(operand)
        case Chain():
            return _operand_escapes(operand.operand)
        case _:
            return False
