"""``--teams FILE``: which receiver is whose, where the routes do not say it.

.. code-block:: yaml

    accountable:               # receiver: the team that answers
      default-ops: default_ops
    informed: [status-channel] # told, and own nothing
    not_accountable: ["null"]  # nobody needs to answer for what ends here
"""

from __future__ import annotations

from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document import Fields, Scalar, parse_one
from buckstop.document.codes import VALUE_INVALID
from buckstop.prover.ownership import Holder


def read_teams(
    text: str | bytes, file: str
) -> tuple[dict[str, Holder] | None, tuple[Diagnostic, ...]]:
    """Receiver to what the file declares of it; None where the file cannot be used."""
    node, diagnostics = parse_one(text, file)
    findings = list(diagnostics)
    fields = None if node is None else Fields.of(node, "a teams file", findings)
    if fields is None:
        return None, tuple(findings)
    holders: dict[str, Holder] = {}
    places: dict[str, Span] = {}

    def declare(receiver: Scalar, holder: Holder) -> None:
        earlier = places.setdefault(receiver.text, receiver.span)
        if holders.setdefault(receiver.text, holder) is not holder:
            findings.append(
                Diagnostic(
                    VALUE_INVALID,
                    f"'{receiver.text}' stands in this file already, and is one thing only",
                    receiver.span,
                    related=(Related(earlier, "it is here"),),
                )
            )

    for receiver, team in fields.pairs("accountable", "receivers and their teams"):
        if team.text == "":
            findings.append(
                Diagnostic(
                    VALUE_INVALID,
                    f"no team is named for '{receiver.text}'",
                    receiver.span,
                    hint="name the team that answers, or list the receiver under 'not_accountable'",
                )
            )
        else:
            declare(receiver, Holder("accountable", team.text, receiver.span))
    for receiver in fields.scalars("informed", "receivers") or ():
        declare(receiver, Holder("informed", place=receiver.span))
    for receiver in fields.scalars("not_accountable", "receivers") or ():
        declare(receiver, Holder("not accountable", place=receiver.span))
    fields.finish()
    return holders, tuple(findings)
