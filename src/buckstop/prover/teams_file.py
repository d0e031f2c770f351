"""``--teams FILE``: which receiver is whose, where the routes do not say it.

.. code-block:: yaml

    accountable:               # receiver: the team that answers
      default-ops: default_ops
    informed: [status-channel] # told, and own nothing
    not_accountable: ["null"]  # nobody needs to answer for what ends here
"""

from __future__ import annotations

from buckstop.diagnostics import Diagnostic
from buckstop.document import Fields, parse_one
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
    holders = {
        receiver.text: Holder("accountable", team.text)
        for receiver, team in fields.pairs("accountable", "receivers and their teams")
    }
    for receiver in fields.scalars("informed", "receivers") or ():
        holders[receiver.text] = Holder("informed")
    for receiver in fields.scalars("not_accountable", "receivers") or ():
        holders[receiver.text] = Holder("not accountable")
    fields.finish()
    return holders, tuple(findings)
