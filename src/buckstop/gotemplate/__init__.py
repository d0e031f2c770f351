"""Go templates, read and executed on typed data: what Prometheus and Alertmanager make of them."""

from buckstop.gotemplate.alertmanager_data import RESOLVED_WITNESSES, alertmanager_engine
from buckstop.gotemplate.engines import Engine, Witness, parsed_version
from buckstop.gotemplate.judging import Executes, Finding, Judgement, judge
from buckstop.gotemplate.label_parts import (
    Anything,
    ExternalLabelOf,
    LabelOf,
    Literal,
    OneOf,
    Part,
    is_plain,
    label_parts,
)
from buckstop.gotemplate.nodes import Fault
from buckstop.gotemplate.parsing import MAX_TEMPLATE_CHARACTERS, parse
from buckstop.gotemplate.prometheus_data import prometheus_engine
from buckstop.gotemplate.template_set import TemplateSet, alertmanagers_own

__all__ = [
    "MAX_TEMPLATE_CHARACTERS",
    "RESOLVED_WITNESSES",
    "Anything",
    "Engine",
    "Executes",
    "ExternalLabelOf",
    "Fault",
    "Finding",
    "Judgement",
    "LabelOf",
    "Literal",
    "OneOf",
    "Part",
    "TemplateSet",
    "Witness",
    "alertmanager_engine",
    "alertmanagers_own",
    "is_plain",
    "judge",
    "label_parts",
    "parse",
    "parsed_version",
    "prometheus_engine",
]
